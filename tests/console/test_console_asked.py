import pytest

from bot.builds.job import JobKind
from bot.builds.projects import Known, Project
from bot.builds.request import BuildRequest, parse
from bot.builds.usage import MisuseError
from bot.console.asked import requested, shell_line

KNOWN = Known((Project("fruit", "543988", engine="2.20.6", branch="dev"),))


def build(*arguments: str) -> BuildRequest:
    return requested(JobKind.BUILD, arguments, KNOWN, every_branch=False)


def archive(*arguments: str, every_branch: bool = False) -> BuildRequest:
    return requested(JobKind.ARCHIVE, arguments, KNOWN, every_branch=every_branch)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["fruit", "Level 3"], 'fruit "Level 3"'),
        (["543988", "a", "b", "branch=x y", "minify=no"], '543988 a b branch="x y" minify=no'),
        (["fruit", 'The "Big" One\'s <b>&amp;'], 'fruit «The "Big" One\'s &lt;b&gt;&amp;amp;»'),
        (["fruit", "x = y"], 'fruit "x = y"'),
        (["fruit", "help"], 'fruit "help"'),
    ],
)
def test_the_shells_words_are_read_as_in_slack(arguments: list[str], line: str) -> None:
    assert build(*arguments) == parse(line, KNOWN)


@pytest.mark.parametrize(
    "arguments", [["fruit"], ["nobody", "a"], ["fruit", "a", "brnach=dev"], ["fruit", "a", "a"]]
)
def test_what_is_wrong_is_said_as_in_slack(arguments: list[str]) -> None:
    with pytest.raises(MisuseError) as misuse:
        build(*arguments)
    assert misuse.value.error == parse(" ".join(arguments), KNOWN)


def test_an_archive_is_of_one_branch_or_of_every_one() -> None:
    assert archive("fruit") == BuildRequest("543988", (), "dev", alias="fruit")
    assert archive("543988", "branch=x").branch == "x"
    every = archive("fruit", every_branch=True)
    assert every == BuildRequest("543988", (), None, alias="fruit", branches=())
    with pytest.raises(MisuseError, match="Give either"):
        archive("fruit", "branch=x", every_branch=True)
    with pytest.raises(MisuseError):
        archive("fruit", "Level 3")


@pytest.mark.parametrize(
    ("line", "shell"),
    [
        ('/build fruit "Level 3" branch=dev', "python -m bot build fruit 'Level 3' branch=dev"),
        ("/projects archive fruit branch=all", "python -m bot archive fruit branch=all"),
        ('543988 "$(rm) `x`"', "543988 '$(rm) `x`'"),
        ('never "closed', 'never "closed'),
    ],
)
def test_a_line_to_paste_is_one_for_the_shell(line: str, shell: str) -> None:
    assert shell_line(line) == shell
