"""Modals: what is filled in, what is checked, what the bot says is wrong, and how they stack."""

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.house import Sandbox
from bot.sandbox.slack.demo import ARTIST, BUILDS
from tests.sandbox.page.conftest import Visit
from tests.sandbox.page.page_blocks import (
    Json,
    actions,
    button,
    element,
    field,
    modal,
    option,
    plain,
    section,
)
from tests.sandbox.page.page_bot import Bot
from tests.sandbox.page.page_stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def opened(visit: Visit, stage: Stage, *views: Json) -> Page:
    page = await visit(stage.url)
    for view in views:
        await stage.show("view_opened", view=view)
    await page.get_by_role("dialog").last.wait_for()
    return page


async def build(page: Page) -> None:
    await page.get_by_role("button", name="Build", exact=True).click()


async def submitted(stage: Stage) -> Json:
    values: Json = (await stage.heard("submit"))["state"]["values"]
    return values


async def test_every_input_is_sent_with_its_block_and_type(visit: Visit, stage: Stage) -> None:
    view = modal(
        field("Version", element("plain_text_input", initial_value="1.0")),
        field("Notes", element("plain_text_input", multiline=True)),
        field("Count", element("number_input", is_decimal_allowed=False)),
        field("Mail", element("email_text_input")),
        field("Site", element("url_text_input")),
        field("Engine", element("static_select", options=[option("V1"), option("V2")])),
        field("Options", element("checkboxes", options=[option("Minify")]), optional=True),
        field("Format", element("radio_buttons", options=[option("Zip")])),
        field("Day", element("datepicker", initial_date="2026-02-01")),
        field("Who", element("users_select"), optional=True),
    )
    page = await opened(visit, stage, view)
    await expect(page.get_by_label("Version")).to_be_focused()
    await page.get_by_label("Version").fill("1.1")
    await page.get_by_label("Notes").fill("a\nb")
    await page.get_by_label("Count").fill("3")
    await page.get_by_label("Mail").fill("a@b.example")
    await page.get_by_label("Site").fill("https://b.example")
    await page.get_by_role("button", name="Engine").click()
    await page.get_by_role("option", name="V2").click()
    await page.get_by_label("Zip").check()
    await build(page)
    values = await submitted(stage)
    assert {block: fields["act"] for block, fields in values.items()} == {
        "version": {"type": "plain_text_input", "value": "1.1"},
        "notes": {"type": "plain_text_input", "value": "a\nb"},
        "count": {"type": "number_input", "value": "3"},
        "mail": {"type": "email_text_input", "value": "a@b.example"},
        "site": {"type": "url_text_input", "value": "https://b.example"},
        "engine": {"type": "static_select", "selected_option": option("V2")},
        "options": {"type": "checkboxes", "selected_options": []},
        "format": {"type": "radio_buttons", "selected_option": option("Zip")},
        "day": {"type": "datepicker", "selected_date": "2026-02-01"},
        "who": {"type": "users_select", "selected_user": None},
    }


async def test_what_slacks_client_checks_is_never_sent(visit: Visit, stage: Stage) -> None:
    view = modal(
        field("Name", element("plain_text_input")),
        field("Short", element("plain_text_input", min_length=3)),
        field("Count", element("number_input", min_value="2", is_decimal_allowed=False)),
        field("Mail", element("email_text_input")),
        field("Free", element("plain_text_input"), optional=True),
    )
    page = await opened(visit, stage, view)
    for label, text in (("Short", "ab"), ("Count", "1"), ("Mail", "nobody")):
        await page.get_by_label(label).fill(text)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert").filter(visible=True)).to_have_text(
        [
            "Please complete this required field.",
            "Must be at least 3 characters.",
            "Must be at least 2.",
            "Must be an email address.",
        ]
    )
    await expect(page.get_by_label("Name")).to_be_focused()
    assert [frame["type"] for frame in stage.received].count("submit") == 0


async def test_one_submission_however_often_it_is_pressed(visit: Visit, stage: Stage) -> None:
    page = await opened(visit, stage, modal(field("Name", element("plain_text_input"))))
    await page.get_by_label("Name").fill("x")
    await page.get_by_role("button", name="Build", exact=True).dblclick(no_wait_after=True)
    await page.keyboard.press("Enter")
    await submitted(stage)
    await expect(page.get_by_role("button", name="Build", exact=True)).to_be_disabled()
    await stage.show("notice", channel=None, text="We had some trouble connecting. Try again?")
    await expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("some trouble")
    await build(page)
    await submitted(stage)
    assert [frame["type"] for frame in stage.received].count("submit") == 0


async def test_errors_stand_at_their_fields_until_they_are_gone(visit: Visit, stage: Stage) -> None:
    view = modal(
        field("Name", element("plain_text_input")), field("Place", element("users_select"))
    )
    page = await opened(visit, stage, view)
    errors = {"name": "Taken <b>", "place": "Nobody", "elsewhere": "And more"}
    await stage.show("view_errors", view_id="V1", errors=errors)
    name = page.get_by_label("Name")
    await expect(name).to_have_attribute("aria-invalid", "true")
    await expect(name).to_have_accessible_description("Taken <b>")
    await expect(page.locator(".form-error")).to_have_text("And more")
    await stage.show("view_errors", view_id="V1", errors={"place": "Nobody"})
    await expect(name).not_to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_role("alert").filter(visible=True)).to_have_text("Nobody")


