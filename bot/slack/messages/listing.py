"""A listing: a head and as many rows as Slack takes, with the number of those left out."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, MarkdownTextObject, SectionBlock

from bot.slack.messages.message import Message, message

_TEXT = 3_900
_SECTION = 2_900
# Slack refuses messages whose blocks hold much more than this, whatever each block may hold.
_BLOCKS = 11_000
_ROOM_TO_COUNT = 30


def listing(head: str, rows: Sequence[str], foot: str = "") -> Message:
    """Show rows of at most 700 characters of mrkdwn; the text may hold fewer than the blocks."""
    around = len(head) + len(foot) + 2
    text = "\n".join(filter(None, [head, *_within(rows, _TEXT - around), foot]))
    shown = filter(None, [head, *_within(rows, _BLOCKS - around), foot])
    return message(text, [_section(part) for part in _parts(list(shown))])


def _within(rows: Sequence[str], room: int) -> list[str]:
    """Take the rows that fit, and say how many more there are."""
    kept: list[str] = []
    for at, row in enumerate(rows):
        is_last = at == len(rows) - 1
        if len(row) + 1 + (0 if is_last else _ROOM_TO_COUNT) > room:
            return [*kept, f"… and {len(rows) - at} more"]
        room -= len(row) + 1
        kept.append(row)
    return kept


def _parts(rows: list[str]) -> list[str]:
    parts = [""]
    for row in rows:
        if len(parts[-1]) + len(row) + 1 > _SECTION:
            parts.append("")
        parts[-1] += f"{row}\n"
    return [part.rstrip("\n") for part in parts]


def _section(text: str) -> Block:
    return SectionBlock(text=MarkdownTextObject(text=text, verbatim=True))
