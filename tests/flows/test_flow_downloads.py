"""/download, end to end: names of apps, links of one's own, posts for everyone, and no secret."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.sandbox.applivery import demo
from bot.sandbox.faults import DropAnswer
from bot.sandbox.slack.demo import BUILDS, PRIVATE, PRODUCER, PROGRAMMER, TESTER
from bot.sandbox.slack.messages import Message
from bot.store.tables import metadata
from bot.workers import link_ending
from tests.flows.flows_stage import LEVEL_3, Stage, eventually

ADD = f"/download add fruit-android {demo.ANDROID.id} project=543988"
LINK = re.compile(r"http://[^|>]+/files/[^|>]+")


async def told(stage: Stage, line: str, words: str, user: str = TESTER) -> str:
    """Type a line and return the answer that says these words."""
    await stage.say(line, user=user)
    await eventually(lambda: any(words in each for each in stage.told(user)))
    return stage.told(user)[-1]


async def posted(stage: Stage, channel: str = BUILDS) -> Message:
    await eventually(lambda: stage.cards(channel))
    return stage.one_card(channel)


async def taken(stage: Stage, words: str) -> Message:
    """Wait until the one reply below the post says so."""
    await eventually(lambda: [words in each.text for each in stage.replies()] == [True])
    return stage.one_reply()


async def test_a_name_a_link_a_post_and_what_is_left_of_them(
    stage: Stage, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "No app has a name yet" in await told(stage, "/download", "No app has a name")
    assert "Added `fruit-android`" in await told(stage, ADD, "Added")
    answer = await told(stage, "/download fruit-android", "Download APK")
    assert answer.startswith("*Fruit Rush* · Android · 1.4.0 (57) · RC-1 · ")
    assert stage.said() == []  # to the asker alone
    await told(stage, f"/download fruit-android {'0' * 24}", "No link to build")

    await stage.say("/download post fruit-android", user=PRODUCER)
    post = await posted(stage)
    assert "1.4.0 (57)" in post.text
    assert stage.buttons() == ["Get my link"]
    people = (TESTER, PROGRAMMER, PRODUCER)
    await asyncio.gather(*(stage.press("get_link", post, user) for user in people))
    thread = await taken(stage, "Links taken: 3 (")
    assert all(f"<@{user}> <!date^" in thread.text for user in people)
    urls = [LINK.findall(" ".join(stage.told(user))) for user in people]
    assert [len(each) for each in urls] == [2, 1, 1]  # TESTER has the one from before as well
    assert len({url for each in urls for url in each}) == 4

    assert "Removed `fruit-android`" in await told(stage, "/download remove FRUIT-android", "Remov")
    await stage.settled()
    await _nothing_is_left(stage, caplog.text + "".join(capsys.readouterr()))
    assert stage.failures() == []


async def _nothing_is_left(stage: Stage, logged: str) -> None:
    """Look for secrets in logs, metrics, what everyone sees, and every row of the database."""
    # The sandbox's own servers log what they were asked for; the bot's lines are the others.
    lines = "\n".join(line for line in logged.splitlines() if "aiohttp.access" not in line)
    _, metrics = await stage.get("/metrics")
    seen = " ".join(f"{each.text} {each.blocks}" for each in stage.said())
    rows = []
    for table in metadata.tables.values():
        found = await stage.app.store.database.rows(select(table))
        rows += [str(tuple(row.values())) for row in found]
    minted = stage.sandbox.applivery.workspace.tokens
    assert len(minted) == 4
    assert "link over" in lines
    assert "bot_applivery_call_seconds" in metrics
    assert any(demo.ANDROID_BUILD in row for row in rows)
    for secret in (demo.TOKEN, "/files/", "itms-services", *minted):
        for place in (lines, metrics, seen, *rows):
            assert secret not in place


async def test_a_finished_build_of_the_project_has_the_button(stage: Stage) -> None:
    await told(stage, ADD, "Added")
    await stage.build(LEVEL_3)
    assert stage.buttons() == ["Download zip", "Get my link", "Rebuild", "Details"]
    await stage.press("get_link", stage.one_card(), PRODUCER)
    await eventually(lambda: "Download APK" in " ".join(stage.told(PRODUCER)))
    await eventually(lambda: len(stage.replies()) == 2)
    listed = stage.replies()[-1]
    assert listed.text.startswith(f"Links taken: 1 (<@{PRODUCER}> ")
    assert listed.thread_ts == stage.one_card().ts


async def test_a_post_and_its_list_whose_answers_are_lost_are_said_once(stage: Stage) -> None:
    faults = stage.sandbox.slack.faults
    lost = [faults.add("api/chat.postMessage", act=DropAnswer())]
    await stage.say(f"/download post {demo.ANDROID.id}")
    post = await posted(stage)
    await stage.settled()
    lost.append(faults.add("api/chat.postMessage", act=DropAnswer()))
    await stage.press("get_link", post, TESTER)
    await taken(stage, "Links taken: 1")
    await stage.settled()
    await stage.press("get_link", post, TESTER)
    await taken(stage, "Links taken: 2")
    assert [rule.hits for rule in lost] == [1, 1]
    assert len(stage.said()) == 2


async def test_where_the_bot_may_not_post_the_asker_hears_it(stage: Stage) -> None:
    await stage.say(f"/download post {demo.ANDROID.id}", channel=PRIVATE, user=PRODUCER)
    await eventually(lambda: any("/invite" in each for each in stage.told(PRODUCER)))
    await stage.settled()
    assert stage.said(PRIVATE) == []


async def test_a_processing_build_arrives_by_itself(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_ending, "_FIRST_PAUSE", timedelta(seconds=0.1))
    stage.sandbox.applivery.workspace.builds[demo.ANDROID_PROCESSING].processing /= 50
    line = f"/download {demo.ANDROID.id} {demo.ANDROID_PROCESSING}"
    await told(stage, line, "still processing")
    await eventually(lambda: "1.4.1 (58)" in stage.told(TESTER)[-1])


@pytest.mark.parametrize("env", [{"ADMIN_USERS": PRODUCER}])
async def test_names_are_for_admins_links_for_everyone(stage: Stage) -> None:
    assert "change the catalogue" in await told(stage, ADD, "You may not")
    await told(stage, ADD, "Added", PRODUCER)
    await told(stage, "/download fruit-android", "Download APK")
    await told(stage, "/download remove fruit-android", "You may not")
    assert "`fruit-android`" in await told(stage, "/download", "1 app has a name")
