"""The short form of `python -m tests.chaos`, and what its ledger must notice."""

from random import Random

import pytest

from bot.sandbox.house import Sandbox
from bot.sandbox.slack.demo import BUILDS
from tests.chaos.ledger import Turnstile, count
from tests.chaos.people import Asked, Gate, People
from tests.chaos.run import Plan, run

POINTS = (
    "after the POST, before its id is stored",
    "after Slack took a post, before ts is stored",
)


async def test_every_accepted_build_has_one_card_and_one_reply() -> None:
    plan = Plan(builds=3, kills=2, hurried=True, settle_s=0.5, points=POINTS)
    chaos, ledger = await run(plan)
    assert sorted(chaos.killed) == sorted(POINTS)
    assert ledger.differences == []
    assert ledger.figures["accepted"] == ledger.figures["cards"] == 3
    assert ledger.figures["ending replies"] == 3
    # One was killed between the start and its record; at any kill both submitters may be there.
    assert 3 + 1 <= ledger.figures["exports at PlayCanvas"] <= 3 + 2 * plan.kills


@pytest.fixture
def house() -> Sandbox:
    return Sandbox()


def _say(house: Sandbox, text: str, thread_ts: str | None = None) -> str:
    channel = house.slack.workspace.channels[BUILDS]
    parts = {"text": text, "thread_ts": thread_ts}
    return house.slack.core.posting.post(channel, house.slack.workspace.bot.id, parts).ts


def _people(house: Sandbox, *asked: Asked) -> People:
    """Put down what was asked; nobody types and nobody is killed."""
    gate = Gate(house.slack.core.courier.carrier, None)  # type: ignore[arg-type]
    return People(house, gate, Random(1), list(asked))  # noqa: S311 - never thrown


CARD, REPLY = "#1 · Run 0001 · Level 3 — ready in 4s", "<@U1> #1 is ready: Run 0001 · Level 3, 4s."
WRONG = {
    "nothing": ([], 2, 0),
    "no reply": ([CARD], 1, 0),
    "two cards": ([CARD, CARD], 1, 1),
    "two replies": ([CARD, REPLY, REPLY], 0, 1),
    "a stale card": (["#1 · Run 0001 · Level 3 — building", REPLY], 0, 0),
    "another ending": ([CARD, "<@U1> #1 failed after 4s: Run 0001 · Level 3."], 0, 0),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_the_ledger_notices(house: Sandbox, wrong: str) -> None:
    texts, lost, doubled = WRONG[wrong]
    card_ts: str | None = None
    for text in texts:
        said = _say(house, text, card_ts if text.startswith("<@") else None)
        card_ts = card_ts or said
    ledger = count(house, _people(house, Asked("Run 0001", BUILDS, "ready", 1)))
    assert ledger.differences
    assert (ledger.lost, ledger.doubled) == (lost, doubled)


def test_the_ledger_is_content_when_all_is_right(house: Sandbox) -> None:
    _say(house, REPLY, _say(house, CARD))
    vanished = Asked("Run 0002", BUILDS, "ready", must_vanish=True)
    people = _people(house, Asked("Run 0001", BUILDS, "ready", 1), vanished)
    assert count(house, people).differences == []
    house.playcanvas.limits.strict = Turnstile(0)
    house.playcanvas.limits.strict.spend(house.playcanvas.clock())
    assert count(house, people).differences == ["PlayCanvas strict: 1 requests above the limit"]