async def test_an_update_keeps_what_was_typed_and_the_caret(visit: Visit, stage: Stage) -> None:
    name = field("Name", element("plain_text_input"))
    page = await opened(visit, stage, modal(name))
    await page.get_by_label("Name").fill("Level")
    await page.keyboard.press("ArrowLeft")
    await stage.show("view_updated", view=modal(section("New words"), name))
    await expect(page.get_by_text("New words")).to_be_visible()
    await page.keyboard.type("_")
    await expect(page.get_by_label("Name")).to_have_value("Leve_l")


async def test_views_stack_and_close_one_by_one(visit: Visit, stage: Stage) -> None:
    second = modal(section("second"), view_id="V2", previous_view_id="V1", submit=None)
    page = await opened(visit, stage, modal(section("first")), second)
    await expect(page.get_by_role("dialog")).to_have_count(2)
    await page.keyboard.press("Escape")
    assert (await stage.heard("close"))["view_id"] == "V2"
    await expect(page.get_by_text("second")).to_have_count(0)
    await page.get_by_role("dialog").get_by_role("button", name="Close").first.click()
    assert (await stage.heard("close"))["view_id"] == "V1"
    await stage.show("view_opened", view=modal(section("third"), view_id="V3"))
    await stage.show("view_opened", view=modal(section("fourth"), view_id="V4"))
    await expect(page.get_by_role("dialog")).to_have_text(["Build an appfourthCloseBuild"])
    await stage.show("view_closed", view_id="V4")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_escape_closes_an_open_list_before_the_modal(visit: Visit, stage: Stage) -> None:
    page = await opened(visit, stage, modal(field("Who", element("users_select"))))
    await page.get_by_role("button", name="Who").click()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("listbox", name="Who")).to_have_count(0)
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_dispatch_action_tells_at_once(visit: Visit, stage: Stage) -> None:
    choose = element("static_select", options=[option("A"), option("B")])
    page = await opened(visit, stage, modal(field("Kind", choose, dispatch_action=True)))
    await page.get_by_role("button", name="Kind").click()
    await page.get_by_role("option", name="B").click()
    frame = await stage.heard("press")
    assert (frame["view_id"], frame["action"]["selected_option"]) == ("V1", option("B"))


async def test_typeahead_asks_after_a_pause_and_ignores_late_answers(
    visit: Visit, stage: Stage
) -> None:
    find = element("multi_external_select", min_query_length=2)
    page = await opened(visit, stage, modal(field("Scenes", find)))
    await page.get_by_role("button", name="Scenes").click()
    await expect(page.get_by_text("Type at least 2 characters")).to_be_visible()
    await page.keyboard.type("lev")
    first = await stage.heard("suggest")
    assert first == {
        "type": "suggest",
        "id": first["id"],
        "view_id": "V1",
        "block_id": "scenes",
        "action_id": "act",
        "value": "lev",
    }
    await page.keyboard.type("e")
    second = await stage.heard("suggest")
    await stage.show("options", id=second["id"], options=[option("Level 3")], option_groups=[])
    await stage.show("options", id=first["id"], options=[option("Lever")], option_groups=[])
    await stage.post("both have arrived")
    await expect(page.get_by_text("both have arrived")).to_have_count(1)
    await expect(page.get_by_role("option")).to_have_text(["Level 3"])
    await page.keyboard.press("Enter")
    # The name of the next scene does not go behind that of the first.
    await expect(page.get_by_role("combobox", name="Search Scenes")).to_have_value("")
    await page.keyboard.press("Escape")
    await build(page)
    chosen = {"type": "multi_external_select", "selected_options": [option("Level 3")]}
    assert await submitted(stage) == {"scenes": {"act": chosen}}


async def test_a_form_goes_to_a_real_bot_and_back(visit: Visit, sandbox: Sandbox, bot: Bot) -> None:
    form = {
        "type": "modal",
        "title": plain("Build an app"),
        "submit": plain("Build"),
        "blocks": [
            field("Scene", element("external_select", min_query_length=0)),
            field("Version", element("plain_text_input")),
            actions(button("Add")),
        ],
    }
    bot.answers["/build"] = lambda payload: {
        "then": {"method": "views.open", "trigger_id": payload["trigger_id"], "view": form}
    }
    bot.answers["block_suggestion"] = lambda payload: {
        "options": [option(f"Level {payload['value'] or 'any'}")]
    }
    bot.answers["view_submission"] = lambda payload: (
        None
        if _typed(payload) == "1.1"
        else {"response_action": "errors", "errors": {"version": "Already built."}}
    )
    page = await visit(sandbox.url, ARTIST, BUILDS)
    await page.get_by_label("Message #builds").fill("/build")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Scene").click()
    await expect(page.get_by_role("option")).to_have_text(["Level any"])
    await page.keyboard.type("3")
    await page.get_by_role("option", name="Level 3").click()
    await page.get_by_label("Version").fill("1.0")
    await build(page)
    await expect(page.get_by_text("Already built.")).to_be_visible()
    await page.get_by_label("Version").fill("1.1")
    await build(page)
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert _typed(bot.heard[-1]) == "1.1"
    chosen = bot.heard[-1]["view"]["state"]["values"]["scene"]["act"]["selected_option"]
    assert chosen["value"] == "level 3"


def _typed(payload: Json) -> str:
    return str(payload["view"]["state"]["values"]["version"]["act"]["value"])
