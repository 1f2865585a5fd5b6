"""Elements inside blocks. https://docs.slack.dev/reference/block-kit/block-elements/."""

from typing import Any

from bot.sandbox.slack.blockkit.richtext import RICH_TEXT
from bot.sandbox.slack.blockkit.rules import (
    Report,
    Rule,
    as_list,
    boolean,
    choice,
    integer,
    items,
    one_of,
    pattern,
    shape,
    string,
    url,
)
from bot.sandbox.slack.blockkit.selects import MULTI_SELECTS, SELECTS, offered
from bot.sandbox.slack.blockkit.texts import (
    CONFIRM,
    ID,
    LINK_OPTION,
    MARKED_OPTION,
    PLACEHOLDER,
    plain,
)

SLACK_FILE = shape({}, {"id": ID, "url": url}, one_of("id", "url"))
IMAGE = shape(
    {"alt_text": string(2000)},
    {"image_url": url, "slack_file": SLACK_FILE},
    one_of("image_url", "slack_file"),
)
BUTTON = shape(
    {"text": plain(75)},
    {
        "action_id": ID,
        "url": url,
        "value": string(2000, 0),
        "style": choice("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
OVERFLOW = shape(
    {"options": items(LINK_OPTION, 5)},
    {"action_id": ID, "confirm": CONFIRM},
)


def _ticked_are_offered(element: dict[str, Any], at: str, report: Report) -> None:
    one = element.get("initial_option")
    ticked = [*as_list(element.get("initial_options")), *([one] if one else [])]
    values = [option.get("value") for option in offered(element) if isinstance(option, dict)]
    for option in ticked:
        if isinstance(option, dict) and option.get("value") not in values:
            report.add("must match one of the options", at)


_CHOICES = {"options": items(MARKED_OPTION, 10)}
_FOCUS: dict[str, Rule] = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": boolean}
CHECKBOXES = shape(
    _CHOICES, {**_FOCUS, "initial_options": items(MARKED_OPTION, 10)}, _ticked_are_offered
)
RADIO_BUTTONS = shape(_CHOICES, {**_FOCUS, "initial_option": MARKED_OPTION}, _ticked_are_offered)
DATE = pattern(r"\d{4}-\d{2}-\d{2}", "must be a valid date in the format YYYY-MM-DD")
TIME = pattern(r"([01]\d|2[0-3]):[0-5]\d", "must be a valid time in the format HH:mm")
DATEPICKER = shape({}, {**_FOCUS, "initial_date": DATE, "placeholder": PLACEHOLDER})
TIMEPICKER = shape(
    {}, {**_FOCUS, "initial_time": TIME, "placeholder": PLACEHOLDER, "timezone": string(100)}
)
TEN_DIGITS = 10**9
DATETIMEPICKER = shape(
    {}, {**_FOCUS, "initial_date_time": integer(TEN_DIGITS, 10 * TEN_DIGITS - 1)}
)

_TYPING: dict[str, Rule] = {
    "action_id": ID,
    "placeholder": PLACEHOLDER,
    "focus_on_load": boolean,
    "dispatch_action_config": shape(
        {
            "trigger_actions_on": items(
                choice("on_enter_pressed", "on_character_entered"),
                2,
            )
        }
    ),
}
_NUMBER = pattern(r"-?\d+(\.\d+)?", "must be a number")


def _lengths_agree(element: dict[str, Any], at: str, report: Report) -> None:
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        report.add("min_length must not exceed max_length", at)


PLAIN_TEXT_INPUT = shape(
    {},
    {
        **_TYPING,
        "initial_value": string(3000, 0),
        "multiline": boolean,
        "min_length": integer(0, 3000),
        "max_length": integer(1, 3000),
    },
    _lengths_agree,
)
NUMBER_INPUT = shape(
    {"is_decimal_allowed": boolean},
    {**_TYPING, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
)
CLICKABLE: dict[str, Rule] = {
    "button": BUTTON,
    "overflow": OVERFLOW,
    "checkboxes": CHECKBOXES,
    "radio_buttons": RADIO_BUTTONS,
    "datepicker": DATEPICKER,
    "timepicker": TIMEPICKER,
    **SELECTS,
}
ACCESSORIES: dict[str, Rule] = {**CLICKABLE, **MULTI_SELECTS, "image": IMAGE}
ACTIONS: dict[str, Rule] = {**CLICKABLE, "datetimepicker": DATETIMEPICKER}
INPUTS: dict[str, Rule] = {
    **SELECTS,
    **MULTI_SELECTS,
    "checkboxes": CHECKBOXES,
    "radio_buttons": RADIO_BUTTONS,
    "datepicker": DATEPICKER,
    "timepicker": TIMEPICKER,
    "datetimepicker": DATETIMEPICKER,
    "plain_text_input": PLAIN_TEXT_INPUT,
    "number_input": NUMBER_INPUT,
    "email_text_input": shape({}, {**_TYPING, "initial_value": string(3000, 0)}),
    "url_text_input": shape({}, {**_TYPING, "initial_value": url}),
    "rich_text_input": shape({}, {**_TYPING, "initial_value": RICH_TEXT}),
    "file_input": shape(
        {}, {"action_id": ID, "filetypes": items(string(20), 100), "max_files": integer(1, 10)}
    ),
}
