from syrupy.assertion import SnapshotAssertion

from bot.builds.rights import Lack, Refusal, Right
from bot.slack.messages.not_allowed import not_allowed, not_allowed_view, plainly

REFUSALS = {
    "elsewhere": Refusal(Right.BUILD, Lack.PLACE, ("C1", "C2")),
    "builds": Refusal(Right.BUILD, Lack.PERSON),
    "catalogue": Refusal(Right.CHANGE, Lack.PERSON, admins=("U1", "U2")),
    "stop": Refusal(Right.STOP, Lack.PERSON, admins=("U1",)),
    "audit": Refusal(Right.AUDIT, Lack.PERSON, admins=("U1",)),
    "unknown group": Refusal(Right.BUILD, Lack.GROUP, ("S1",)),
}


def test_who_may_not_hears_why_and_whom_to_ask(snapshot: SnapshotAssertion) -> None:
    assert {name: not_allowed(each).text for name, each in REFUSALS.items()} == snapshot
    assert not_allowed_view(REFUSALS["elsewhere"]) == snapshot


def test_where_slack_shows_plain_text_there_is_no_markup() -> None:
    assert not any("<" in plainly(each) for each in REFUSALS.values())


def test_a_long_list_is_cut() -> None:
    many = Refusal(Right.BUILD, Lack.PLACE, tuple(f"C{n}" for n in range(1_000)))
    assert not_allowed(many).text.count("<#") == 5
