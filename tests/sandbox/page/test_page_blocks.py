"""Every block is drawn, and every element tells the bot what was done with it."""

import pytest
from playwright.async_api import Page, expect

from tests.sandbox.page.conftest import Visit
from tests.sandbox.page.page_blocks import (
    Json,
    actions,
    button,
    element,
    mrkdwn,
    option,
    plain,
    section,
)
from tests.sandbox.page.page_stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIGN = "/page/icon.svg"


async def shown(visit: Visit, stage: Stage, *blocks: Json) -> Page:
    message = {"ts": stage.ts(), "user": "UB", "bot_id": "B1", "text": "", "blocks": list(blocks)}
    stage.history["C1"] = [message]
    page = await visit(stage.url)
    await page.locator("#feed article").wait_for()
    return page


async def pressed(stage: Stage) -> Json:
    frame = await stage.heard("press")
    assert (frame["channel"], frame["block_id"], frame["action_id"]) == ("C1", "row", "act")
    action: Json = frame["action"]
    return action


async def test_blocks_are_drawn(visit: Visit, stage: Stage) -> None:
    row = [{"type": "raw_text", "text": "Build"}, {"type": "raw_text", "text": "Seconds"}]
    page = await shown(
        visit,
        stage,
        {"type": "header", "text": plain("Running :rocket:")},
        section("*#1* building", accessory=button("Stop")),
        section("more", "b", fields=[mrkdwn("*Branch*\nmain"), plain("Engine")]),
        {
            "type": "context",
            "elements": [
                mrkdwn("by `me`"),
                {"type": "image", "image_url": SIGN, "alt_text": "dot"},
            ],
        },
        {"type": "divider"},
        {"type": "image", "image_url": SIGN, "alt_text": "sign", "title": plain("T")},
        {"type": "table", "rows": [row, row], "column_settings": [{}, {"align": "right"}]},
        {"type": "video", "block_id": "later"},
    )
    body = page.locator("#feed .body")
    await expect(body.get_by_role("heading")).to_have_text("Running ")
    await expect(body.get_by_role("img", name="rocket emoji")).to_be_visible()
    await expect(body.locator(".section strong").first).to_have_text("#1")
    await expect(body.locator(".accessory").get_by_role("button", name="Stop")).to_be_visible()
    await expect(body.locator(".fields > div")).to_have_text(["Branchmain", "Engine"])
    await expect(body.locator(".context code")).to_have_text("me")
    await expect(body.get_by_role("img", name="dot")).to_be_visible()
    await expect(body.get_by_role("separator")).to_have_count(1)
    await expect(body.locator("figcaption")).to_have_text("T")
    picture = body.get_by_role("img", name="sign")
    assert await picture.evaluate("async (img) => (await img.decode(), img.naturalWidth)") > 0
    await expect(body.locator("th.right, td.right")).to_have_count(2)
    await expect(body.locator("p.unknown")).to_contain_text("video")


async def test_a_button_sends_its_value_and_the_state(visit: Visit, stage: Stage) -> None:
    page = await shown(visit, stage, actions(button("Go", value="7", style="primary")))
    await page.get_by_role("button", name="Go").click()
    assert await stage.heard("press") == {
        "type": "press",
        "channel": "C1",
        "ts": stage.history["C1"][0]["ts"],
        "block_id": "row",
        "action_id": "act",
        "action": {"type": "button", "value": "7"},
        "state": {"values": {}},
    }


async def test_a_url_button_opens_a_tab_and_tells_the_bot(visit: Visit, stage: Stage) -> None:
    page = await shown(visit, stage, actions(button("Open", url=f"{stage.url}/page/icon.svg")))
    link = page.get_by_role("link", name="Open")
    assert "noopener" in (await link.get_attribute("rel") or "")
    async with page.context.expect_page() as opened:
        await link.click()
    assert (await opened.value).url == f"{stage.url}/page/icon.svg"
    assert await pressed(stage) == {"type": "button"}


