import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox, demo
from bot.sandbox.slack.audience import Events
from tests.sandbox.slack.slack_stage import (
    SECTION,
    Clock,
    Json,
    actions,
    bolt,
    button,
    next_of,
    over_http,
    over_socket,
)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def asks(block_id: str, element: Json, **more: object) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id),
        "element": {"action_id": "answer", **element},
        **more,
    }


MENU = {
    "type": "static_select",
    "options": [{"text": plain(name), "value": name[0]} for name in ("web", "ios")],
    "initial_option": {"text": plain("web"), "value": "w"},
}
FORM: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Build"),
    "submit": plain("Build"),
    "private_metadata": "C1",
    "blocks": [
        asks("name", {"type": "plain_text_input", "max_length": 5}),
        asks("target", MENU),
        asks("scene", {"type": "external_select", "min_query_length": 0}, optional=True),
        actions(button("more")),
    ],
}
ANSWERS = {"name": {"answer": "Fruit"}, "target": {"answer": "ios"}}


@pytest.fixture(params=["socket", "http"])
async def app(
    request: pytest.FixtureRequest, slack: SlackSandbox, client: AsyncWebClient
) -> AsyncIterator[AsyncApp]:
    app = bolt(client, slack)

    @app.command("/build")
    async def build(ack: AsyncAck, command: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=FORM)
        await ack()

    ways: dict[str, Any] = {"socket": over_socket, "http": over_http}
    async with ways[request.param](app, slack):
        yield app


async def opened(slack: SlackSandbox, events: Events) -> Json:
    await slack.say(demo.ARTIST, demo.BUILDS, "/build")
    view: Json = (await next_of(events, "view_opened"))["view"]
    return view


@pytest.mark.usefixtures("app")
async def test_a_command_opens_a_modal(slack: SlackSandbox) -> None:
    async with slack.watch(demo.ARTIST) as events:
        view = await opened(slack, events)
    assert view["id"].startswith("V")
    assert (view["callback_id"], view["private_metadata"]) == ("form", "C1")
    assert view["root_view_id"] == view["id"]
    state = view["state"]["values"]
    assert state["name"]["answer"] == {"type": "plain_text_input", "value": None}
    assert state["target"]["answer"]["selected_option"]["value"] == "w"
    assert "more" not in state.get("steering", {})


async def test_what_was_filled_in_is_submitted_and_the_modal_closes(
    slack: SlackSandbox, app: AsyncApp
) -> None:
    got: list[Json] = []

    @app.view("form")
    async def submitted(ack: AsyncAck, body: Json) -> None:
        got.append(body)
        await ack()

    async with slack.watch(demo.ARTIST) as events:
        view = await opened(slack, events)
        await slack.submit(demo.ARTIST, view["id"], ANSWERS)
        assert (await next_of(events, "view_closed"))["view_id"] == view["id"]
    values = got[0]["view"]["state"]["values"]
    assert values["name"]["answer"]["value"] == "Fruit"
    assert values["target"]["answer"]["selected_option"] == {"text": plain("ios"), "value": "i"}
    assert values["scene"]["answer"]["selected_option"] is None
    assert got[0]["user"]["id"] == demo.ARTIST
    assert slack.core.forms.views == {}


@pytest.mark.usefixtures("app")
async def test_a_required_field_is_missed_before_the_app_is_asked(slack: SlackSandbox) -> None:
    async with slack.watch(demo.ARTIST) as events:
        view = await opened(slack, events)
        await slack.submit(demo.ARTIST, view["id"], {})
        first = await next_of(events, "view_errors")
        await slack.submit(demo.ARTIST, view["id"], {"name": {"answer": "too long"}})
        second = await next_of(events, "view_errors")
    assert list(first["errors"]) == ["name"]
    assert "5" in second["errors"]["name"]
    assert [each.kind for each in slack.books.deliveries] == ["slash_commands"]


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ({"response_action": "errors", "errors": {"name": "taken"}}, "view_errors"),
        ({"response_action": "update", "view": FORM | {"title": plain("Two")}}, "view_updated"),
        ({"response_action": "push", "view": FORM}, "view_opened"),
        ({"response_action": "clear"}, "view_closed"),
        ({"response_action": "errors", "errors": {"steering": "no input"}}, "notice"),
        ({"response_action": "update", "view": {"type": "modal"}}, "notice"),
        ({"response_action": "unheard of"}, "notice"),
    ],
)
async def test_a_submission_is_answered(
    slack: SlackSandbox, app: AsyncApp, answer: Json, shown: str
) -> None:
    @app.view("form")
    async def submitted(ack: AsyncAck) -> None:
        await ack(**answer)

    async with slack.watch(demo.ARTIST) as events:
        view = await opened(slack, events)
        await slack.submit(demo.ARTIST, view["id"], ANSWERS)
        event = await next_of(
            events, "view_errors", "view_updated", "view_opened", "view_closed", "notice"
        )
    assert event["type"] == shown
    if shown == "view_errors":
        assert event["errors"] == {"name": "taken"}
    if shown == "view_updated":
        assert event["view"]["title"] == plain("Two")
        assert event["view"]["state"]["values"]["name"]["answer"]["value"] == "Fruit"
    if shown == "view_opened":
        assert event["view"]["previous_view_id"] == view["id"]
        assert event["view"]["root_view_id"] == view["id"]


