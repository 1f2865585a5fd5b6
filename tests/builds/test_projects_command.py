import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.builds.errand import (
    AddProject,
    ChangeProject,
    Errand,
    ListBranches,
    ListScenes,
    changes_of,
    with_branch,
)
from bot.builds.escapes import escape
from bot.builds.projects import Known, Project
from bot.builds.projects_command import (
    SUBCOMMANDS,
    ListProjects,
    Parsed,
    RemoveProject,
    Wish,
    parse,
)
from bot.builds.request import BuildRequest, HelpWanted
from bot.builds.short_name import RESERVED, wrong_with
from bot.builds.usage import UsageError
from bot.builds.words import quote, split

FRUIT = Project("fruit", "543988", engine="2.20.6", branch="dev")
KNOWN = Known((FRUIT, Project("Café", "2"), Project("fruit-b", "543988")))
FULL = "add apple 5 engine=2.20.6 branch="


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("", ListProjects()),
        ("  LIST ", ListProjects()),
        ("add apple 5", AddProject("apple", "5")),
        (f'{FULL}"my dev"', AddProject("apple", "5", "2.20.6", "my dev")),
        ("ADD “apple” 5 —branch=dev", AddProject("apple", "5", None, "dev")),
        ("add apple <https://playcanvas.com/project/77/overview/x>", AddProject("apple", "77")),
        ("add apple playcanvas.com/editor/project/77", AddProject("apple", "77")),
        ("scenes 99", ListScenes("99")),
        ("scenes FRUIT", ListScenes("543988", "dev", "fruit")),
        ("scenes 2 branch=main", ListScenes("2", "main", "Café")),
        ("scenes 543988", ListScenes("543988")),
        ("scenes caf", ListScenes("2", None, "Café")),
        ("branches cafe", ListBranches("2", "Café")),
        ("branches 7", ListBranches("7")),
        ("archive FRUIT", BuildRequest("543988", (), "dev", alias="fruit")),
        ("archive 2 branch='my dev'", BuildRequest("2", (), "my dev", alias="Café")),
        ("archive fruit branch=ALL", BuildRequest("543988", (), alias="fruit", branches=())),
        ("archive 99", BuildRequest("99", ())),
        ("set fruit engine=v2.21.0", ChangeProject("fruit", "543988", "2.21.0", None)),
        ("set 2 engine= branch=x", ChangeProject("Café", "2", "", "x")),
        ("set fruit engine= branch=", ChangeProject("fruit", "543988", "", "")),
        ("remove CAFE", RemoveProject("Café", "2")),
        ("remove 2", RemoveProject("Café", "2")),
    ],
)
def test_a_right_line(text: str, wish: Wish) -> None:
    assert parse(text, KNOWN) == wish


@pytest.mark.parametrize("text", ["help", " HELP ", "?", "-h", "--help", "help add"])
def test_help(text: str) -> None:
    assert parse(text, KNOWN) == HelpWanted()


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("list all", "leave out “all”", "list"),
        ("add", "Give a short name", "add fruit 543988"),
        ("add apple", "Give the id", "add apple 543988"),
        ("add 5 engine=2.20.6", "to be called?", "add fruit-2 5 engine=2.20.6"),
        ("add 5 apple", "comes first", "add apple 5"),
        ("add 5 Apple Pie", "comes first", "add apple-pie 5"),
        ("add apple pear", "not the id of a project", "add apple 543988"),
        ("add apple 0", "not the id of a project", "add apple 543988"),
        ("add Apple Pie 5 branch=x", "one word", "add apple-pie 5 branch=x"),
        ("add mine 5", "own commands", "add fruit-2 5"),
        ("add fruit 5", "of project 543988. Choose", "add fruit-2 5"),
        ("add FRUIT 543988", "already the short name", "scenes fruit"),
        ("add fruit 543988 branch=x", "already the short name", "set fruit branch=x"),
        ("add apple 5 engine=2", "no engine version", "add apple 5 engine=2.20.6"),
        ("add apple 5 branch=", "branch has no value", "add apple 5 branch=main"),
        ("add apple 5 --branch", "branch has no value", "add apple 5 branch=main"),
        ("add apple 5 brnch=x", "Did you mean branch?", "add apple 5 branch=x"),
        ("add apple 5 colour=x", "add takes engine and branch", "add apple 5"),
        ("add apple 5 =x", "no key before it", "add apple 5 engine=2.20.6"),
        ("add apple 5 branch=a branch=b", "given twice", "add apple 5 branch=a"),
        ("add <https://example.com/x> 5", "There is a link", "add fruit 543988"),
        ("scenes", "Which project?", "scenes fruit"),
        ("scenes fruit main", "say so with its key", "scenes fruit branch=main"),
        ("scenes fruit 'a b'", "say so with its key", 'scenes fruit branch="a b"'),
        ("archive fruit main", "say so with its key", "archive fruit branch=main"),
        ("archive fruit engine=2.20.6", "no key “engine”", "archive fruit"),
        ("export fruit", "Did you mean archive?", "archive fruit"),
        ("scenes fru", "more than one project: fruit, fruit-b", "scenes fruit"),
        ("scenes friut branch=x", "There are: fruit", "scenes fruit branch=x"),
        ("scenes zzz", "neither a short name nor", "list"),
        ("scenes fruit engine=2.20.6", "no key “engine”", "scenes fruit"),
        ("branches fruit branch=x", "takes no keys", "branches fruit"),
        ("branches fruit cafe", "One project at a time", "branches fruit"),
        ("set fruit", "an empty value clears", "set fruit engine=2.20.6 branch=main"),
        ("set fru engine=", "neither a short name nor", 'set fruit engine=""'),
        ("set 543988 branch=x", "more than one short name", "set fruit branch=x"),
        ("remove 99", "Project 99 has no short name", "list"),
        ("remove caf", "There are: Café", "remove Café"),
        ("delete café", "Did you mean remove?", "remove café"),
        ("scnes fruit", "Did you mean scenes?", "scenes fruit"),
        ("branch fruit", "Did you mean branches?", "branches fruit"),
        ("frobnicate", "There are: list, add", "add fruit 543988"),
        ("fruit", "Say what to do with fruit", "scenes fruit"),
        ("543988", "Say what to do with 543988", "scenes 543988"),
        ("add <@U1> 5", "A mention", "add fruit 543988"),
        ("add “apple 5", "never closed", "add fruit 543988"),
        ("\x07", "control character", "add fruit 543988"),
    ],
)
def test_a_wrong_line(text: str, problem: str, hint: str) -> None:
    found = parse(text, KNOWN)
    assert isinstance(found, UsageError), found
    assert problem in found.problem
    assert found.hint == hint


