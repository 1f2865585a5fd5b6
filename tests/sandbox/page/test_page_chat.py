"""Talking on the page with the real sandbox: messages, commands, threads, and who sees what."""

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.house import Sandbox
from bot.sandbox.slack.demo import ART, ARTIST, BUILDS, PRODUCER, PROGRAMMER
from tests.sandbox.page.conftest import Visit
from tests.sandbox.page.page_blocks import actions, button, section
from tests.sandbox.page.page_bot import Bot, Json

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def type_into(page: Page, text: str, box: str = "Message #builds") -> None:
    await page.get_by_label(box).fill(text)
    await page.get_by_label(box).press("Enter")


async def test_two_people_talk(visit: Visit, sandbox: Sandbox) -> None:
    tomas = await visit(sandbox.url, PROGRAMMER, BUILDS)
    mina = await visit(sandbox.url, ARTIST, BUILDS)
    await type_into(mina, "Hello *@tomas*, 1 < 2 :tada:")
    for page in (mina, tomas):
        said = page.locator("#feed article").last
        await expect(said.locator(".author")).to_have_text("Mina Okafor")
        await expect(said.locator(".text")).to_have_text("Hello @Tomas Lindqvist, 1 < 2 ")
        await expect(said.get_by_role("img", name="tada emoji")).to_be_visible()
    await expect(tomas.locator(".mention.me")).to_have_count(1)
    await expect(mina.locator(".mention.me")).to_have_count(0)
    await expect(mina.get_by_label("Message #builds")).to_have_value("")


async def test_shift_enter_breaks_the_line_and_the_arrow_recalls(
    visit: Visit, sandbox: Sandbox
) -> None:
    page = await visit(sandbox.url, ARTIST, BUILDS)
    box = page.get_by_label("Message #builds")
    await box.fill("one")
    await box.press("Shift+Enter")
    await box.press_sequentially("two")
    await box.press("Enter")
    await expect(page.locator("#feed .text")).to_have_text("onetwo")
    await expect(page.locator("#feed .text br")).to_have_count(1)
    await type_into(page, "three")
    await box.press("ArrowUp")
    await expect(box).to_have_value("three")
    await box.press("ArrowUp")
    await expect(box).to_have_value("one\ntwo")
    await box.press("ArrowDown")
    await box.press("ArrowDown")
    await expect(box).to_have_value("")


async def test_a_slash_offers_commands_and_sends_what_was_typed(
    visit: Visit, sandbox: Sandbox, bot: Bot
) -> None:
    page = await visit(sandbox.url, ARTIST, BUILDS)
    box = page.get_by_label("Message #builds")
    await box.press("/")
    offered = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await expect(offered.locator("strong")).to_have_text(["/build", "/builds", "/invite"])
    await expect(offered.first).to_contain_text('<project> "<scene>"')
    await box.press_sequentially("bui")
    await box.press("ArrowDown")
    await expect(offered.nth(1)).to_have_attribute("aria-selected", "true")
    await box.press("ArrowUp")
    await box.press("Tab")
    await expect(box).to_have_value("/build ")
    await expect(page.locator("#main .usage-line")).to_contain_text('<project> "<scene>"')
    bot.answers["/build"] = lambda payload: {
        "response_type": "ephemeral",
        "text": f"You said `{payload['text']}`",
    }
    await box.press_sequentially('7 "Level 3"')
    await box.press("Enter")
    await expect(page.locator("article.ephemeral code")).to_have_text('7 "Level 3"')


async def test_slackbot_says_what_a_command_could_not_do(visit: Visit, sandbox: Sandbox) -> None:
    page = await visit(sandbox.url, ARTIST, BUILDS)
    await type_into(page, "/nonsense")
    notice = page.locator("article.ephemeral")
    await expect(notice.locator(".author")).to_have_text("Slackbot")
    await expect(notice).to_contain_text("/nonsense is not a valid command")


async def test_an_ephemeral_answer_is_for_one_person(
    visit: Visit, sandbox: Sandbox, bot: Bot
) -> None:
    tomas = await visit(sandbox.url, PROGRAMMER, BUILDS)
    mina = await visit(sandbox.url, ARTIST, BUILDS)
    ask = [section("Which one?"), actions(button("Level 3", value="3"))]
    await bot.call("chat.postEphemeral", channel=BUILDS, user=ARTIST, text="Which?", blocks=ask)
    await bot.call("chat.postMessage", channel=BUILDS, text="for all")
    await expect(tomas.get_by_text("for all")).to_be_visible()
    await expect(tomas.get_by_text("Which one?")).to_have_count(0)
    answer = mina.locator("article.ephemeral")
    await expect(answer).to_contain_text("Only visible to you")
    bot.answers["block_actions"] = lambda _: None
    await answer.get_by_role("button", name="Level 3").click()
    await answer.get_by_role("button", name="Dismiss message").click()
    await expect(answer).to_have_count(0)
    await expect(mina.get_by_text("for all")).to_be_visible()
    assert bot.heard[-1]["actions"][0]["value"] == "3"
    assert bot.heard[-1]["container"]["is_ephemeral"] is True


