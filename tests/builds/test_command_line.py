from hypothesis import assume, given
from hypothesis import strategies as st

from bot.builds.command_line import command_line
from bot.builds.options import BuildOptions
from bot.builds.request import BuildRequest, parse

letters = st.characters(categories=["L", "N", "Zs", "P", "S"])
names = (
    st.text(letters, min_size=1, max_size=30).map(lambda name: " ".join(name.split())).filter(bool)
)


def test_every_option_is_written() -> None:
    options = BuildOptions(version="1.4", engine="2.20.6", minify=False, concatenate=True)
    request = BuildRequest("543988", ("Level 3", "Menu"), "dev", options)
    line = '/build 543988 "Level 3" Menu branch=dev version=1.4 engine=2.20.6'
    assert command_line(request) == f"{line} minify=no concatenate=yes"


def test_an_archive_is_asked_for_by_another_command() -> None:
    request = BuildRequest("543988", (), "feature jump", alias="fruit")
    assert command_line(request) == '/projects archive fruit branch="feature jump"'
    everything = BuildRequest("543988", (), branches=("b-1",))
    assert command_line(everything) == "/projects archive 543988 branch=all"
    assert command_line(BuildRequest("543988", ())) == "/projects archive 543988"


@given(st.lists(names, min_size=1, max_size=3, unique=True), st.none() | names)
def test_a_line_is_read_back_as_the_request_it_was_written_for(
    scenes: list[str], branch: str | None
) -> None:
    request = BuildRequest("543988", tuple(scenes), branch)
    read = parse(_typed(command_line(request)).removeprefix("/build "))
    # A few names, such as those that are all quotes, cannot be typed at all: ids can.
    assume(isinstance(read, BuildRequest))
    assert read == request


def _typed(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
