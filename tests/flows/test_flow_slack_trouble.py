"""Slack in trouble, or not letting the bot in: everything is said, nothing twice."""

from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from bot import running
from bot.builds.job import JobState
from bot.sandbox.faults import Act, Answer, Call, DropAnswer, Freeze, Reset, Rule
from bot.sandbox.slack.demo import ART, BUILDS, PRIVATE, PROGRAMMER
from bot.workers import notifier
from tests.flows.flows_stage import LEVEL_3, Stage, eventually

pytestmark = pytest.mark.parametrize("mode", ["socket"], indirect=True)
POST, UPDATE, HISTORY, REPLIES = (
    "chat.postMessage",
    "chat.update",
    "conversations.history",
    "conversations.replies",
)
JSON = {"Content-Type": "application/json"}
TROUBLE: dict[str, Act] = {
    "500 HTML": Answer(500, b"<html>", {"Content-Type": "text/html"}),
    "500 text": Answer(500, b"server error", {"Content-Type": "text/plain"}),
    "500 JSON": Answer(500, b'{"ok":false,"error":"internal_error"}', JSON),
    "200 fatal_error": Answer(200, b'{"ok":false,"error":"fatal_error"}', JSON),
    "200 text": Answer(200, b"ok", {"Content-Type": "text/plain"}),
    "200 rubbish": Answer(200, b"{", JSON),
    "200 list": Answer(200, b"[1]", JSON),
    "200 nothing": Answer(200, b"", JSON),
    "reset": Reset(),
    "dropped": DropAnswer(),
}


def busy(seconds: int = 1) -> Answer:
    return Answer(429, b'{"ok":false,"error":"ratelimited"}', JSON | {"Retry-After": str(seconds)})


async def test_what_slack_did_not_confirm_is_said_once(stage: Stage) -> None:
    """Trouble of every kind, one after the other: at posts, updates and both look-ups."""
    faults = stage.sandbox.slack.faults

    def troubled(*paths: str) -> dict[tuple[str, str], Rule]:
        kinds = TROUBLE.items()
        return {(path, name): faults.add(path, act=act) for path in paths for name, act in kinds}

    rules = troubled(POST, HISTORY, UPDATE)
    await stage.say("/build 543988 Endless")
    await eventually(lambda: all(rule.hits for rule in rules.values()))
    await stage.shows("building")
    after = troubled(POST, REPLIES)
    stage.finish_exports()
    await stage.settled()
    # What was dropped had been taken, and is found: nothing is posted after it.
    assert [which for which, rule in after.items() if rule.hits != 1] == []
    assert "ready in" in stage.one_card().text
    assert stage.one_reply().text.count("|Download zip>") == 1
    assert stage.posted() == 2
    assert stage.told() == ["#1 accepted: looking up Endless in project 543988."]


async def test_a_card_that_was_taken_is_found_by_its_metadata(stage: Stage) -> None:
    stage.sandbox.slack.faults.add(POST, times=3, act=DropAnswer())
    await stage.build()
    # Taken and adopted, so never posted again: the second drop hits the reply.
    assert stage.posted() == 2
    _, metrics = await stage.get("/metrics")
    assert 'bot_posts_in_doubt_total{found="found"} 2.0' in metrics
    card = stage.one_card()
    assert card.metadata is not None
    assert stage.one_reply().metadata != card.metadata


async def test_a_doubt_outlives_a_busy_look_up(stage: Stage) -> None:
    faults = stage.sandbox.slack.faults
    faults.add(POST, act=DropAnswer())
    looked = faults.add(HISTORY, act=busy())
    await stage.build()
    assert looked.hits == 1
    assert stage.posted() == 2
    assert stage.one_card().ts == stage.one_reply().thread_ts


async def test_a_call_that_hangs_is_given_up_before_its_lease_is(
    stage_of_the_impatient: Stage,
) -> None:
    stage = stage_of_the_impatient
    hung = [stage.sandbox.slack.faults.add(path, act=Freeze()) for path in (POST, UPDATE)]
    await stage.say("/build 543988 Endless")
    await stage.shows("building")
    stage.finish_exports()
    await stage.settled()
    assert [rule.hits for rule in hung] == [1, 1]
    assert stage.posted() == 2
    assert stage.one_reply()


@pytest.mark.parametrize("path", [POST, UPDATE])
async def test_a_busy_slack_gets_its_pause(stage: Stage, path: str) -> None:
    rule = stage.sandbox.slack.faults.add(path, act=busy())
    await stage.say(LEVEL_3)
    await rule.hit.wait()
    began = stage.now()
    before = len(stage.sandbox.slack.books.of(path))
    await stage.settled()
    calls = stage.sandbox.slack.books.of(path)[before:]
    assert (calls[0].at - began).total_seconds() > 0.9
    assert stage.posted() == 2


async def test_a_public_channel_takes_posts_without_the_bot_being_in(stage: Stage) -> None:
    await stage.build(channel=ART)
    assert stage.one_reply(ART)
    assert stage.failures() == []


