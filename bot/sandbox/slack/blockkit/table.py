"""The table block. https://docs.slack.dev/reference/block-kit/blocks/table-block/."""

from typing import Any

from bot.sandbox.slack.blockkit.richtext import RICH_TEXT
from bot.sandbox.slack.blockkit.rules import (
    Report,
    Rule,
    boolean,
    by_type,
    choice,
    items,
    shape,
    string,
)
from bot.sandbox.slack.blockkit.texts import ID

ROWS, CELLS, CHARACTERS = 100, 20, 10_000


def _number(value: Any, at: str, report: Report) -> None:  # noqa: ANN401 - JSON
    if not isinstance(value, int | float) or isinstance(value, bool):
        report.add("must be a number", at)


CELL: dict[str, Rule] = {
    "raw_text": shape({"text": string(CHARACTERS)}),
    "raw_number": shape({"value": _number}, {"text": string(CHARACTERS)}),
    "rich_text": RICH_TEXT,
}
COLUMN = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})


def letters(part: Any) -> int:  # noqa: ANN401 - JSON
    """Count the characters of every `text` inside."""
    if isinstance(part, list):
        return sum(map(letters, part))
    if not isinstance(part, dict):
        return 0
    own = part.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(map(letters, part.values()))


def _characters(table: dict[str, Any], at: str, report: Report) -> None:
    if letters(table.get("rows")) > CHARACTERS:
        report.add(f"must be less than {CHARACTERS + 1} characters", f"{at}/rows")


def _nullable(rule: Rule) -> Rule:
    def check(value: Any, at: str, report: Report) -> None:  # noqa: ANN401 - JSON
        if value is not None:
            rule(value, at, report)

    return check


TABLE = shape(
    {"rows": items(items(by_type(CELL), CELLS), ROWS)},
    {"block_id": ID, "column_settings": items(_nullable(COLUMN), CELLS)},
    _characters,
)