async def test_a_button_in_a_modal_tells_the_view_and_may_change_it(
    slack: SlackSandbox, app: AsyncApp
) -> None:
    @app.action("more")
    async def more(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        view = body["view"]
        blocks = [*FORM["blocks"], SECTION]
        await client.views_update(
            view_id=view["id"], hash=view["hash"], view=FORM | {"blocks": blocks}
        )
        await client.views_push(trigger_id=body["trigger_id"], view=FORM)
        await ack()

    async with slack.watch(demo.ARTIST) as events:
        view = await opened(slack, events)
        typed = {"name": {"answer": "Fru"}}
        await slack.press(demo.ARTIST, view["id"], "more", state=typed)
        updated = (await next_of(events, "view_updated"))["view"]
        pushed = (await next_of(events, "view_opened"))["view"]
        await slack.close(demo.ARTIST, pushed["id"])
        assert (await next_of(events, "view_closed"))["view_id"] == pushed["id"]
    assert len(updated["blocks"]) == 5
    assert updated["hash"] != view["hash"]
    assert updated["state"]["values"]["name"]["answer"]["value"] == "Fru"
    payload = slack.books.deliveries[1].payload
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    assert "response_url" not in payload
    assert payload["actions"][0]["block_id"] == "steering"
    assert [v.id for v in slack.core.forms.stacks[demo.ARTIST]] == [view["id"]]


async def test_an_external_menu_asks_the_app(slack: SlackSandbox, app: AsyncApp) -> None:
    offered: list[Json] = [{"text": plain(name), "value": name} for name in ("Level 3", "Level 4")]

    @app.options("answer")
    async def scenes(ack: AsyncAck, payload: Json) -> None:
        matching = [each for each in offered if payload["value"] in each["text"]["text"]]
        await ack(options=matching * (60 if payload["value"] == "" else 1))

    async with slack.watch(demo.ARTIST) as events:
        view = await opened(slack, events)
    found = await slack.suggest(demo.ARTIST, view["id"], "answer", "4", block_id="scene")
    too_many = await slack.suggest(demo.ARTIST, view["id"], "answer", "", block_id="scene")
    assert found == {"options": offered[1:]}
    assert too_many == {"options": []}


async def test_closing_is_told_to_apps_that_asked(slack: SlackSandbox, app: AsyncApp) -> None:
    closed: list[Json] = []

    @app.view_closed("form")
    async def shut(ack: AsyncAck, body: Json) -> None:
        closed.append(body)
        await ack()

    async with slack.watch(demo.ARTIST) as events:
        for notify in (False, True):
            view = await opened(slack, events)
            slack.core.forms.views[view["id"]].content["notify_on_close"] = notify
            await slack.close(demo.ARTIST, view["id"])
    assert [body["is_cleared"] for body in closed] == [False]


async def refusal(call: object) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call  # type: ignore[misc]
    return str(caught.value.response["error"])


async def test_a_trigger_lasts_three_seconds_and_works_once(
    timed: SlackSandbox, timed_client: AsyncWebClient, clock: Clock
) -> None:
    issue = timed.core.triggers.issue
    late, spent = issue(demo.ARTIST), issue(demo.ARTIST)
    clock.forward(seconds=3)
    await timed_client.views_open(trigger_id=spent, view=FORM)
    again = timed_client.views_open(trigger_id=spent, view=FORM)
    assert await refusal(again) == "exchanged_trigger_id"
    clock.forward(milliseconds=1)
    assert await refusal(timed_client.views_open(trigger_id=late, view=FORM)) == "trigger_expired"
    made_up = timed_client.views_open(trigger_id="1.2.3", view=FORM)
    assert await refusal(made_up) == "invalid_trigger_id"


async def test_a_broken_view_costs_no_trigger_once_it_is_mended(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    trigger = slack.core.triggers.issue(demo.ARTIST)
    assert await refusal(client.views_open(trigger_id=trigger, view={})) == "invalid_arguments"
    await client.views_open(trigger_id=trigger, view=FORM)


async def test_three_modals_are_the_most(slack: SlackSandbox, client: AsyncWebClient) -> None:
    issue = slack.core.triggers.issue
    nothing_open = client.views_push(trigger_id=issue(demo.ARTIST), view=FORM)
    assert await refusal(nothing_open) == "not_found"
    await client.views_open(trigger_id=issue(demo.ARTIST), view=FORM)
    for _ in range(2):
        await client.views_push(trigger_id=issue(demo.ARTIST), view=FORM)
    fourth = client.views_push(trigger_id=issue(demo.ARTIST), view=FORM)
    assert await refusal(fourth) == "push_limit_reached"


async def test_updates_find_their_view(slack: SlackSandbox, client: AsyncWebClient) -> None:
    named = FORM | {"external_id": "form-1"}
    await client.views_open(trigger_id=slack.core.triggers.issue(demo.ARTIST), view=named)
    changed = await client.views_update(external_id="form-1", view=named)
    assert changed["view"]["external_id"] == "form-1"
    stale = client.views_update(view_id=changed["view"]["id"], hash="old", view=named)
    assert await refusal(stale) == "hash_conflict"
    assert await refusal(client.views_update(view_id="V404", view=FORM)) == "not_found"
    trigger = slack.core.triggers.issue(demo.TESTER)
    twice = client.views_open(trigger_id=trigger, view=named)
    assert await refusal(twice) == "duplicate_external_id"


async def test_a_field_that_becomes_another_kind_starts_afresh(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    trigger = slack.core.triggers.issue(demo.ARTIST)
    view = (await client.views_open(trigger_id=trigger, view=FORM))["view"]
    slack.core.forms.views[view["id"]].state["name"]["answer"]["value"] = "typed"
    blocks = [asks("name", {"type": "number_input", "is_decimal_allowed": False})]
    changed = await client.views_update(view_id=view["id"], view=FORM | {"blocks": blocks})
    assert changed["view"]["state"]["values"] == {
        "name": {"answer": {"type": "number_input", "value": None}}
    }


async def test_home_is_opened_and_published(slack: SlackSandbox, app: AsyncApp) -> None:
    tabs: asyncio.Queue[Json] = asyncio.Queue()
    home = {"type": "home", "blocks": [SECTION]}

    @app.event("app_home_opened")
    async def visited(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view=home)
        tabs.put_nowait(event)

    async with slack.watch(demo.ARTIST) as events:
        slack.open_home(demo.ARTIST)
        shown = await next_of(events, "home")
        first = await asyncio.wait_for(tabs.get(), 2)
        slack.open_home(demo.ARTIST)
        second = await asyncio.wait_for(tabs.get(), 2)
    assert shown["view"]["blocks"][0]["text"] == SECTION["text"]
    assert (first["tab"], first["user"]) == ("home", demo.ARTIST)
    assert "view" not in first
    assert second["view"]["id"] == shown["view"]["id"]
    await slack.core.courier.settled()


async def test_a_message_shortcut_knows_its_message(slack: SlackSandbox, app: AsyncApp) -> None:
    got: list[Json] = []

    @app.shortcut("rebuild")
    async def rebuild(ack: AsyncAck, shortcut: Json, client: AsyncWebClient) -> None:
        got.append(shortcut)
        await client.views_open(trigger_id=shortcut["trigger_id"], view=FORM)
        await ack()

    card = await app.client.chat_postMessage(channel=demo.BUILDS, text="card")
    await slack.shortcut(demo.ARTIST, card["ts"], "rebuild")
    assert got[0]["type"] == "message_action"
    assert got[0]["message"]["text"] == "card"
    assert got[0]["channel"]["id"] == demo.BUILDS
    assert slack.core.forms.stacks[demo.ARTIST]
