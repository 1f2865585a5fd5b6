"""When the line drops: a banner, nothing typed is lost, and what was missed is there afterwards."""

import pytest
from playwright.async_api import expect

from tests.sandbox.page.conftest import Visit
from tests.sandbox.page.page_blocks import element, field, modal
from tests.sandbox.page.page_stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_page_comes_back_to_its_channel_and_thread(visit: Visit, stage: Stage) -> None:
    ts = stage.ts()
    parent = {"ts": ts, "user": "U2", "text": "before", "reply_count": 1}
    stage.history["C2"] = [parent]
    stage.threads[ts] = [parent]
    page = await visit(stage.url, place="C2")
    await page.get_by_role("button", name="1 reply").click()
    await stage.heard("thread")
    await stage.show("ephemeral", to="U1", channel="C2", message={"ts": stage.ts(), "text": "psst"})
    await expect(page.locator("#feed").get_by_text("psst")).to_be_visible()
    stage.received.clear()

    stage.away = True
    await stage.cut()
    banner = page.get_by_text("Connection lost. Reconnecting…")
    await expect(banner).to_be_visible()
    box = page.get_by_label("Message #general")
    await box.fill("not lost")
    await box.press("Enter")
    await expect(box).to_have_value("not lost")

    stage.history["C2"] = [parent, {"ts": stage.ts(), "user": "U2", "text": "meanwhile"}]
    stage.away = False
    assert (await stage.heard("open"))["channel"] == "C2"
    assert (await stage.heard("thread"))["ts"] == ts
    await expect(banner).to_be_hidden()
    await expect(page.locator("#feed").get_by_text("meanwhile")).to_be_visible()
    await expect(page.locator("#feed").get_by_text("psst")).to_be_visible()
    await box.press("Enter")
    said = await stage.heard("say")
    assert said == {"type": "say", "channel": "C2", "text": "not lost"}


async def test_a_form_on_its_way_can_be_sent_again(visit: Visit, stage: Stage) -> None:
    page = await visit(stage.url)
    find = field("Scene", element("external_select", min_query_length=0), optional=True)
    await stage.show("view_opened", view=modal(find))
    await page.get_by_role("button", name="Build", exact=True).click()
    await stage.heard("submit")
    await stage.cut()
    await expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("Try again?")
    await stage.heard("be", lambda _: len([f for f in stage.received if f["type"] == "be"]) > 1)
    await expect(page.get_by_role("status").filter(has_text="Connection lost")).to_be_hidden()
    await page.get_by_role("button", name="Build", exact=True).click()
    await stage.heard("submit")


async def test_options_that_never_come_say_so(visit: Visit, stage: Stage) -> None:
    page = await visit(stage.url)
    find = field("Scene", element("external_select", min_query_length=0))
    await stage.show("view_opened", view=modal(find))
    await page.get_by_role("button", name="Scene").click()
    await stage.heard("suggest")
    await stage.cut()
    await expect(page.get_by_text("The options could not be loaded.")).to_be_visible()


async def test_a_narrow_window_folds_the_sidebar_away(visit: Visit, stage: Stage) -> None:
    page = await visit(stage.url)
    await page.set_viewport_size({"width": 420, "height": 760})
    channel = page.get_by_role("link", name="general")
    await expect(channel).to_be_hidden()
    await page.get_by_role("button", name="Channels").click()
    await channel.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("general")
    await expect(channel).to_be_hidden()
    width = await page.evaluate("document.documentElement.scrollWidth")
    await page.set_viewport_size({"width": 1280, "height": 800})
    assert width == 420
