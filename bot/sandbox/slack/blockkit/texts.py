"""Text, confirmation and option objects. https://docs.slack.dev/reference/block-kit/composition-objects."""

from typing import Any

from bot.sandbox.slack.blockkit.rules import (
    Report,
    Rule,
    boolean,
    by_type,
    choice,
    items,
    shape,
    string,
    url,
)

ID = string(255)


def plain(most: int) -> Rule:
    """Require a plain_text object of so many characters."""
    return _matching({"plain_text": shape({"text": string(most)}, {"emoji": boolean})})


def marked(most: int) -> Rule:
    """Require a mrkdwn or plain_text object of so many characters."""
    return _matching(
        {
            "plain_text": shape({"text": string(most)}, {"emoji": boolean}),
            "mrkdwn": shape({"text": string(most)}, {"verbatim": boolean}),
        }
    )


def _matching(kinds: dict[str, Rule]) -> Rule:
    inner = by_type(kinds)

    def rule(value: Any, at: str, report: Report) -> None:  # noqa: ANN401 - JSON
        found = Report()
        inner(value, at, found)
        if found.problems:
            # Slack reports the object first and then what is wrong inside it.
            report.add("failed to match all allowed schemas", at)
            report.problems.extend(found.problems)

    return rule


CONFIRM = shape(
    {"title": plain(100), "text": marked(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)
PLACEHOLDER = plain(150)
OPTION = shape({"text": plain(75), "value": string(150)}, {"description": plain(75)})
MARKED_OPTION = shape({"text": marked(75), "value": string(150)}, {"description": marked(75)})
LINK_OPTION = shape(
    {"text": plain(75), "value": string(150)}, {"description": plain(75), "url": url}
)
OPTIONS = items(OPTION, 100)
OPTION_GROUPS = items(shape({"label": plain(75), "options": OPTIONS}), 100)