async def test_a_card_is_edited_for_everyone_and_answered_in_its_thread(
    visit: Visit, sandbox: Sandbox, bot: Bot
) -> None:
    tomas = await visit(sandbox.url, PROGRAMMER, BUILDS)
    mina = await visit(sandbox.url, ARTIST, BUILDS)
    ts = await _post(bot, "#1 building", blocks=[section("*#1* building")])
    card = mina.locator("#feed article").first
    await expect(card).to_contain_text("#1 building")
    ready = f"<@{ARTIST}> #1 is ready"
    await _post(bot, ready, thread_ts=ts, reply_broadcast=True)
    await bot.call(
        "chat.update", channel=BUILDS, ts=ts, text="#1 ready", blocks=[section("*#1* ready")]
    )
    for page in (mina, tomas):
        await expect(page.locator("#feed article").first).to_contain_text("#1 ready (edited)")
        await expect(page.locator("#feed article").nth(1)).to_contain_text(
            "replied to a thread: #1 ready"
        )
    await mina.get_by_role("button", name="1 reply").click()
    pane = mina.get_by_role("complementary", name="Thread")
    await expect(pane.locator("article")).to_have_count(2)
    await expect(pane.locator("article").nth(1)).to_contain_text("Also sent to the channel")
    await type_into(mina, "Thanks!", "Reply…")
    await expect(pane.locator("article").nth(2)).to_contain_text("Thanks!")
    await expect(tomas.get_by_role("button", name="2 replies")).to_be_visible()
    await expect(tomas.get_by_text("Thanks!")).to_have_count(0)
    await type_into(mina, "/build again", "Reply…")
    await expect(pane.locator("article").last).to_contain_text("/build is not supported in threads")
    await pane.get_by_role("button", name="Close thread").click()
    await expect(pane).to_be_hidden()
    await bot.call("chat.delete", channel=BUILDS, ts=ts)
    await expect(tomas.get_by_text("*#1* ready")).to_have_count(0)


async def test_a_channel_without_the_bot_says_how_to_invite_it(
    visit: Visit, sandbox: Sandbox
) -> None:
    page = await visit(sandbox.url, ARTIST, ART)
    await page.get_by_role("button", name="/invite @").click()
    await page.get_by_label("Message #art").press("Enter")
    await expect(page.locator("article.system")).to_contain_text("has joined the channel")
    await expect(page.get_by_text("is not in this channel")).to_have_count(0)


async def test_news_elsewhere_is_counted_until_it_is_read(
    visit: Visit, sandbox: Sandbox, bot: Bot
) -> None:
    page = await visit(sandbox.url, ARTIST, ART)
    await _post(bot, f"<@{ARTIST}> look")
    place = page.get_by_role("link", name="builds 1 for you")
    await expect(place.get_by_label("1 for you")).to_be_visible()
    await expect(page).to_have_title("(1) #art · Lantern Games")
    await place.click()
    place = page.get_by_role("link", name="builds", exact=True).first
    await expect(page.locator("article.to-me")).to_be_visible()
    await expect(page).to_have_title("#builds · Lantern Games")
    await expect(place).to_have_attribute("aria-current", "page")


async def test_being_someone_else_shows_what_they_see(
    visit: Visit, sandbox: Sandbox, bot: Bot
) -> None:
    page = await visit(sandbox.url, ARTIST, BUILDS)
    await bot.call("chat.postEphemeral", channel=BUILDS, user=ARTIST, text="between us")
    await expect(page.get_by_text("between us")).to_be_visible()
    await expect(page.get_by_role("link", name="release-plans")).to_have_count(0)
    await page.get_by_role("button", name="You are").click()
    await page.get_by_role("menuitemradio", name="Priya Raman").click()
    await expect(page.get_by_role("button", name="You are Priya Raman")).to_be_visible()
    await expect(page.get_by_role("link", name="release-plans")).to_be_visible()
    await expect(page.get_by_text("between us")).to_have_count(0)
    await page.reload()
    await expect(page.get_by_role("button", name="You are Priya Raman")).to_be_visible()
    await type_into(page, "it is me")
    await expect(page.locator("#feed .author")).to_have_text("Priya Raman")
    assert PRODUCER in page.url


async def test_a_shortcut_is_chosen_from_a_messages_menu(
    visit: Visit, sandbox: Sandbox, bot: Bot
) -> None:
    page = await visit(sandbox.url, ARTIST, BUILDS)
    ts = await _post(bot, "a card")
    asked: list[Json] = []
    bot.answers["message_action"] = asked.append
    await page.get_by_text("a card").hover()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Rebuild").click()
    bot.answers["/build"] = lambda _: {"text": "after"}
    await type_into(page, "/build x")
    await expect(page.get_by_text("after")).to_be_visible()
    assert [(each["callback_id"], each["message"]["ts"]) for each in asked] == [("rebuild", ts)]


async def _post(bot: Bot, text: str, **more: object) -> str:
    posted = await bot.call("chat.postMessage", channel=BUILDS, text=text, **more)
    return str(posted["ts"])
