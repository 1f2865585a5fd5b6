"""Blocks at the limits that Slack documents: those it takes, and those it refuses and why."""

from tests.sandbox.slack.slack_stage import Json, button


def plain(text: str = "text") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "text") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "v", **more: object) -> Json:
    return {"text": plain(value), "value": value, **more}


def section(**parts: object) -> Json:
    return {"type": "section", **parts}


def accessory(**element: object) -> Json:
    return section(text=plain(), accessory={"action_id": "a", **element})


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def asks(block_id: str = "b", **element: object) -> Json:
    element = {"action_id": "a", **element}
    return {"type": "input", "block_id": block_id, "label": plain(), "element": element}


def rich(*parts: object) -> Json:
    inside = [{"type": "rich_text_section", "elements": list(parts)}]
    return {"type": "rich_text", "elements": inside}


def table(rows: int, cells: int, text: str = "x") -> Json:
    row = [{"type": "raw_text", "text": text}] * cells
    return {"type": "table", "rows": [row] * rows}


def select(**parts: object) -> Json:
    return accessory(type="static_select", **parts)


# block, what is wrong, where: what Slack refuses, at the edges that it documents
REFUSED: list[tuple[Json, str, str]] = [
    ({"type": "secton"}, "unsupported type: secton", "/type"),
    ({"text": plain()}, "missing required field: type", ""),
    (section(), "must define either `text` or `fields`", ""),
    (section(text="bare"), "must be an object", "/text"),
    (section(text={"type": "markdown", "text": "x"}), "unsupported type: markdown", "/text/type"),
    (section(text=mrkdwn("x" * 3001)), "must be less than 3001 characters", "/text/text"),
    (section(text=mrkdwn("")), "must be more than 0 characters", "/text/text"),
    (section(text=mrkdwn(), colour="red"), "invalid additional property: colour", ""),
    (section(text=mrkdwn() | {"emoji": True}), "invalid additional property: emoji", "/text"),
    (section(text=plain() | {"verbatim": True}), "invalid additional property: verbatim", "/text"),
    (section(fields=[]), "no fewer than 1 items allowed", "/fields"),
    (section(fields=[plain()] * 11), "no more than 10 items allowed", "/fields"),
    (section(fields=[plain("x" * 2001)]), "must be less than 2001 characters", "/fields/0/text"),
    (section(text=plain(), block_id="x" * 256), "must be less than 256 characters", "/block_id"),
    (
        {"type": "header", "text": plain("x" * 151)},
        "must be less than 151 characters",
        "/text/text",
    ),
    ({"type": "header", "text": mrkdwn()}, "unsupported type: mrkdwn", "/text/type"),
    ({"type": "divider", "text": plain()}, "invalid additional property: text", ""),
    ({"type": "context", "elements": [plain()] * 11}, "no more than 10 items allowed", "/elements"),
    (
        {"type": "context", "elements": [button()]},
        "unsupported type: button",
        "/elements/0/type",
    ),
    (actions(), "no fewer than 1 items allowed", "/elements"),
    (
        actions(*(button(f"a{n}") for n in range(26))),
        "no more than 25 items allowed",
        "/elements",
    ),
    (
        actions(button("a"), button("a")),
        "`action_id` a already exists for another element",
        "/elements/1/action_id",
    ),
    (
        actions({"type": "plain_text_input", "action_id": "a"}),
        "unsupported type: plain_text_input",
        "/elements/0/type",
    ),
    (accessory(type="button"), "missing required field: text", "/accessory"),
    (
        accessory(type="button", text=plain("x" * 76)),
        "must be less than 76 characters",
        "/accessory/text/text",
    ),
    (
        accessory(type="button", text=mrkdwn()),
        "unsupported type: mrkdwn",
        "/accessory/text/type",
    ),
    (
        accessory(type="button", text=plain(), value="x" * 2001),
        "must be less than 2001 characters",
        "/accessory/value",
    ),
    (
        accessory(type="button", text=plain(), url="https://x/" + "x" * 3000),
        "must be less than 3001 characters",
        "/accessory/url",
    ),
    (accessory(type="button", text=plain(), url="x"), "must be a valid URL", "/accessory/url"),
    (
        accessory(type="button", text=plain(), url="ftp://files.example/x"),
        "must be a valid URL",
        "/accessory/url",
    ),
    (
        accessory(type="button", text=plain(), url="https://a b/"),
        "must be a valid URL",
        "/accessory/url",
    ),
    (
        accessory(type="button", text=plain(), style="default"),
        "must be a valid enum value",
        "/accessory/style",
    ),
    (
        accessory(type="button", text=plain(), action_id="x" * 256),
        "must be less than 256 characters",
        "/accessory/action_id",
    ),
    (
        accessory(type="button", text=plain(), confirm={"title": plain()}),
        "missing required field: deny",
        "/accessory/confirm",
    ),
    (select(), "must define either `options` or `option_groups`", "/accessory"),
    (
        select(options=[option()], option_groups=[{"label": plain(), "options": [option()]}]),
        "must define either `options` or `option_groups`",
        "/accessory",
    ),
    (select(options=[]), "no fewer than 1 items allowed", "/accessory/options"),
    (select(options=[option()] * 101), "no more than 100 items allowed", "/accessory/options"),
    (
        select(options=[option("x" * 76)]),
        "must be less than 76 characters",
        "/accessory/options/0/text/text",
    ),
    (
        select(options=[{"text": plain(), "value": "x" * 151}]),
        "must be less than 151 characters",
        "/accessory/options/0/value",
    ),
    (
        select(options=[option(url="https://x.example")]),
        "invalid additional property: url",
        "/accessory/options/0",
    ),
    (
        select(options=[option("a")], initial_option=option("b")),
        "must match one of the options",
        "/accessory/initial_option",
    ),
    (
        select(options=[option()], placeholder=plain("x" * 151)),
        "must be less than 151 characters",
        "/accessory/placeholder/text",
    ),
    (
        select(options=[option()], min_query_length=1),
        "invalid additional property: min_query_length",
        "/accessory",
    ),
    (
        accessory(type="external_select", options=[option()]),
        "invalid additional property: options",
        "/accessory",
    ),
    (
        accessory(type="external_select", min_query_length=-1),
        "must be greater than or equal to 0",
        "/accessory/min_query_length",
    ),
    (
        accessory(type="multi_static_select", options=[option()], max_selected_items=0),
        "must be greater than or equal to 1",
        "/accessory/max_selected_items",
    ),
    (
        accessory(type="overflow", options=[option()] * 6),
        "no more than 5 items allowed",
        "/accessory/options",
    ),
    (
        accessory(type="checkboxes", options=[option()] * 11),
        "no more than 10 items allowed",
        "/accessory/options",
    ),
    (
        accessory(type="radio_buttons", options=[option("a")], initial_option=option("b")),
        "must match one of the options",
        "/accessory",
    ),
    (
        accessory(type="datepicker", initial_date="1.2.2026"),
        "must be a valid date in the format YYYY-MM-DD",
        "/accessory/initial_date",
    ),
    (
        accessory(type="timepicker", initial_time="24:00"),
        "must be a valid time in the format HH:mm",
        "/accessory/initial_time",
    ),
    ({"type": "image", "alt_text": "x"}, "must define either `image_url` or `slack_file`", ""),
    ({"type": "image", "image_url": "https://x"}, "missing required field: alt_text", ""),
    (asks(type="button", text=plain()), "unsupported type: button", "/element/type"),
    (asks(type="file_input"), "unsupported type: file_input", "/element/type"),
    (
        asks(type="plain_text_input", max_length=3001),
        "must be less than or equal to 3000",
        "/element/max_length",
    ),
    (
        asks(type="plain_text_input", min_length=3, max_length=2),
        "min_length must not exceed max_length",
        "/element",
    ),
    (asks(type="number_input"), "missing required field: is_decimal_allowed", "/element"),
    (rich({"type": "txt"}), "unsupported type: txt", "/elements/0/elements/0/type"),
    (
        rich({"type": "link"}),
        "missing required field: url",
        "/elements/0/elements/0",
    ),
    (
        rich({"type": "text", "text": "x", "style": {"big": True}}),
        "invalid additional property: big",
        "/elements/0/elements/0/style",
    ),
    (
        {"type": "rich_text", "elements": [plain()]},
        "unsupported type: plain_text",
        "/elements/0/type",
    ),
    (table(101, 1), "no more than 100 items allowed", "/rows"),
    (table(1, 21), "no more than 20 items allowed", "/rows/0"),
    (table(100, 20, "123456"), "must be less than 10001 characters", "/rows"),
    ({"type": "markdown", "text": "x" * 12_001}, "must be less than 12001 characters", "/text"),
]

