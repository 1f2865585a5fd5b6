"""PlayCanvas in trouble: everything is tried again, and told once."""

import asyncio
import math
from datetime import UTC, datetime, timedelta

import pytest

from bot.builds.job import JobState
from bot.sandbox.faults import Act, Answer, Call, DropAnswer, Reset
from tests.flows.flows_stage import LEVEL_3, Stage

pytestmark = pytest.mark.parametrize("mode", ["socket"], indirect=True)
SCENES, START, LOOK = "projects/543988/scenes", "apps/download", "jobs/*"

HTML = b"<!DOCTYPE html><title>502 Bad Gateway</title>"
TROUBLE: dict[str, Act] = {
    "500": Answer(500, b'{"error":"boom"}'),
    "502 HTML": Answer(502, HTML, {"Content-Type": "text/html"}),
    "503 without a word": Answer(503),
    "200 HTML": Answer(200, HTML, {"Content-Type": "text/html"}),
    "200 rubbish": Answer(200, b"\xff\xfe{"),
    "200 another shape": Answer(200, b'{"result":{"id":[]}}'),
    "200 with an error": Answer(200, b'{"error":"try later"}'),
    "200 null": Answer(200, b"null"),
    "redirect": Answer(302, b"", {"Location": "https://example.com/"}),
    "reset": Reset(),
    "dropped": DropAnswer(),
}


async def test_trouble_of_every_kind_is_tried_again_and_told_once(stage: Stage) -> None:
    """One build meets all of it, one after the other, at each of its three questions."""
    faults = stage.sandbox.playcanvas.faults
    rules = {
        (path, name): faults.add(path, act=act)
        for path in (SCENES, START, LOOK)
        for name, act in TROUBLE.items()
    }
    assert (await stage.build()).state is JobState.READY
    assert [which for which, rule in rules.items() if rule.hits != 1] == []
    assert stage.one_reply().text.count("Download zip") == 1
    assert stage.posted() == 2


async def test_a_start_whose_answers_are_lost_is_followed_once(stage: Stage) -> None:
    stage.sandbox.playcanvas.faults.add(START, times=2, act=DropAnswer())
    job = await stage.build()
    started = list(stage.sandbox.playcanvas.jobs.all)
    # Each start without an answer leaves an orphan, which changes nothing; the last is followed.
    assert len(started) == 3
    assert job.remote_id == started[-1]
    assert stage.posted() == 2


async def test_a_waiting_card_says_what_the_trouble_is(stage: Stage) -> None:
    fault = stage.sandbox.playcanvas.faults.add(START, times=None, act=TROUBLE["500"])
    await stage.say(LEVEL_3)
    await stage.shows("waiting: PlayCanvas is not available: it answers 500 “boom”")
    assert "; next try about <!date^" in stage.one_card().text
    fault.times = 0
    await stage.settled()
    assert (await stage.job()).state is JobState.READY


async def test_trouble_until_the_deadline_ends_with_the_last_of_it(stage: Stage) -> None:
    stage.sandbox.playcanvas.faults.add(LOOK, times=None, act=TROUBLE["500"])
    await stage.say(LEVEL_3)
    await stage.reaches(JobState.RUNNING)
    await stage.expire()
    assert (await stage.job()).state is JobState.EXPIRED
    assert "The last look said:\n>PlayCanvas is not available: it answers 500 “boom”." in (
        stage.one_reply().text
    )


async def test_a_start_that_never_gets_through_fails_at_the_deadline(stage: Stage) -> None:
    stage.sandbox.playcanvas.faults.add(START, times=None, act=Reset())
    await stage.say(LEVEL_3)
    await stage.shows("waiting: ")
    await stage.expire()
    assert (await stage.job()).state is JobState.FAILED
    assert "was not started" in stage.one_reply().text
    assert "the connection broke" in stage.one_reply().text


@pytest.mark.parametrize("path", [SCENES, START, LOOK])
async def test_nothing_of_its_class_is_sent_before_a_429_resets(stage: Stage, path: str) -> None:
    reset = math.ceil(datetime.now(UTC).timestamp())
    headers = {
        "X-RateLimit-Limit": "60000",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(reset),
    }
    _, after = await _refused_once(stage, path, Answer(429, b"", headers))
    assert after.timestamp() >= reset


async def test_a_429_without_headers_is_a_pause_too(stage: Stage) -> None:
    refused, after = await _refused_once(stage, LOOK, Answer(429, b"Too Many Requests"))
    # Half a second here, ten in a bot that is not hurried.
    assert after - refused >= timedelta(seconds=0.5)


async def test_a_retry_after_is_obeyed(stage: Stage) -> None:
    answer = Answer(429, b"", {"Retry-After": "1"})
    refused, after = await _refused_once(stage, START, answer)
    assert after - refused >= timedelta(seconds=1)


async def test_a_429_is_no_failed_attempt_and_says_when_it_goes_on(stage: Stage) -> None:
    reset = math.ceil(datetime.now(UTC).timestamp() + 30)
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)}
    stage.sandbox.playcanvas.faults.add(START, act=Answer(429, b"", headers))
    await stage.say(LEVEL_3)
    await stage.shows("waiting: PlayCanvas takes no more requests this minute.")
    assert f"; next try about <!date^{reset}^" in stage.one_card().text


async def test_a_slow_answer_holds_up_nobody_else(stage: Stage) -> None:
    slow = asyncio.Event()
    held = Call(before=lambda: _wait(slow))
    stage.sandbox.playcanvas.faults.add(START, act=held)
    await stage.say("/build 543988 Endless")
    await stage.reaches(JobState.SUBMITTING)
    await stage.say(LEVEL_3)
    await stage.reaches(JobState.READY)
    slow.set()
    await stage.reaches_all(JobState.RUNNING, JobState.READY)


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


async def _refused_once(stage: Stage, path: str, answer: Answer) -> tuple[datetime, datetime]:
    """Refuse one request of a build; say when that was, and when the next of its class came.

    One build alone asks one thing after the other: whatever comes after the refusal was sent
    in spite of it.
    """
    rule = stage.sandbox.playcanvas.faults.add(path, act=answer)
    assert (await stage.build()).state is JobState.READY
    assert rule.hits == 1
    books = stage.sandbox.playcanvas.books
    [at] = [n for n, each in enumerate(books) if each.status == 429]
    of_its_class = [each for each in books[at:] if each.rate_class == books[at].rate_class]
    return of_its_class[0].at, of_its_class[1].at
