from syrupy.assertion import SnapshotAssertion

from bot.builds.mention import parse_mention
from bot.builds.request import BuildRequest, UsageError
from bot.slack.messages.mention_usage import mention_help, mention_usage


def test_help(snapshot: SnapshotAssertion) -> None:
    assert mention_help("U0BOT").text == snapshot


def test_a_usage_error_is_escaped_and_shows_a_right_line() -> None:
    error = UsageError("“<!channel>” is no project.", '543988 "A `tick` & more"')
    told = mention_usage(error, "U0BOT").text
    assert "“&lt;!channel&gt;” is no project." in told
    assert '\nFor example: <@U0BOT> `build 543988 "A ’tick’ &amp; more"`\n' in told


def test_the_lines_that_are_shown_can_be_pasted() -> None:
    shown = [line for line in mention_help("U0BOT").text.splitlines() if line.startswith("<@")]
    assert len(shown) == 2
    assert all(isinstance(parse_mention(line, "U0BOT"), BuildRequest) for line in shown)


def test_without_a_hint_there_is_no_example() -> None:
    assert "For example" not in mention_usage(UsageError("No."), "U0BOT").text
