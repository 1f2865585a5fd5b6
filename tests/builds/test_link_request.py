import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.applivery import DownloadKind, is_object_id
from bot.builds.link_request import LINK_EXAMPLE, FileKind, LinkRequest, parse
from bot.builds.request import HelpWanted
from bot.builds.usage import UsageError

APP, BUILD = "5f0000000000000000000a01", "5f0000000000000000000b03"
IDS = f"{APP} {BUILD}"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (IDS, FileKind.AUTO),
        (f"  {APP.upper()}\n{BUILD} ", FileKind.AUTO),
        (f"“{APP}” '{BUILD}'", FileKind.AUTO),
        (f"{IDS} type=auto", FileKind.AUTO),
        (f"type=file {IDS}", FileKind.FILE),
        (f"{APP} TYPE=“AAB” {BUILD}", FileKind.AAB),
        (f"{IDS} —type=aab", FileKind.AAB),
    ],
)
def test_a_right_line(text: str, kind: FileKind) -> None:
    assert parse(text) == LinkRequest(APP, BUILD, kind)


@pytest.mark.parametrize("text", ["help", " HELP ", "?", "--help", f"help {IDS}"])
def test_help(text: str) -> None:
    assert parse(text) == HelpWanted()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Say which build"),
        ("   ", "Say which build"),
        ("type=aab", "Say which build"),
        (APP, "Which build?"),
        (f"{IDS} latest", "leave out “latest”"),
        (f"fruit-ios {BUILD}", "“fruit-ios” is not the id of an app"),
        (f"{APP} latest", "“latest” is not the id of a build"),
        (f"{APP[:-1]} {BUILD}", "24 characters"),
        (f"{APP}0 {BUILD}", "24 characters"),
        (f"{APP} g{BUILD[1:]}", "is not the id of a build"),
        (f"{APP} {'１' * 24}", "is not the id of a build"),
        (f"{APP} ''", "“” is not the id of a build"),
        (f"{IDS} --aab", "leave out “--aab”"),
        (f"{IDS} kind=aab", "no key “kind”"),
        (f"{IDS} type =aab", "without spaces"),
        (f"{IDS} type=ipa", "“ipa” is not a type"),
        (f"{IDS} type=", "“” is not a type"),
        (f"{IDS} type=file type=aab", "given twice"),
        (f"{IDS} type=file type=file", "given twice"),
        (f'"{APP} {BUILD}', "never closed"),
        (f"{IDS} \x07", "control character"),
        (f"{APP} <@U123>", "mention"),
        ("<!channel>", "mention"),
        ("a" * 50_000, "too long"),
        ("a" * 500, "a…” is not the id"),
    ],
)
def test_a_wrong_line(text: str, problem: str) -> None:
    found = parse(text)
    assert isinstance(found, UsageError)
    assert problem in found.problem
    assert found.hint == LINK_EXAMPLE


def test_the_example_is_a_right_line() -> None:
    found = parse(LINK_EXAMPLE)
    assert isinstance(found, LinkRequest)
    assert is_object_id(found.app)
    assert is_object_id(found.build)


def test_the_kinds_are_those_of_applivery() -> None:
    assert [kind.value for kind in FileKind] == [kind.value for kind in DownloadKind]


_IDS = st.text("0123456789abcdef", min_size=24, max_size=24)


@given(_IDS, _IDS, st.sampled_from(FileKind))
def test_what_a_button_carries_is_read_as_the_same_request(
    app: str, build: str, kind: FileKind
) -> None:
    request = LinkRequest(app, build, kind)
    assert parse(str(request)) == request


@given(st.text())
def test_anything_is_an_answer(text: str) -> None:
    assert isinstance(parse(text), LinkRequest | HelpWanted | UsageError)