TAKEN: list[Json] = [
    section(text=mrkdwn("x" * 3000)),
    section(fields=[plain("x" * 2000)] * 10),
    section(text=plain() | {"emoji": True}, block_id="x" * 255, expand=True),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {
        "type": "context",
        "elements": [mrkdwn(), {"type": "image", "alt_text": "x", "image_url": "https://x/y.png"}],
    },
    actions(*(button(f"a{n}") for n in range(25))),
    accessory(
        type="button", text=plain("x" * 75), url="http://127.0.0.1:8080/a.zip", value="x" * 2000
    ),
    accessory(
        type="button",
        text=plain(),
        style="danger",
        confirm={"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain()},
    ),
    select(options=[option(str(n)) for n in range(100)], initial_option=option("7")),
    select(option_groups=[{"label": plain(), "options": [option()]}], initial_option=option()),
    accessory(type="external_select", min_query_length=0, placeholder=plain()),
    accessory(type="multi_static_select", options=[option()], initial_options=[option()]),
    accessory(type="overflow", options=[option(url="https://x.example")]),
    accessory(type="checkboxes", options=[{"text": mrkdwn(), "value": "v"}]),
    accessory(type="datepicker", initial_date="2026-02-01"),
    asks(type="plain_text_input", multiline=True, max_length=3000, initial_value=""),
    asks(type="number_input", is_decimal_allowed=False, min_value="-1"),
    rich(
        {"type": "text", "text": "a", "style": {"bold": True}},
        {"type": "link", "url": "itms-services://?action=download-manifest", "text": "Install"},
        {"type": "user", "user_id": "U1"},
        {"type": "emoji", "name": "tada"},
    ),
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": 1,
                "elements": [{"type": "rich_text_section", "elements": []}],
            },
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}]},
        ],
    },
    table(100, 20, "12345"),
    {"type": "markdown", "text": "x" * 12_000},
]
