"""What can be done with a build, however it is asked for: by a button or by a line."""

from dataclasses import replace
from datetime import timedelta

import structlog

from bot.builds.job import TERMINAL, Asker, Job, JobState
from bot.builds.outcome import Cancelled, Outcome, Unwatched
from bot.builds.rights import Refusal, Right
from bot.builds.transition import end
from bot.slack.listeners.asked import Desk, outline
from bot.slack.messages import answer, steered
from bot.slack.messages.builds_details import details
from bot.slack.messages.message import Message
from bot.slack.messages.not_allowed import not_allowed
from bot.store.new_job import NewJob
from bot.store.once import Added

log = structlog.get_logger(__name__)
# A worker may look at a job between the reading of it here and the writing.
_TRIES = 5


async def stop(desk: Desk, job_id: int, asker: Asker) -> Job | Message:
    """Cancel what waits, leave what runs unwatched; return the job as it is then, or why not."""
    for _ in range(_TRIES):
        job = await desk.store.history.find(job_id, asker)
        if job is None:
            return answer.unknown(str(job_id))
        if job.state in TERMINAL:
            return answer.over(job_id)
        if refusal := await _may_stop(desk, job, asker):
            return not_allowed(refusal)
        outcome = _stopped_by(job, asker.user_id)
        if outcome is None:
            break
        # Anyone's lease gives way to a person; whoever held it finds its answer dropped.
        after = await desk.store.jobs.record(job, end(job, outcome), desk.clock(), asker)
        if after is not None:
            return after
    return answer.not_now(job_id)


async def once_more(
    desk: Desk, job: Job, asker: Asker, intake_key: str, *, engine: str = ""
) -> Added | Refusal:
    """Ask for the same again, on another engine if one is named.

    A second wish finds the first while that is under way.
    """
    options = replace(job.request.options, engine=engine or job.request.options.engine)
    request = replace(job.request, options=options, branches=await _left(desk, job))
    new = NewJob(intake_key, request, asker, desk.patience, job.kind, retry_of=job.id)
    added = await desk.start(new)
    log.info("asked for again", retry_of=job.id, **outline(added))
    return added


def counted(desk: Desk, action: str, added: Added | Refusal) -> Message | None:
    """Count what came of a wish; return what is said of a repeat, or of a refusal."""
    if isinstance(added, Refusal):
        desk.counted(action, "not_allowed")
        return not_allowed(added)
    desk.counted(action, "repeated" if added.repeated else "accepted")
    return answer.repeated(added.id) if added.repeated else None


async def keep_waiting(desk: Desk, job: Job, asker: Asker) -> Refusal | None:
    """Ask nobody about a long build again."""
    refusal = await desk.refusal(Right.BUILD, asker)
    if refusal is None:
        await desk.store.outbox.quieten(job.id, desk.clock())
    return refusal


async def start_again(
    desk: Desk, job: Job, asker: Asker, intake_key: str
) -> Added | Refusal | Message:
    """Start the same once more in the place of one that takes too long.

    That one is left unwatched, unless it is someone else's to stop: one wish has one answer. Who
    dies in between finds the first start with a second press, and leaves the old one then.
    """
    if job.state is not JobState.RUNNING:
        return answer.over(job.id)
    added = await once_more(desk, job, asker, intake_key)
    if isinstance(added, Refusal):
        return added
    if not isinstance(await stop(desk, job.id, asker), Job):
        await desk.store.outbox.quieten(job.id, desk.clock())
    return added


async def _left(desk: Desk, job: Job) -> tuple[str, ...] | None:
    """Of several archives name those that are not ready: the others need not be made again."""
    children = await desk.store.families.children(job)
    resolved = [each.resolved for each in children if each.state is not JobState.READY]
    left = tuple(each.branch.id for each in resolved if each and each.branch)
    return left or job.request.branches


async def watch_again(desk: Desk, job: Job, asker: Asker, intake_key: str) -> Added | Message:
    """Follow anew what was left unwatched; a second wish finds the first."""
    if job.state is not JobState.UNWATCHED or job.request.branches is not None:
        return steered.not_unwatched(job)
    if refusal := await desk.refusal(Right.BUILD, asker):
        return not_allowed(refusal)
    return await _follow(desk, job, asker, intake_key, desk.patience)


async def check_now(desk: Desk, job: Job, asker: Asker, intake_key: str) -> Added | Message:
    """Look once more at what expired: a build that did get ready after all is picked up."""
    if job.state is not JobState.EXPIRED or job.remote_id is None:
        return steered.not_expired(job)
    if refusal := await desk.refusal(Right.BUILD, asker):
        return not_allowed(refusal)
    if number := await desk.store.precedents.picked_up(job):
        return steered.picked_up(job, number)
    return await _follow(desk, job, asker, intake_key, timedelta())


async def _follow(
    desk: Desk, job: Job, asker: Asker, intake_key: str, patience: timedelta
) -> Added:
    added = await desk.store.watching.again(job, asker, intake_key, patience, desk.clock())
    log.info("watched again", job=added.id, retry_of=job.id, repeated=added.repeated)
    return added


async def show(desk: Desk, job_id: int, asker: Asker) -> Message:
    """Tell everything about a build."""
    story = await desk.store.history.story(job_id, asker)
    return answer.unknown(str(job_id)) if story is None else details(story)


async def _may_stop(desk: Desk, job: Job, asker: Asker) -> Refusal | None:
    """Let people stop what they asked for themselves, whatever else they may."""
    if asker.user_id == job.asker.user_id:
        return None
    return await desk.refusal(Right.STOP, asker)


def _stopped_by(job: Job, user_id: str) -> Outcome | None:
    match job.state:
        case JobState.ACCEPTED | JobState.QUEUED:
            return Cancelled(user_id)
        case JobState.RUNNING:
            return Unwatched(user_id)
        case _:
            return None
