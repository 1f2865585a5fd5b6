import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.errand import AddProject, ChangeProject, Errand, ListBranches, ListScenes
from bot.builds.job import Item
from bot.builds.names import Ambiguous, Unknown
from bot.builds.projects import Project
from bot.builds.projects_command import parse
from bot.builds.usage import UsageError
from bot.sandbox.slack.blockkit import check_message
from bot.slack.messages import project_names, projects
from bot.slack.messages.listing import listing
from bot.slack.messages.message import Message
from bot.slack.messages.projects_usage import asking, help_text, usage

FRUIT = Project("fruit", "543988", "2.20.6", "dev")
BARE = Project("Café_x", "2")
ADD = AddProject("fruit", "543988", None, "dve")
ERRANDS: list[Errand] = [
    ADD,
    ChangeProject("fruit", "543988", None, "dve"),
    ListScenes("543988", "dve"),
    ListScenes("543988", None, "fruit"),
    ListBranches("543988", "fruit"),
]
ODD = [Item("7", "Arena"), Item("8", "arena"), Item("9", "<!channel> *b* & `c`"), Item("10", "")]
LONGEST = "&" * 1_000
SENTENCE = "PlayCanvas said <b>no</b> & *more*."


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that paste into Block Kit Builder."""
    return snapshot.use_extension(JSONSnapshotExtension)


def test_help(shown: SnapshotAssertion) -> None:
    assert help_text().arguments() == shown


def test_usage_is_escaped(shown: SnapshotAssertion) -> None:
    error = parse("scnes &lt;!channel&gt; `x`")
    assert isinstance(error, UsageError)
    assert usage(error).arguments() == shown


def test_the_list(shown: SnapshotAssertion) -> None:
    told = [projects.projects(()), projects.projects([FRUIT]), projects.projects([BARE, FRUIT])]
    assert [each.arguments() for each in told] == shown


def test_every_errand_is_confirmed(shown: SnapshotAssertion) -> None:
    assert [asking(errand).text for errand in ERRANDS] == shown


def test_what_was_done(shown: SnapshotAssertion) -> None:
    told = [
        projects.added(FRUIT, ODD[:1]),
        projects.added(BARE, [Item("1", LONGEST), Item("2", "Level 3")]),
        projects.added(BARE, []),
        projects.changed(FRUIT),
        projects.removed(FRUIT),
        projects.taken(FRUIT),
        projects.gone("fruit"),
        projects.repeated(),
        projects.waiting(SENTENCE),
    ]
    assert [each.arguments() for each in told] == shown


def test_what_could_not_be_done(shown: SnapshotAssertion) -> None:
    told = [projects.no_answer(errand, SENTENCE) for errand in ERRANDS]
    told.append(projects.not_found(ADD, SENTENCE))
    assert [each.text for each in told] == shown


def test_a_wrong_branch(shown: SnapshotAssertion) -> None:
    unknown, ambiguous = Unknown("<dve>", ("dev",)), Ambiguous("d", ("dev", "dog"), ("dev", "dog"))
    told = [
        projects.wrong_branch(ADD, unknown, [AddProject("fruit", "543988", None, "a `b`")]),
        projects.wrong_branch(ADD, ambiguous, ERRANDS[:2]),
        projects.wrong_branch(ADD, unknown, []),
        projects.wrong_branch(ADD, ambiguous, [ADD] * 7),
    ]
    assert [each.arguments() for each in told] == shown


def test_scenes_and_branches(shown: SnapshotAssertion) -> None:
    told = [
        project_names.scenes(ListScenes("543988", "my `dev`", "fruit"), ODD),
        project_names.scenes(ListScenes("543988"), []),
        project_names.branches(ListBranches("543988", "fruit"), [*ODD, Item("b1", "Arena")]),
        project_names.branches(ListBranches("543988"), []),
    ]
    assert [each.arguments() for each in told] == shown


def _many(number: int, name: str) -> list[Item]:
    return [Item(f"{n:036}", f"{n} {name}") for n in range(number)]


@pytest.mark.parametrize("name", ["x", LONGEST, "x" * 1_000, "`" * 1_000, "😀" * 500])
def test_the_longest_lists_stay_within_slacks_limits(name: str) -> None:
    told = [
        project_names.scenes(ListScenes("543988", LONGEST), _many(100, name)),
        project_names.branches(ListBranches("543988"), _many(300, name)),
        project_names.branches(ListBranches("5"), [Item(f"{n:036}", name) for n in range(300)]),
        projects.projects([Project(f"{n:037}abc", "9" * 16, "2" * 50, name) for n in range(300)]),
        projects.wrong_branch(ADD, Unknown(name, (name,)), [ADD] * 5),
        projects.no_answer(AddProject("f", "1", None, name), name * 3),
    ]
    for each in told:
        assert_fits(each)


def assert_fits(told: Message) -> None:
    assert len(told.text) <= 4_000
    assert check_message(list(told.blocks)) == []
    texts = [block["text"]["text"] for block in told.blocks]
    assert sum(map(len, texts)) <= 12_000
    assert all(len(text) <= 3_000 for text in texts)


def test_what_is_left_out_is_counted() -> None:
    told = listing("Head", [f"row {n:04} " + "x" * 100 for n in range(300)], "foot")
    text, blocks = told.text, "\n".join(block["text"]["text"] for block in told.blocks)
    for shown in (text, blocks):
        rows = [line for line in shown.split("\n") if line.startswith("row")]
        assert f"… and {300 - len(rows)} more" in shown
        assert shown.endswith("foot")
    assert text.count("row") < blocks.count("row")
    assert len(text) > 3_700


def test_nothing_is_left_out_that_fits() -> None:
    rows = ["x" * 37] * 100
    told = listing("Head", rows)
    assert told.text == "\n".join(["Head", *rows])