@pytest.mark.parametrize("channel", [ART, PRIVATE])
async def test_who_asked_where_the_bot_is_not_hears_everything_alone(
    stage: Stage, channel: str
) -> None:
    _take_scope(stage, "chat:write.public")
    job = await stage.build(channel=channel)
    assert job.state is JobState.READY
    assert stage.said(channel) == []
    accepted, invite, result = stage.told()
    assert accepted.startswith("#1 accepted")
    assert "type `/invite` and pick me. #1" in invite
    assert result.startswith(f"<@{PROGRAMMER}> #1 is ready: ")
    assert "|Download zip>" in result
    assert all(each.status == 200 for each in stage.sandbox.slack.books.responses)


async def test_an_invitation_in_the_middle_brings_the_card(stage: Stage) -> None:
    stage.sandbox.playcanvas.jobs.scale = 0.05
    await stage.say(LEVEL_3, PRIVATE)
    await eventually(lambda: len(stage.told()) == 2)
    await stage.say("/invite @builds", PRIVATE)
    await stage.settled()
    assert "ready in" in stage.one_card(PRIVATE).text
    assert stage.one_reply(PRIVATE)
    assert len(stage.told()) == 2


async def test_an_archived_channel_says_so(stage: Stage) -> None:
    stage.sandbox.slack.workspace.channels[BUILDS].is_archived = True
    await stage.build()
    assert "This channel is archived" in stage.told()[1]
    assert "is ready" in stage.told()[2]


async def test_a_card_that_someone_deleted_leaves_the_reply_in_the_channel(stage: Stage) -> None:
    await stage.say("/build 543988 Endless")
    await stage.shows("building")
    _delete_card(stage)
    stage.finish_exports()
    await stage.settled()
    [reply] = stage.said()
    assert reply.thread_ts is None
    assert reply.text.startswith(f"<@{PROGRAMMER}> #1 is ready: ")
    # Nothing is wrong with the place, so nothing is said about it.
    assert len(stage.told()) == 1


async def test_a_reply_to_a_deleted_card_is_posted_once_though_its_answer_is_lost(
    stage: Stage,
) -> None:
    await stage.say("/build 543988 Endless")
    await stage.shows("building")
    _delete_card(stage)

    async def lose_the_next() -> None:
        stage.sandbox.slack.faults.add(POST, act=DropAnswer())

    stage.sandbox.slack.faults.add(UPDATE, act=Call(after=lose_the_next))
    stage.finish_exports()
    await stage.settled()
    assert len(stage.said()) == 1


async def test_a_bot_that_was_thrown_out_tells_the_asker_how_it_ended(stage: Stage) -> None:
    await stage.say("/build 543988 Endless")
    await stage.shows("building")
    _take_scope(stage, "chat:write.public")
    stage.sandbox.slack.workspace.channels[BUILDS].is_private = True
    stage.sandbox.slack.workspace.channels[BUILDS].bot_in = False
    stage.finish_exports()
    await stage.settled()
    assert stage.replies() == []
    assert [text for text in stage.told() if "is ready" in text and "Download zip" in text]


async def test_without_leave_to_read_a_doubt_is_posted_again(stage: Stage) -> None:
    _take_scope(stage, "channels:history")
    stage.sandbox.slack.faults.add(POST, act=DropAnswer())
    await stage.build()
    # Rather twice than never: there is no way to know.
    assert len(stage.cards()) == 2
    assert len(stage.replies()) == 1


async def test_a_response_url_that_slack_no_longer_takes_becomes_a_message(stage: Stage) -> None:
    stage.sandbox.slack.core.hooks.uses = 0
    await stage.build('/build 543988 "No such level"')
    workspace = stage.sandbox.slack.workspace
    [direct] = [channel for channel in workspace.channels.values() if channel.is_im]
    assert direct.members == {PROGRAMMER}
    [message] = direct.messages.values()
    assert "There is no scene “No such level”." in message.text


async def test_a_revoked_token_ends_nothing_but_the_talking(stage: Stage) -> None:
    await stage.say("/build 543988 Endless")
    await stage.shows("building")
    stage.sandbox.slack.core.credentials.ended_by = "token_revoked"
    stage.finish_exports()
    await stage.settled()
    assert (await stage.job()).state is JobState.READY
    # The response_url needs no token.
    assert any("is ready" in text for text in stage.told())


def _take_scope(stage: Stage, scope: str) -> None:
    core = stage.sandbox.slack.core
    scopes = (core.installation.scopes or frozenset()) - {scope}
    core.installation = replace(core.installation, scopes=scopes)


def _delete_card(stage: Stage) -> None:
    slack = stage.sandbox.slack
    slack.core.posting.remove(slack.workspace.channels[BUILDS], stage.one_card())


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_TIMEOUT", aiohttp.ClientTimeout(total=0.3))
    monkeypatch.setattr(notifier, "MAY_YET_COME", timedelta(seconds=1))


@pytest.fixture
def stage_of_the_impatient(impatient: None, stage: Stage) -> Stage:
    """A bot that waits for an answer a fraction of a second in place of ten."""
    _ = impatient
    return stage
