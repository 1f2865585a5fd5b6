import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.builds.mention import parse_mention
from bot.builds.projects import Known, Project
from bot.builds.request import BuildRequest, HelpWanted, UsageError, parse

BOT = "U0BOT"
ME = f"<@{BOT}>"
LEVEL_3 = BuildRequest("543988", ("Level 3",))


@pytest.mark.parametrize(
    "text",
    [
        f'{ME} build 543988 "Level 3"',
        f'{ME} 543988 "Level 3"',
        f'  {ME}\n build\n543988\n"Level 3"\n',
        f"{ME}: Build 543988 “Level 3”",
        f'{ME}, build 543988 "Level 3"',
        f'{ME} /build 543988 "Level 3"',
        f'{ME} `build 543988 "Level 3"`',
        f'{ME} `/build 543988 "Level 3"`',
        f'{ME} ```\nbuild 543988 "Level 3"\n```',
        f'<@{BOT}|builds> build 543988 "Level 3"',
        f'hey {ME} build 543988 "Level 3"',
        f'<@U0MINA> wants this: {ME} build 543988 "Level 3"',
    ],
)
def test_what_follows_the_name_is_the_line(text: str) -> None:
    assert parse_mention(text, BOT) == LEVEL_3


@pytest.mark.parametrize("text", [ME, f"{ME} help", f"{ME}: build", f"hey {ME} help", f"{ME} ?"])
def test_help(text: str) -> None:
    assert parse_mention(text, BOT) == HelpWanted()


@pytest.mark.parametrize(
    "text", [f"thanks {ME}!", f"I like {ME}’s cards", "<@U0OTHER> build 543988 Menu", ""]
)
def test_talk_about_the_bot_starts_nothing(text: str) -> None:
    talk = parse_mention(text, BOT)
    assert isinstance(talk, UsageError)


def test_talk_is_told_where_the_name_goes() -> None:
    talk = parse_mention(f"thanks {ME}", BOT)
    assert isinstance(talk, UsageError)
    assert "I read what follows my name" in talk.problem


@pytest.mark.parametrize("line", ["schedule fruit Menu hourly", "/builds schedules", "Schedules"])
def test_schedules_are_made_elsewhere(line: str) -> None:
    told = parse_mention(f"{ME} {line}", BOT)
    assert isinstance(told, UsageError)
    assert "type `/builds schedule fruit" in told.problem


def test_a_project_may_be_called_build() -> None:
    known = Known((Project("build", "7"),))
    assert parse_mention(f"{ME} build build Menu", BOT, known) == BuildRequest(
        "7", ("Menu",), alias="build"
    )
    assert parse_mention(f"{ME} buildings Menu", BOT, Known((Project("buildings", "8"),))) == (
        BuildRequest("8", ("Menu",), alias="buildings")
    )


def test_backticks_in_the_middle_stay() -> None:
    request = parse_mention(f'{ME} 543988 "a `b` c"', BOT)
    assert request == BuildRequest("543988", ("a `b` c",))


@given(st.text())
def test_any_text_is_read_as_the_command_reads_it(line: str) -> None:
    plain = line.strip().lstrip(":,`").strip()
    said = parse_mention(f"{ME} build x{plain}", BOT)
    assert said == parse(f"x{plain}".strip())