def test_before_there_are_names_the_first_is_offered() -> None:
    found = parse("scenes fruit")
    assert isinstance(found, UsageError)
    assert found.hint == "add fruit 543988"
    assert "No project has a short name yet" in found.problem


def test_a_channels_last_project_is_offered_never_guessed() -> None:
    found = parse("branches", Known((FRUIT,), Project("", "77")))
    assert isinstance(found, UsageError)
    assert "This channel last built 77." in found.problem
    assert found.hint == "branches 77"


def test_a_hint_too_long_to_read_gives_way() -> None:
    found = parse(f"scnes fruit branch={'x' * 900}", KNOWN)
    assert isinstance(found, UsageError)
    assert found.hint == "add fruit 543988"


def test_every_subcommand_is_reserved_and_its_form_is_a_right_line() -> None:
    assert {each.name for each in SUBCOMMANDS} <= RESERVED
    for each in SUBCOMMANDS:
        form = each.form.replace("[", "").replace("]", "")
        known = Known() if each.name == "add" else KNOWN
        assert not isinstance(parse(f"{each.name} {form}", known), UsageError)


def test_a_branch_called_all_that_a_project_has_is_that_one() -> None:
    known = Known((Project("odd", "7", branch="all"),))
    assert parse("archive odd", known) == BuildRequest("7", (), "all", alias="odd")


def test_only_the_defaults_that_are_given_change() -> None:
    assert changes_of(ChangeProject("a", "1", engine="")) == {"engine": None}
    assert changes_of(ChangeProject("a", "1", branch="b")) == {"branch": "b"}
    assert changes_of(ChangeProject("a", "1", "2.20.6", "")) == {"engine": "2.20.6", "branch": None}


def test_another_branch_can_be_asked_about() -> None:
    assert with_branch(ListScenes("1", "x"), "y") == ListScenes("1", "y")
    assert with_branch(ListBranches("1"), "y") == ListBranches("1")


_NAMES = st.text(max_size=40).filter(lambda name: wrong_with(name) is None)
_IDS = st.integers(1, 2**53).map(str)
_ENGINES = st.sampled_from(["2.20.6", "1.77.0", "2.21.0-beta.3"])
_BRANCHES = st.text("abc Dé/-'\"“&<>*`🍓", min_size=1, max_size=20).map(lambda text: text.strip())


@given(_NAMES, _IDS, st.none() | _ENGINES, st.none() | _BRANCHES, st.integers(0, 3))
def test_an_errand_is_written_as_it_is_read(
    name: str, project: str, engine: str | None, branch: str | None, which: int
) -> None:
    if branch is not None:
        assume(branch and [word.text for word in split(escape(quote(branch)))] == [branch])
    known = Known() if which == 0 else Known((Project(name, project),))
    errands: list[Errand] = [
        AddProject(name, project, engine, branch),
        ChangeProject(name, project, engine or "", branch),
        ListScenes(project, branch, name),
        ListBranches(project, name),
    ]
    assert parse(escape(str(errands[which])), known) == errands[which]


@given(st.text())
def test_anything_is_an_answer(text: str) -> None:
    for line in (text, f"add {text}", f"set fruit {text}", f"scenes {text}"):
        found: Parsed = parse(line, KNOWN)
        assert not isinstance(found, UsageError) or found.hint
