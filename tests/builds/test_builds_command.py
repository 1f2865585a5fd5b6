import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.builds.builds_command import Latest, Retry, Show, Stop, parse
from bot.builds.history import MOST_LISTED, OVER, STATES, Listing
from bot.builds.job import ACTIVE, JobState
from bot.builds.projects import Known, Project
from bot.builds.request import HelpWanted
from bot.builds.usage import UsageError

FRUIT = Project("fruit", "543988")
KNOWN = Known((FRUIT, Project("fruit salad", "600000"), Project("failed", "700000")))


@pytest.mark.parametrize(
    ("text", "listing"),
    [
        ("", Listing()),
        ("mine", Listing(mine=True)),
        ("Fruit failed 20", Listing("543988", state="failed", count=20)),
        ("20 FAILED fruit", Listing("543988", state="failed", count=20)),
        ("“fruit salad” mine", Listing("600000", mine=True)),
        ("543988 5", Listing("543988", count=5)),
        ("98765 ready", Listing("98765", state="ready")),
        ('"failed"', Listing("700000")),
        ("before=#142 3", Listing(count=3, before=142)),
        ("after=142", Listing(after=142)),
    ],
)
def test_a_list_is_read_in_any_order(text: str, listing: Listing) -> None:
    assert parse(text, KNOWN) == listing


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("show 142", Show(142)),
        ("SHOW #142", Show(142)),
        ("retry 7", Retry(7)),
        ("stop #7", Stop(7)),
        ("latest fruit", Latest("543988")),
        ("latest 5439881 branch=“new menu”", Latest("5439881", "new menu")),
        ("latest fruit --branch=dev", Latest("543988", "dev")),
        ("help", HelpWanted()),
        ("?", HelpWanted()),
    ],
)
def test_what_is_about_one_build(text: str, wanted: object) -> None:
    assert parse(text, KNOWN) == wanted


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("faild", "Did you mean failed?", "failed"),
        ("fruitt", "Did you mean fruit", "fruit"),
        ("shwo 142", "Did you mean show?", "show 142"),
        ("zzz", "is not a project, a state or a number", "fruit"),
        ("142", "say show", "show 142"),
        ("0", "1 to 30 builds", "failed 20"),
        ("mine mine", "a second time", "failed 20"),
        ("failed ready", "a second time", "failed 20"),
        ("show", "Which build?", "show 142"),
        ("stop fruit", "is not the number of a build", "stop 142"),
        ("retry 7 8", "One at a time", "retry 7"),
        ("show " + "9" * 40, "is not the number of a build", "show 142"),
        ("latest", "Of which project?", "latest fruit"),
        ("latest fruti", "Did you mean fruit", "latest fruit"),
        ("latest fruit dev", "one project", "latest fruit branch=main"),
        ("latest fruit branch=", "is no branch", "latest fruit branch=main"),
        ("latest fruit engine=1", "is no branch", "latest fruit branch=main"),
        ("version=1", "says nothing to me", "failed 20 before=142"),
        ("before=1 after=2", "either before a build or after", "failed 20"),
        ('"fruit', "never closed", "failed 20"),
    ],
)
def test_what_cannot_be_read_comes_with_a_line_that_can(text: str, problem: str, hint: str) -> None:
    error = parse(text, KNOWN)
    assert isinstance(error, UsageError)
    assert problem in error.problem
    assert error.hint == hint
    assert not isinstance(parse(hint, KNOWN), UsageError)


def test_a_name_that_fits_two_projects_is_not_guessed() -> None:
    known = Known((Project("fruit rush", "600001"), Project("fruit salad", "600002")))
    error = parse("fruit", known)
    assert isinstance(error, UsageError)
    assert "fruit rush, fruit salad" in error.problem
    assert error.hint == '"fruit rush"'


def test_nothing_known_still_gives_a_line() -> None:
    error = parse("latest nothing")
    assert isinstance(error, UsageError)
    assert error.hint == "latest 543988"


def test_the_channels_last_project_is_offered() -> None:
    error = parse("latest", Known((), last=FRUIT))
    assert isinstance(error, UsageError)
    assert error.hint == "latest fruit"


def test_every_state_that_is_final_can_be_asked_for() -> None:
    assert {state for word in STATES for state in STATES[word]} == set(JobState)
    assert Listing().states == OVER
    assert Listing(state="running").states == ACTIVE


@given(
    st.builds(
        Listing,
        project=st.none() | st.integers(10_000, 2**53).map(str),
        mine=st.booleans(),
        state=st.none() | st.sampled_from(sorted(STATES)),
        count=st.integers(1, MOST_LISTED),
        before=st.none() | st.integers(1, 10**12),
    )
)
def test_a_list_is_written_as_it_is_read(listing: Listing) -> None:
    assert parse(str(listing), KNOWN) == listing
    assert len(str(listing)) < 150


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    assert parse(text, KNOWN) is not None


@pytest.mark.parametrize("text", ["<@U1|tomas>", "fruit <#C1|art>", "show <!here>"])
def test_a_mention_is_answered_with_what_can_be_listed_instead(text: str) -> None:
    error = parse(text, KNOWN)
    assert isinstance(error, UsageError)
    assert "mention" in error.problem
    assert error.hint == "mine"
