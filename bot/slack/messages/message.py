"""A message as Slack takes it: blocks for the eye, text that says the same for the ear."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block

# chat.update refuses more.
_LONGEST_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks, and the whole message again as text: screen readers read only that."""

    text: str
    blocks: tuple[dict[str, Any], ...] = ()

    def arguments(self) -> dict[str, Any]:
        """Name the parts as the Web API does."""
        blocks = {"blocks": list(self.blocks)} if self.blocks else {}
        return {"text": self.text, **blocks}


def message(text: str, blocks: Sequence[Block] = ()) -> Message:
    """Check the blocks against Slack's limits; text that is too long ends in an ellipsis."""
    short = text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
    return Message(short, tuple(block.to_dict() for block in blocks))
