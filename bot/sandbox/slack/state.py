"""What people chose: the answer of an element, and the state of a whole form."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.blockkit.blocks import elements
from bot.sandbox.slack.blockkit.selects import offered
from bot.sandbox.slack.wire import Json

# element type -> the property of its answer, the property with what it starts with
ANSWERS = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
LISTS = frozenset({"selected_options", "selected_users", "selected_channels", "files"})
Values = dict[str, dict[str, Json]]


def initial_state(blocks: list[Json]) -> Values:
    """Return the state of a form that nobody has touched."""
    values: Values = {}
    for block, element in elements(blocks):
        if element.get("type") in ANSWERS:
            values.setdefault(block["block_id"], {})[element["action_id"]] = _start(element)
    return values


def _start(element: Json) -> Json:
    key, initial = ANSWERS[element["type"]]
    start = element.get(initial)
    return {"type": element["type"], key: [] if start is None and key in LISTS else start}


def answered(element: Json, value: object) -> Json:
    """Return an element's answer; a value may be Slack's own object, or just the plain choice."""
    kind = element["type"]
    if kind == "button":
        return {"type": kind, "value": element["value"]} if "value" in element else {"type": kind}
    key = "selected_option" if kind == "overflow" else ANSWERS[kind][0]
    if isinstance(value, Mapping) and key in value:
        return {"type": kind, **value}
    if key == "selected_option":
        return {"type": kind, key: None if value is None else _option(element, value)}
    if key == "selected_options":
        chosen = value if isinstance(value, list | tuple) else [value]
        return {"type": kind, key: [_option(element, each) for each in chosen]}
    return {"type": kind, key: value}


def _option(element: Json, value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        return value
    for option in offered(element):
        if value in (option["value"], option["text"]["text"]):
            return option
    if element["type"] in ("external_select", "multi_external_select"):
        text = {"type": "plain_text", "text": str(value), "emoji": True}
        return {"text": text, "value": str(value)}
    message = f"{value!r} is not offered by {element!r}"
    raise LookupError(message)


def filled_in(blocks: list[Json], before: Values, given: Mapping[str, Any]) -> Values:
    """Return the state after someone filled in some fields, by block and action id."""
    state = initial_state(blocks)
    for block, element in elements(blocks):
        block_id, action_id = block["block_id"], element.get("action_id", "")
        if action_id not in state.get(block_id, {}):
            continue
        kept = before.get(block_id, {}).get(action_id)
        if kept is not None and kept["type"] == element["type"]:
            state[block_id][action_id] = kept
        if action_id in given.get(block_id, {}):
            state[block_id][action_id] = answered(element, given[block_id][action_id])
    return state


def missing(blocks: list[Json], state: Values) -> dict[str, str]:
    """Return the errors that Slack's own client shows before it asks the app."""
    errors = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        answer = state[block["block_id"]][element["action_id"]]
        problem = _problem(element, answer.get(ANSWERS[element["type"]][0]), block)
        if problem:
            errors[block["block_id"]] = problem
    return errors


def _problem(element: Json, value: object, block: Json) -> str | None:
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    if isinstance(value, str) and element["type"] == "plain_text_input":
        if len(value) < element.get("min_length", 0):
            return f"Please use at least {element['min_length']} characters."
        if len(value) > element.get("max_length", 3000):
            return f"Please use at most {element.get('max_length', 3000)} characters."
    return None
