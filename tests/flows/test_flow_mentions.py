"""@bot build in channels and threads, and the shortcut on a card: asked in words, built once."""

from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.builds.job import JobState
from bot.sandbox.faults import Answer, Reset
from bot.sandbox.house import Sandbox
from bot.sandbox.slack.demo import BUILDS, PROGRAMMER, TESTER
from bot.sandbox.slack.messages import Message
from bot.slack.listeners.shortcut import REBUILD_MESSAGE
from tests.flows.flows_stage import BOTH_WAYS, Stage, bot_in, eventually, unhurried

SOCKET = pytest.mark.parametrize("mode", ["socket"], indirect=True)
LINE = '@builds build 543988 "Level 3"'


async def mention(stage: Stage, text: str, thread_ts: str | None = None) -> None:
    """Mention the bot and wait until it has taken that, and nothing is left to be done."""
    await stage.sandbox.slack.say(PROGRAMMER, BUILDS, text, thread_ts)
    await stage.sandbox.slack.core.courier.settled()
    await silent(stage)


async def silent(stage: Stage) -> None:
    await stage.settled()

    async def said() -> bool:
        return await stage.app.store.whispers.next_due() is None

    await eventually(said)


def typed(stage: Stage) -> list[Message]:
    """What people have written, oldest first."""
    workspace = stage.sandbox.slack.workspace
    messages = workspace.channels[BUILDS].messages.values()
    return sorted(
        (each for each in messages if each.user != workspace.bot.id), key=lambda each: each.ts
    )


@BOTH_WAYS
async def test_a_mention_builds_like_the_command(stage: Stage) -> None:
    await mention(stage, LINE)
    assert (await stage.job()).state is JobState.READY
    assert stage.told() == ["#1 accepted: looking up Level 3 in project 543988."]
    assert stage.told(TESTER) == []
    assert stage.one_card().thread_ts is None
    assert stage.one_reply().is_broadcast
    assert stage.failures() == []


async def test_in_a_thread_everything_stays_in_that_thread(stage: Stage) -> None:
    await mention(stage, "What do we show on Friday?")
    parent = typed(stage)[0].ts
    await mention(stage, '@builds\nbuild 543988\n“Level 3” notes="One\ntwo"', parent)
    card, reply = stage.said()
    assert "ready in" in card.text
    assert reply.text.startswith(f"<@{PROGRAMMER}> #1 is ready")
    assert [each.thread_ts for each in (card, reply)] == [parent, parent]
    assert not reply.is_broadcast
    [told] = stage.sandbox.slack.core.posting.ephemerals.values()
    assert (told.thread_ts, told.for_user) == (parent, PROGRAMMER)
    [submitted] = stage.submitted
    assert isinstance(submitted.body, dict)
    assert submitted.body["release_notes"] == "One\ntwo"


@SOCKET
async def test_a_rebuild_of_a_card_in_a_thread_stays_there_too(stage: Stage) -> None:
    await mention(stage, "Friday?")
    parent = typed(stage)[0].ts
    await mention(stage, LINE, parent)
    await stage.press("rebuild", stage.said()[0])
    await stage.settled()
    assert len(stage.said()) == 4
    assert {each.thread_ts for each in stage.said()} == {parent}


@BOTH_WAYS
async def test_an_event_that_comes_three_times_is_one_build(stage: Stage) -> None:
    await mention(stage, LINE)
    slack = stage.sandbox.slack
    for _ in range(2):
        assert (await slack.redeliver(slack.books.deliveries[0])).acked
    await silent(stage)
    assert await stage.count() == 1
    assert len(stage.told()) == 1


async def test_after_a_restart_a_mention_delivered_again_is_not_handled_again(
    database: Path, hurried: None
) -> None:
    _ = hurried
    async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
        unhurried(sandbox)
        async with bot_in(sandbox, database) as (app, port):
            first = Stage(sandbox, app, port, session)
            await mention(first, "@builds build 543988")
            await mention(first, LINE)
        wrong, right = sandbox.slack.books.deliveries[-2:]
        async with bot_in(sandbox, database) as (app, port):
            second = Stage(sandbox, app, port, session)
            for delivered in (wrong, right, right):
                assert (await sandbox.slack.redeliver(delivered)).acked
            await silent(second)
            assert await second.count() == 1
            assert len(second.told()) == 2
            assert "Which scene?" in second.told()[0]


