"""Blocks and elements for the page's tests, as a bot would write them."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str, description: str | None = None) -> Json:
    described = {} if description is None else {"description": plain(description)}
    return {"text": plain(text), "value": text.lower()} | described


def element(kind: str, action_id: str = "act", **more: object) -> Json:
    return {"type": kind, "action_id": action_id, **more}


def button(text: str, action_id: str = "act", **more: object) -> Json:
    return element("button", action_id, text=plain(text), **more)


def actions(*elements: Json, block_id: str = "row") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def section(text: str, block_id: str = "words", **more: object) -> Json:
    return {"type": "section", "block_id": block_id, "text": mrkdwn(text), **more}


def field(label: str, what: Json, **more: object) -> Json:
    """Put an element into an input block whose id is its label."""
    return {
        "type": "input",
        "block_id": label.lower(),
        "label": plain(label),
        "element": what,
        **more,
    }


def modal(*blocks: Json, view_id: str = "V1", **more: object) -> Json:
    return {
        "id": view_id,
        "type": "modal",
        "title": plain("Build an app"),
        "submit": plain("Build"),
        "close": None,
        "previous_view_id": None,
        "blocks": list(blocks),
        **more,
    }