async def test_a_confirmation_is_asked_before_the_bot_is_told(visit: Visit, stage: Stage) -> None:
    confirm = {
        "title": plain("Stop?"),
        "text": mrkdwn("It is *running*."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    page = await shown(visit, stage, actions(button("Stop", confirm=confirm)))
    dialog = page.get_by_role("dialog", name="Stop?")
    for answer in ("No", "Yes"):
        await page.get_by_role("button", name="Stop", exact=True).click()
        await expect(dialog.locator("strong")).to_have_text("running")
        await dialog.get_by_role("button", name=answer).click()
        await expect(dialog).to_have_count(0)
    await pressed(stage)
    assert [frame["type"] for frame in stage.received].count("press") == 0


async def test_an_overflow_menu_sends_its_option(visit: Visit, stage: Stage) -> None:
    page = await shown(
        visit, stage, actions(element("overflow", options=[option("A"), option("B")]))
    )
    await page.get_by_role("button", name="More actions").first.click()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    assert await pressed(stage) == {"type": "overflow", "selected_option": option("B")}
    await expect(page.get_by_role("menu")).to_have_count(0)


SELECTS: list[tuple[Json, str, Json]] = [
    (
        element("static_select", options=[option("Red"), option("Green", "of grass")]),
        "Green",
        {"selected_option": option("Green", "of grass")},
    ),
    (
        element(
            "static_select",
            option_groups=[
                {"label": plain("One"), "options": [option("Red")]},
                {"label": plain("Two"), "options": [option("Blue")]},
            ],
        ),
        "Blue",
        {"selected_option": option("Blue")},
    ),
    (element("users_select"), "Jonas", {"selected_user": "U2"}),
    (element("channels_select"), "#art", {"selected_channel": "C3"}),
    (element("conversations_select"), "#general", {"selected_conversation": "C2"}),
    (
        element("multi_static_select", options=[option("Red"), option("Blue")]),
        "Blue",
        {"selected_options": [option("Blue")]},
    ),
    (
        element("multi_users_select", initial_users=["U1"]),
        "Jonas",
        {"selected_users": ["U1", "U2"]},
    ),
    (element("multi_channels_select"), "#art", {"selected_channels": ["C3"]}),
    (
        # Choosing what is chosen takes it back.
        element("multi_conversations_select", initial_conversations=["C2"]),
        "#general",
        {"selected_conversations": []},
    ),
]


async def test_selects_send_what_was_chosen(visit: Visit, stage: Stage) -> None:
    rows = [
        actions(what | {"placeholder": plain(f"Choice {index}")}, block_id=f"row{index}")
        for index, (what, _, _) in enumerate(SELECTS)
    ]
    page = await shown(visit, stage, *rows)
    for index, (what, choice, answer) in enumerate(SELECTS):
        await page.get_by_role("button", name=f"Choice {index}").click()
        await page.get_by_role("option", name=choice).click()
        frame = await stage.heard("press")
        # The list of a field for several stays open for the next.
        await page.keyboard.press("Escape")
        assert frame["block_id"] == f"row{index}"
        assert frame["action"] == {"type": what["type"], **answer}


async def test_a_select_is_narrowed_and_chosen_by_keyboard(visit: Visit, stage: Stage) -> None:
    options = [option("Level 1"), option("Level 2"), option("Menu")]
    page = await shown(visit, stage, actions(element("static_select", options=options)))
    await page.get_by_role("button", name="act", exact=True).focus()
    await page.keyboard.type("lev")
    await expect(page.get_by_role("option")).to_have_text(["Level 1", "Level 2"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    assert (await pressed(stage))["selected_option"] == option("Level 2")
    await expect(page.get_by_role("button", name="act: Level 2")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("listbox", name="act")).to_have_count(0)


async def test_dates_times_and_ticks_tell_the_bot(visit: Visit, stage: Stage) -> None:
    options = [option("Min"), option("Max")]
    page = await shown(
        visit,
        stage,
        actions(element("datepicker", "day"), element("timepicker", "time")),
        actions(element("datetimepicker", "moment"), block_id="b"),
        actions(
            element("checkboxes", "ticks", options=options, initial_options=[options[0]]),
            block_id="c",
        ),
        actions(element("radio_buttons", "one", options=options), block_id="d"),
    )
    for name, typed, answer in (
        ("day", "2026-01-31", {"type": "datepicker", "selected_date": "2026-01-31"}),
        ("time", "09:30", {"type": "timepicker", "selected_time": "09:30"}),
        (
            "moment",
            "2026-01-31T09:30",
            {"type": "datetimepicker", "selected_date_time": 1769848200},
        ),
    ):
        await page.get_by_label(name, exact=True).fill(typed)
        assert (await stage.heard("press"))["action"] == answer
    await page.get_by_role("checkbox", name="Max").check()
    ticked = (await stage.heard("press"))["action"]
    assert ticked == {"type": "checkboxes", "selected_options": options}
    await page.get_by_role("radio", name="Max").check()
    chosen = (await stage.heard("press"))["action"]
    assert chosen == {"type": "radio_buttons", "selected_option": options[1]}


async def test_what_was_chosen_stays_while_the_message_is_edited(
    visit: Visit, stage: Stage
) -> None:
    select = element("static_select", "colour", options=[option("Red"), option("Blue")])
    page = await shown(visit, stage, actions(select))
    await page.get_by_role("button", name="colour").click()
    await page.get_by_role("option", name="Blue").click()
    await stage.heard("press")
    edited = stage.history["C1"][0] | {
        "edited": {"ts": stage.ts()},
        "blocks": [section("Half way"), actions(select, button("Go"))],
    }
    await stage.show("message_changed", channel="C1", message=edited)
    await expect(page.locator("#feed .body")).to_contain_text("(edited)")
    await page.get_by_role("button", name="Go").click()
    chosen = {"type": "static_select", "selected_option": option("Blue")}
    assert (await stage.heard("press"))["state"] == {"values": {"row": {"colour": chosen}}}


async def test_the_home_tab_shows_the_bots_view(visit: Visit, stage: Stage) -> None:
    page = await visit(stage.url)
    await page.get_by_role("link", name="Build Bot").click()
    await stage.heard("home")
    await expect(page.get_by_text("Build Bot has not put anything here yet.")).to_be_visible()
    view = {
        "id": "VH",
        "type": "home",
        "blocks": [section("*Nothing* runs"), actions(button("Next"))],
    }
    await stage.show("home", view=view)
    await expect(page.locator("#home strong")).to_have_text("Nothing")
    await page.get_by_role("button", name="Next").click()
    frame = await stage.heard("press")
    assert (frame["view_id"], "channel" in frame) == ("VH", False)