@SOCKET
@pytest.mark.parametrize("text", ["@builds", "@builds help", "hey @builds help"])
async def test_help_is_for_the_asker_alone(stage: Stage, text: str) -> None:
    await mention(stage, text)
    assert stage.said() == []
    assert "Mention me with a line like these" in stage.told()[0]
    assert stage.told(TESTER) == []


async def test_an_unknown_name_is_said_to_the_asker_alone(stage: Stage) -> None:
    await mention(stage, '@builds build 543988 "Levle 3"')
    assert stage.said() == []
    assert "There is no scene “Levle 3”." in stage.told()[-1]


@SOCKET
async def test_an_answer_outlives_a_slack_in_trouble(stage: Stage) -> None:
    faults = stage.sandbox.slack.faults
    faults.add("chat.postEphemeral", times=1, act=Answer(500))
    faults.add("chat.postEphemeral", times=1, act=Reset())
    faults.add("chat.postEphemeral", times=1, act=Answer(429, headers={"Retry-After": "1"}))
    await mention(stage, "@builds help")
    assert len(stage.told()) == 1


@SOCKET
async def test_where_nobody_can_be_whispered_to_the_bot_writes_to_them(stage: Stage) -> None:
    body = b'{"ok":false,"error":"user_not_in_channel"}'
    answer = Answer(200, body, headers={"Content-Type": "application/json"})
    stage.sandbox.slack.faults.add("chat.postEphemeral", times=1, act=answer)
    await mention(stage, "@builds help")
    direct = stage.sandbox.slack.core.direct(PROGRAMMER)
    assert "Mention me" in stage.said(direct.id)[0].text


@SOCKET
async def test_a_listener_that_fails_gets_the_event_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.sandbox.slack.core.courier.event_retries = (timedelta(seconds=0.2),)
    stage.sandbox.slack.core.courier.ack_within = timedelta(seconds=0.2)
    add, failures = stage.app.store.whispers.add, iter([OSError("no disk")])

    async def failing(*arguments: object) -> bool:
        for failure in failures:
            raise failure
        return await add(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(stage.app.store.whispers, "add", failing)
    await mention(stage, LINE)
    assert await stage.count() == 1
    assert (await stage.job()).state is JobState.READY
    assert len(stage.told()) == 1


@BOTH_WAYS
async def test_the_shortcut_on_a_card_builds_it_again(stage: Stage) -> None:
    await stage.build()
    card = stage.one_card()
    await stage.sandbox.slack.shortcut(TESTER, card.ts, REBUILD_MESSAGE)
    await stage.whispered()
    await stage.settled()
    job = await stage.job()
    assert (job.id, job.retry_of, job.asker.user_id) == (2, 1, TESTER)
    assert job.request == (await stage.job(1)).request
    await stage.sandbox.slack.redeliver()
    await stage.whispered()
    assert await stage.count() == 2
    assert stage.told(TESTER) == ["#2 is already on its way; nothing was started twice."]
    assert stage.failures() == []


@SOCKET
async def test_the_shortcut_on_another_message_says_that_it_is_no_card(stage: Stage) -> None:
    await stage.build()
    await mention(stage, "Nice!")
    for ts in (typed(stage)[-1].ts, stage.one_reply().ts):
        await stage.sandbox.slack.shortcut(TESTER, ts, REBUILD_MESSAGE)
        await stage.whispered()
    assert await stage.count() == 1
    assert len(stage.told(TESTER)) == 2
    assert all("not a build’s card" in told for told in stage.told(TESTER))


@SOCKET
async def test_the_shortcut_waits_until_a_build_is_over(stage: Stage) -> None:
    await stage.say("/build 543988 Endless")
    await stage.reaches(JobState.RUNNING)
    await stage.shows("building")
    await stage.sandbox.slack.shortcut(TESTER, stage.one_card().ts, REBUILD_MESSAGE)
    await stage.whispered()
    assert stage.told(TESTER) == ["#1 is still under way. Rebuild it when it is over."]
    assert await stage.count() == 1
