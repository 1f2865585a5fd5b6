"""Select menus, single and multiple."""

from typing import Any

from bot.sandbox.slack.blockkit.rules import (
    Check,
    Report,
    Rule,
    as_list,
    boolean,
    integer,
    items,
    one_of,
    shape,
    string,
)
from bot.sandbox.slack.blockkit.texts import (
    CONFIRM,
    ID,
    OPTION,
    OPTION_GROUPS,
    OPTIONS,
    PLACEHOLDER,
)

COMMON = {
    "action_id": ID,
    "confirm": CONFIRM,
    "focus_on_load": boolean,
    "placeholder": PLACEHOLDER,
}
FILTER = shape(
    {},
    {
        "include": items(string(20), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)


def offered(element: dict[str, Any]) -> list[Any]:
    """Return every option of a menu, those in groups too."""
    groups = [g for g in as_list(element.get("option_groups")) if isinstance(g, dict)]
    nested = [option for group in groups for option in as_list(group.get("options"))]
    return [*as_list(element.get("options")), *nested]


def _initial_is_offered(element: dict[str, Any], at: str, report: Report) -> None:
    chosen = element.get("initial_option")
    if chosen is not None and _bare(chosen) not in map(_bare, offered(element)):
        report.add("must match one of the options", f"{at}/initial_option")


def _initials_are_offered(element: dict[str, Any], at: str, report: Report) -> None:
    options = [_bare(option) for option in offered(element)]
    for index, chosen in enumerate(as_list(element.get("initial_options"))):
        if _bare(chosen) not in options:
            report.add("must match one of the options", f"{at}/initial_options/{index}")


def _bare(option: Any) -> object:  # noqa: ANN401 - JSON
    if not isinstance(option, dict) or not isinstance(option.get("text"), dict):
        return option
    return (option["text"].get("text"), option.get("value"))


def _single(*checks: Check, **more: Rule) -> Rule:
    return shape({}, {**COMMON, **more}, *checks)


def _multi(*checks: Check, **more: Rule) -> Rule:
    return shape({}, {**COMMON, "max_selected_items": integer(1), **more}, *checks)


_MENU = {"options": OPTIONS, "option_groups": OPTION_GROUPS}
_HERE = {"default_to_current_conversation": boolean, "filter": FILTER}
_REPLY = {"response_url_enabled": boolean}

SELECTS: dict[str, Rule] = {
    "static_select": _single(
        one_of("options", "option_groups"), _initial_is_offered, **_MENU, initial_option=OPTION
    ),
    "external_select": _single(initial_option=OPTION, min_query_length=integer(0)),
    "users_select": _single(initial_user=ID),
    "conversations_select": _single(initial_conversation=ID, **_HERE, **_REPLY),
    "channels_select": _single(initial_channel=ID, **_REPLY),
}
MULTI_SELECTS: dict[str, Rule] = {
    "multi_static_select": _multi(
        one_of("options", "option_groups"),
        _initials_are_offered,
        **_MENU,
        initial_options=items(OPTION, 100),
    ),
    "multi_external_select": _multi(
        initial_options=items(OPTION, 100), min_query_length=integer(0)
    ),
    "multi_users_select": _multi(initial_users=items(ID, 100)),
    "multi_conversations_select": _multi(initial_conversations=items(ID, 100), **_HERE),
    "multi_channels_select": _multi(initial_channels=items(ID, 100)),
}
