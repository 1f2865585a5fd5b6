"""Slack's own additions to blocks that it takes: ids for what came without one."""

from copy import deepcopy
from typing import Any

from bot.sandbox.slack.blockkit.blocks import elements
from bot.sandbox.slack.ids import short_id
from bot.sandbox.slack.wire import Json

# Everything else inside a block is text or a picture and does nothing.
SILENT = frozenset({"image", "plain_text", "mrkdwn"})


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return a copy in which every block has a block_id and every element an action_id."""
    copied: list[Json] = deepcopy(blocks)
    for block in copied:
        block.setdefault("block_id", short_id())
    for block, element in elements(copied):
        if block["type"] not in ("rich_text", "table") and element["type"] not in SILENT:
            element.setdefault("action_id", short_id())
    return copied


def find_element(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    """Return the block and the element that is meant; a LookupError says it is not there."""
    found: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (block, element)
        for block, element in elements(blocks)
        if element.get("action_id") == action_id and block_id in (None, block["block_id"])
    ]
    if len(found) != 1:
        message = f"{len(found)} elements {action_id!r} (block {block_id!r}) in {blocks!r}"
        raise LookupError(message)
    return found[0]
