"""The blocks of messages, modals and Home. https://docs.slack.dev/reference/block-kit/blocks/."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.blockkit.elements import ACCESSORIES, ACTIONS, IMAGE, INPUTS, SLACK_FILE
from bot.sandbox.slack.blockkit.richtext import RICH_TEXT
from bot.sandbox.slack.blockkit.rules import (
    Report,
    Rule,
    as_list,
    boolean,
    by_type,
    items,
    one_of,
    shape,
    some_of,
    string,
    url,
)
from bot.sandbox.slack.blockkit.table import TABLE
from bot.sandbox.slack.blockkit.texts import ID, marked, plain

_BLOCK: dict[str, Rule] = {"block_id": ID}
CONTEXT_PARTS: dict[str, Rule] = {
    "image": IMAGE,
    "plain_text": plain(3000),
    "mrkdwn": marked(3000),
}


def _own_action_ids(block: dict[str, Any], at: str, report: Report) -> None:
    seen: set[str] = set()
    for index, element in enumerate(as_list(block.get("elements"))):
        name = element.get("action_id") if isinstance(element, dict) else None
        if isinstance(name, str) and name in seen:
            where = f"{at}/elements/{index}/action_id"
            report.add(f"`action_id` {name} already exists for another element", where)
        elif isinstance(name, str):
            seen.add(name)


EVERYWHERE: dict[str, Rule] = {
    "section": shape(
        {},
        {
            **_BLOCK,
            "text": marked(3000),
            "fields": items(marked(2000), 10),
            "accessory": by_type(ACCESSORIES),
            "expand": boolean,
        },
        some_of("text", "fields"),
    ),
    "header": shape({"text": plain(150)}, _BLOCK),
    "divider": shape({}, _BLOCK),
    "context": shape({"elements": items(by_type(CONTEXT_PARTS), 10)}, _BLOCK),
    "actions": shape({"elements": items(by_type(ACTIONS), 25)}, _BLOCK, _own_action_ids),
    "image": shape(
        {"alt_text": string(2000)},
        {**_BLOCK, "image_url": url, "slack_file": SLACK_FILE, "title": plain(2000)},
        one_of("image_url", "slack_file"),
    ),
    "rich_text": RICH_TEXT,
    "video": shape(
        {
            "alt_text": string(2000),
            "title": plain(199),
            "thumbnail_url": url,
            "video_url": url,
        },
        {
            **_BLOCK,
            "author_name": string(49),
            "description": plain(200),
            "provider_icon_url": url,
            "provider_name": string(100),
            "title_url": url,
        },
    ),
}


def _input(kinds: dict[str, Rule]) -> Rule:
    return shape(
        {"label": plain(2000), "element": by_type(kinds)},
        {**_BLOCK, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    )


_NO_FILES = {kind: rule for kind, rule in INPUTS.items() if kind != "file_input"}
IN_MESSAGES = {
    **EVERYWHERE,
    "input": _input(_NO_FILES),
    "table": TABLE,
    "markdown": shape({"text": string(12_000)}, _BLOCK),
}
IN_HOME = {**EVERYWHERE, "input": _input(_NO_FILES)}
IN_MODALS = {**EVERYWHERE, "input": _input(INPUTS)}


def elements(blocks: list[Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield every block together with each of its interactive elements."""
    for block in blocks:
        if isinstance(block, dict):
            inside = [block.get("accessory"), block.get("element"), *as_list(block.get("elements"))]
            yield from ((block, part) for part in inside if isinstance(part, dict))


def check_together(blocks: list[Any], at: str, report: Report) -> None:
    """Report what is wrong between blocks: ids that repeat, two focused elements."""
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        name = block.get("block_id") if isinstance(block, dict) else None
        if isinstance(name, str) and name in seen:
            where = f"{at}/{index}/block_id"
            report.add(f"`block_id` {name} already exists for another block", where)
        elif isinstance(name, str):
            seen.add(name)
    if sum(part.get("focus_on_load") is True for _, part in elements(blocks)) > 1:
        report.add("only one element can have focus_on_load set to true", at)
