"""The ledger: what became of everything, counted from the sandbox's own books."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.house import Sandbox
from bot.sandbox.playcanvas.limits import Window
from bot.sandbox.slack.messages import Message
from tests.chaos.people import Asked, People


class Turnstile(Window):
    """A window of PlayCanvas's limits that counts whom it has turned away."""

    refused = 0

    def spend(self, now: datetime, count: int = 1) -> bool:
        """Count requests, and those that are turned away."""
        allowed = super().spend(now, count)
        self.refused += not allowed
        return allowed


@dataclass(slots=True)
class Ledger:
    """Figures, and every difference between what is and what must be."""

    figures: dict[str, int]
    differences: list[str] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0


def count(sandbox: Sandbox, people: People) -> Ledger:
    """Compare what was asked with what Slack shows and PlayCanvas was asked."""
    cards, replies = _said(sandbox)
    ledger = Ledger(_figures(sandbox, people, cards, replies))
    for asked in people.builds:
        _check(ledger, asked, cards.get(asked.key, []), replies.get(asked.key, []))
    for asked in people.questions:
        told = [each for each in sandbox.slack.books.responses if each.hook == asked.hook]
        if not any(each.status == 200 for each in told):
            ledger.lost += 1
            ledger.differences.append(f"{asked.key}: never answered")
    for name, number in _refusals(sandbox).items():
        if number:
            ledger.differences.append(f"{name}: {number} requests above the limit")
    return ledger


def _said(sandbox: Sandbox) -> tuple[dict[str, list[Message]], dict[str, list[Message]]]:
    """Sort the bot's messages by the name of their build."""
    cards: dict[str, list[Message]] = {}
    replies: dict[str, list[Message]] = {}
    workspace = sandbox.slack.workspace
    for channel in workspace.channels.values():
        for message in channel.messages.values():
            at = message.text.find("Run ")
            if message.user == workspace.bot.id and at >= 0:
                kind = replies if message.is_reply else cards
                kind.setdefault(message.text[at : at + 8], []).append(message)
    return cards, replies


def _check(ledger: Ledger, asked: Asked, cards: list[Message], replies: list[Message]) -> None:
    """Hold one build to the promise."""
    fewest = 1 if asked.accepted else 0
    most = 0 if asked.must_vanish else 1
    for what, found in (("cards", cards), ("replies", replies)):
        ledger.lost += len(found) < fewest
        ledger.doubled += len(found) > most
        if not fewest <= len(found) <= most:
            ledger.differences.append(f"{asked.key} (#{asked.job_id}): {len(found)} {what}")
    if len(cards) != len(replies):
        ledger.differences.append(f"{asked.key}: {len(cards)} cards, {len(replies)} replies")
    for card in cards:
        if f"— {asked.ending}" not in card.text:
            ledger.differences.append(f"{asked.key}: its card says {card.text[:120]!r}")
        if card.channel != asked.channel_id:
            ledger.differences.append(f"{asked.key}: its card is in another channel")
    for reply in replies:
        if reply.thread_ts not in {card.ts for card in cards}:
            ledger.differences.append(f"{asked.key}: its reply is in no thread of its card")
        if f" {'is ready' if asked.ending == 'ready' else 'failed after'}" not in reply.text:
            ledger.differences.append(f"{asked.key}: its reply says {reply.text[:120]!r}")


def _refusals(sandbox: Sandbox) -> dict[str, int]:
    """Count what was refused for its haste; what a fault answered is in no book."""
    limits = sandbox.playcanvas.limits
    slack = Counter(call.method for call in sandbox.slack.books.refused("ratelimited"))
    windows = {"PlayCanvas strict": limits.strict, "PlayCanvas normal": limits.normal}
    turned = {name: getattr(window, "refused", 0) for name, window in windows.items()}
    return {f"Slack {method}": number for method, number in slack.items()} | turned


def _figures(
    sandbox: Sandbox,
    people: People,
    cards: dict[str, list[Message]],
    replies: dict[str, list[Message]],
) -> dict[str, int]:
    started = len(sandbox.playcanvas.jobs.all)
    return {
        "commands typed": len(people.builds),
        "delivered again": people.repeats,
        "accepted": len(people.accepted),
        "cards": sum(map(len, cards.values())),
        "ending replies": sum(map(len, replies.values())),
        "exports at PlayCanvas": started,
        "questions acked": len(people.questions),
        "calls to Slack": len(sandbox.slack.books.calls),
        "requests to PlayCanvas": len(sandbox.playcanvas.books),
        "refused for haste": sum(_refusals(sandbox).values()),
    }
