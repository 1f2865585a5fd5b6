from dataclasses import replace

from syrupy.assertion import SnapshotAssertion

from bot.builds.outcome import Rejected
from bot.builds.request import BuildRequest, UsageError
from bot.slack.messages import answer
from bot.slack.messages.usage import help_text, usage
from tests.slack.messages.seen_jobs import QUEUED, READY, REJECTED


def test_answers(snapshot: SnapshotAssertion) -> None:
    wanted = BuildRequest("543988", ("Level 3", "Menu", "<!channel>", "End"))
    told = {
        "accepted": answer.accepted(142, wanted),
        "accepted by short name": answer.accepted(142, replace(wanted, alias="fruit")),
        "archiving": answer.archiving(142, BuildRequest("543988", (), "<!here>", alias="fruit")),
        "archiving main": answer.archiving(142, BuildRequest("543988", ())),
        "repeated": answer.repeated(142),
        "rejected": answer.rejected(QUEUED, REJECTED),
        "cancelled": answer.cancelled(QUEUED, "U2"),
        "cannot post": answer.cannot_post(QUEUED, "not_in_channel"),
        "cannot post, over": answer.cannot_post(READY, "channel_not_found"),
        "archived": answer.cannot_post(QUEUED, "is_archived"),
        "token": answer.cannot_post(QUEUED, "token_revoked"),
        "not now": answer.not_now(142),
        "over": answer.over(142),
        "unknown": answer.unknown("<!here>"),
        "foreign team": answer.foreign_team(),
        "broken": answer.broken(),
        "unclear": answer.unclear(),
    }
    assert {name: each.text for name, each in told.items()} == snapshot


def test_in_a_thread_a_suggestion_says_how_it_is_used_there() -> None:
    asker = replace(QUEUED.asker, thread_ts="1700000000.000100")
    told = answer.rejected(replace(QUEUED, asker=asker), REJECTED).text
    assert told.endswith("\nIn a thread, write my name in front of it.")
    assert "thread" not in answer.rejected(QUEUED, REJECTED).text


def test_every_line_that_is_offered_is_whole() -> None:
    lines = tuple(f'/build 543988 "{"&" * 70}{n}"' for n in range(10))
    told = answer.rejected(QUEUED, Rejected("There is none.", lines, more=288)).text
    offered = told.splitlines()[2:-1]
    assert all(line.endswith('"`') for line in offered)
    assert told.endswith(f"and {298 - len(offered)} more")
    assert 5 < len(offered) < 10
    assert len(told) < 4_000
    endless = Rejected("There is none.", (f'"{"&" * 999}"',))
    assert answer.rejected(QUEUED, endless).text.endswith("There is none.")


def test_help(snapshot: SnapshotAssertion) -> None:
    assert help_text().text == snapshot


def test_a_usage_error_is_escaped_and_shows_a_right_line() -> None:
    told = usage(UsageError("“<!channel>” is no project.", '543988 "Level 3"')).text
    assert "<!channel>" not in told
    assert '`/build 543988 "Level 3"`' in told
