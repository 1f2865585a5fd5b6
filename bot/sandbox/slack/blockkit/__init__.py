"""Block Kit as Slack checks it: what it refuses, and where."""

from typing import Any

from bot.sandbox.slack.blockkit.blocks import (
    IN_HOME,
    IN_MESSAGES,
    IN_MODALS,
    check_together,
)
from bot.sandbox.slack.blockkit.rules import Report, boolean, by_type, items, one_of, shape, string
from bot.sandbox.slack.blockkit.table import CHARACTERS, letters
from bot.sandbox.slack.blockkit.texts import ID, OPTION, OPTION_GROUPS, plain

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
_COMMON = {"callback_id": ID, "external_id": string(255, 0), "private_metadata": string(3000, 0)}
_MODAL = shape(
    {"title": plain(24), "blocks": items(by_type(IN_MODALS), VIEW_BLOCKS)},
    {
        **_COMMON,
        "callback_id": string(255, 0),
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = shape(
    {"blocks": items(by_type(IN_HOME), VIEW_BLOCKS, 0)}, {**_COMMON, "callback_id": string(255, 0)}
)
_ANSWER = shape(
    {},
    {"options": items(OPTION, 100, 0), "option_groups": OPTION_GROUPS},
    one_of("options", "option_groups"),
)


def check_message(blocks: list[Any]) -> list[str]:
    """Return everything that Slack would refuse in a message's blocks."""
    report = Report()
    items(by_type(IN_MESSAGES), MESSAGE_BLOCKS, 0)(blocks, "/blocks", report)
    check_together(blocks, "/blocks", report)
    tables = [b for b in blocks if isinstance(b, dict) and b.get("type") == "table"]
    if sum(letters(table.get("rows")) for table in tables) > CHARACTERS and len(tables) > 1:
        report.add(f"must be less than {CHARACTERS + 1} characters", "/blocks")
    return report.problems


def check_view(view: Any, *kinds: str) -> list[str]:  # noqa: ANN401 - JSON
    """Return everything that Slack would refuse in a view of one of these kinds."""
    report = Report()
    allowed = {"modal": _MODAL, "home": _HOME}
    by_type({kind: allowed[kind] for kind in kinds})(view, "/view", report)
    blocks = view.get("blocks") if isinstance(view, dict) else None
    if isinstance(blocks, list):
        check_together(blocks, "/view/blocks", report)
        asks = any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
        if asks and view.get("type") == "modal" and view.get("submit") is None:
            report.add("a submit is required when an input block is within the view", "/view")
    return report.problems


def check_options(answer: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Return everything that Slack would refuse in the answer of an external menu."""
    report = Report()
    _ANSWER(answer, "", report)
    return report.problems
