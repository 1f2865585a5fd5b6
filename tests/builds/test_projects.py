from bot.builds.command_line import command_line
from bot.builds.projects import Known, Project
from bot.builds.request import BuildRequest, UsageError, parse

FRUIT = Project("fruit", "543988", engine="2.20.6", branch="dev")
KNOWN = Known((FRUIT, Project("fruit-salad", "1"), Project("Café", "2")))


def _read(text: str, known: Known = KNOWN) -> BuildRequest:
    read = parse(text, known)
    assert isinstance(read, BuildRequest), read
    return read


def _refused(text: str, known: Known = KNOWN) -> UsageError:
    read = parse(text, known)
    assert isinstance(read, UsageError), read
    return read


def test_a_short_name_stands_for_its_id_and_its_defaults() -> None:
    request = _read('Fruit "Level 3"')
    assert (request.project, request.alias, request.branch) == ("543988", "fruit", "dev")
    assert request.options.engine == "2.20.6"
    assert _read("cafe Menu").project == "2"


def test_what_is_typed_wins_over_the_defaults() -> None:
    request = _read("fruit Menu branch=main engine=2.21.0")
    assert (request.branch, request.options.engine) == ("main", "2.21.0")


def test_an_id_that_has_a_name_gets_it_and_its_defaults() -> None:
    assert _read("543988 Menu") == _read("fruit Menu")
    assert _read("99 Menu").alias is None


def test_a_beginning_that_fits_two_is_not_guessed() -> None:
    assert "fruit, fruit-salad" in _refused("fru Menu").problem


def test_a_channels_last_project_is_offered_never_guessed() -> None:
    told = _refused('"Level 3" version=2', Known((FRUIT,), FRUIT))
    assert "This channel last built fruit." in told.problem
    assert told.hint == 'fruit "Level 3" version=2'
    assert _read(told.hint).scenes == ("Level 3",)


def test_a_mistyped_name_offers_the_nearest() -> None:
    assert "There are: fruit" in _refused("friut Menu").problem


def test_a_line_uses_the_short_name() -> None:
    assert command_line(_read("543988 Menu")).startswith("/build fruit Menu ")
