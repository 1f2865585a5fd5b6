from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import demo
from bot.sandbox.slack.blockkit import check_message, check_options, check_view
from tests.sandbox.slack.slack_blocks import (
    REFUSED,
    TAKEN,
    accessory,
    asks,
    mrkdwn,
    option,
    plain,
    section,
    table,
)
from tests.sandbox.slack.slack_stage import SECTION, Json


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
