"""The rich_text block. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block/."""

from bot.sandbox.slack.blockkit.rules import (
    Rule,
    boolean,
    by_type,
    choice,
    integer,
    items,
    pattern,
    shape,
    string,
)
from bot.sandbox.slack.blockkit.texts import ID

MOST_PARTS = 1000
STYLE = shape(
    {},
    dict.fromkeys(
        (
            "bold",
            "italic",
            "strike",
            "code",
            "underline",
            "highlight",
            "unlink",
            "client_highlight",
        ),
        boolean,
    ),
)
_STYLED: dict[str, Rule] = {"style": STYLE}
# Links of a rich text may have schemes that mrkdwn leaves as plain text, such as itms-services.
_ANY_URL = string(3000)
PARTS: dict[str, Rule] = {
    "text": shape({"text": string(12_000, 0)}, _STYLED),
    "link": shape({"url": _ANY_URL}, {**_STYLED, "text": string(3000, 0), "unsafe": boolean}),
    "emoji": shape(
        {"name": string(255)},
        {**_STYLED, "unicode": string(255), "skin_tone": integer(1, 6), "url": _ANY_URL},
    ),
    "user": shape({"user_id": ID}, _STYLED),
    "usergroup": shape({"usergroup_id": ID}, _STYLED),
    "channel": shape({"channel_id": ID}, _STYLED),
    "team": shape({"team_id": ID}, _STYLED),
    "broadcast": shape({"range": choice("here", "channel", "everyone")}, _STYLED),
    "color": shape({"value": pattern(r"#[0-9A-Fa-f]{6}", "must be a hex color")}),
    "date": shape(
        {"timestamp": integer(0), "format": string(255)},
        {**_STYLED, "url": _ANY_URL, "fallback": string(3000)},
    ),
}
_PARTS = items(by_type(PARTS), MOST_PARTS, 0)
_FLAT = items(by_type({kind: PARTS[kind] for kind in ("text", "link")}), MOST_PARTS, 0)
SECTION = shape({"elements": _PARTS})
CONTAINERS: dict[str, Rule] = {
    "rich_text_section": SECTION,
    "rich_text_list": shape(
        {
            "style": choice("bullet", "ordered"),
            "elements": items(by_type({"rich_text_section": SECTION}), MOST_PARTS),
        },
        {"indent": integer(0, 8), "offset": integer(0), "border": integer(0, 1)},
    ),
    "rich_text_quote": shape({"elements": _PARTS}, {"border": integer(0, 1)}),
    "rich_text_preformatted": shape(
        {"elements": _FLAT}, {"border": integer(0, 1), "language": string(50)}
    ),
}
RICH_TEXT = shape({"elements": items(by_type(CONTAINERS), MOST_PARTS)}, {"block_id": ID})
