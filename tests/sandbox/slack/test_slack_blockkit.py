from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import demo
from bot.sandbox.slack.blockkit import check_message, check_options, check_view
from tests.sandbox.slack.slack_stage import SECTION, Json, button


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
        accessory(type="button", text=plain(), url="itms-services://?x"),
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


@pytest.mark.parametrize(("block", "problem", "where"), REFUSED)
def test_a_broken_block_is_refused_with_a_pointer(block: Json, problem: str, where: str) -> None:
    problems = check_message([SECTION, block])
    assert f"{problem} [json-pointer:/blocks/1{where}]" in problems


@pytest.mark.parametrize("block", TAKEN)
def test_a_block_at_its_limits_is_taken(block: Json) -> None:
    assert check_message([SECTION, block]) == []


def test_a_message_has_fifty_blocks_and_a_view_a_hundred() -> None:
    assert check_message([SECTION] * 50) == []
    assert check_message([SECTION] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]
    modal = {"type": "modal", "title": plain()}
    for view in ({"type": "home"}, modal):
        kind = str(view["type"])
        assert check_view({**view, "blocks": [SECTION] * 100}, kind) == []
        problem = "no more than 100 items allowed [json-pointer:/view/blocks]"
        assert check_view({**view, "blocks": [SECTION] * 101}, kind) == [problem]


def test_block_ids_are_unique_and_one_element_has_the_focus() -> None:
    twice = [{**SECTION, "block_id": "b"}, {**SECTION, "block_id": "b"}]
    [problem] = check_message(twice)
    assert (
        problem == "`block_id` b already exists for another block [json-pointer:/blocks/1/block_id]"
    )
    focus = [asks(n, type="plain_text_input", focus_on_load=True) for n in ("a", "b")]
    assert "only one element can have focus_on_load" in check_message(focus)[0]


MODAL = {"type": "modal", "title": plain(), "blocks": [SECTION]}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"title": plain("x" * 25)},
            "must be less than 25 characters [json-pointer:/view/title/text]",
        ),
        ({"title": None}, "missing required field: title [json-pointer:/view]"),
        (
            {"submit": plain("x" * 25)},
            "must be less than 25 characters [json-pointer:/view/submit/text]",
        ),
        ({"close": mrkdwn()}, "unsupported type: mrkdwn [json-pointer:/view/close/type]"),
        (
            {"private_metadata": "x" * 3001},
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (
            {"callback_id": "x" * 256},
            "must be less than 256 characters [json-pointer:/view/callback_id]",
        ),
        (
            {"blocks": [asks(type="plain_text_input")]},
            "a submit is required when an input block is within the view [json-pointer:/view]",
        ),
        ({"blocks": [table(1, 1)]}, "unsupported type: table [json-pointer:/view/blocks/0/type]"),
        ({"type": "home"}, "unsupported type: home [json-pointer:/view/type]"),
        ({"color": "red"}, "invalid additional property: color [json-pointer:/view]"),
    ],
)
def test_a_broken_modal_is_refused(change: Json, problem: str) -> None:
    assert problem in check_view(MODAL | change, "modal")


def test_a_home_tab_has_neither_title_nor_submit() -> None:
    home = {"type": "home", "blocks": [SECTION]}
    assert check_view(home | {"private_metadata": "x" * 3000}, "home") == []
    for name in ("title", "submit", "close"):
        problem = f"invalid additional property: {name} [json-pointer:/view]"
        assert check_view(home | {name: plain()}, "home") == [problem]


def test_a_modal_may_ask_for_files() -> None:
    form = MODAL | {"submit": plain(), "blocks": [asks(type="file_input", max_files=10)]}
    assert check_view(form, "modal") == []


@pytest.mark.parametrize(
    ("answer", "fine"),
    [
        ({"options": [option()] * 100}, True),
        ({"options": []}, True),
        ({"option_groups": [{"label": plain(), "options": [option()]}]}, True),
        ({"options": [option()] * 101}, False),
        ({}, False),
        ({"options": [{"text": "bare", "value": "v"}]}, False),
        ({"options": [option()], "more": 1}, False),
    ],
)
def test_an_external_menu_is_checked_as_others_are(answer: Json, *, fine: bool) -> None:
    assert (check_options(answer) == []) is fine


@pytest.mark.parametrize(
    "rubbish",
    [
        None,
        "text",
        [None],
        [7],
        [{"type": 7}],
        [{"type": "actions", "elements": 7}],
        [{"type": "actions", "elements": [None, {"type": ["button"]}]}],
        [
            {
                "type": "section",
                "text": plain(),
                "accessory": {"type": "static_select", "options": 7},
            }
        ],
        [accessory(type="static_select", option_groups=[7], initial_option=7)],
        [accessory(type="checkboxes", options=[7], initial_options=[7])],
        [{"type": "table", "rows": [[7], None]}],
        [{"type": "input", "element": None, "label": 7}],
    ],
)
def test_rubbish_is_refused_and_breaks_nothing(rubbish: Any) -> None:  # noqa: ANN401 - any JSON
    blocks = rubbish if isinstance(rubbish, list) else [rubbish]
    assert check_message(blocks)
    assert check_view({"type": "modal", "title": plain(), "blocks": rubbish}, "modal")
    assert check_options({"options": rubbish})


async def test_slack_answers_in_its_own_shape(client: AsyncWebClient) -> None:
    broken = [section(text=mrkdwn("x" * 3001))]
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=demo.BUILDS, text="x", blocks=broken)
    problems = [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]
    assert caught.value.response.data == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": problems,
        "response_metadata": {"messages": [f"[ERROR] {problem}" for problem in problems]},
    }
    with pytest.raises(SlackApiError) as caught:
        await client.views_publish(user_id=demo.ARTIST, view={"type": "home", "blocks": broken})
    assert caught.value.response["error"] == "invalid_arguments"
    last = caught.value.response["response_metadata"]["messages"][-1]
    assert last.endswith("[json-pointer:/view/blocks/0/text/text]")
