"""/builds: what was built, page by page, and what to do with it; for the asker alone."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.builds.audit import AuditListing
from bot.builds.builds_command import Latest, Retry, Show, Stop, parse
from bot.builds.history import Listing
from bot.builds.job import ACTIVE, Asker, Job
from bot.builds.projects import Known
from bot.builds.request import HelpWanted
from bot.builds.rights import Refusal, Right
from bot.builds.schedule_command import ListSchedules, ScheduleWanted
from bot.builds.usage import UsageError
from bot.slack.listeners import schedules, steering
from bot.slack.listeners.asked import Desk, answer, asker_of, presser_of, tell_presser
from bot.slack.messages import answer as answers
from bot.slack.messages import steered
from bot.slack.messages.audit import audit
from bot.slack.messages.builds_list import NEWER, OLDER, builds_list, latest, no_latest
from bot.slack.messages.builds_usage import help_text, usage
from bot.slack.messages.message import Message
from bot.slack.messages.not_allowed import not_allowed

COMMAND = "/builds"


def register(bolt: AsyncApp, desk: Desk) -> None:
    """Listen to /builds and the buttons of its pages."""

    @bolt.command(COMMAND)
    async def builds(ack: AsyncAck, command: dict[str, Any]) -> None:
        asker, text = asker_of(command), command.get("text", "")
        told = await _answered(desk, asker, text, command["trigger_id"])
        await answer(ack, told)

    @bolt.action(NEWER)
    @bolt.action(OLDER)
    async def turn(ack: AsyncAck, body: dict[str, Any]) -> None:
        wanted = str(body["actions"][0].get("value", ""))
        told = await _answered(desk, presser_of(body, None), wanted, body["trigger_id"])
        await tell_presser(desk, body, told, instead=True)
        await ack()


async def _answered(desk: Desk, asker: Asker, text: str, intake_key: str) -> Message:
    known = await desk.store.projects.known_in(asker.channel_id, desk.clock())
    wanted = parse(text, known)
    desk.counted(COMMAND, type(wanted).__name__.lower())
    match wanted:
        case HelpWanted() | UsageError():
            return help_text() if isinstance(wanted, HelpWanted) else usage(wanted)
        case Listing():
            page = await desk.store.history.page(wanted, asker)
            return builds_list(page, asker.channel_id, known, desk.clock())
        case AuditListing():
            return await _audit(desk, wanted, asker, known)
        case Latest():
            return await _latest(desk, wanted, asker, known)
        case ScheduleWanted() | ListSchedules():
            return await schedules.answered(desk, wanted, asker, intake_key)
        case Show() | Stop() | Retry():
            return await _one(desk, wanted, asker, intake_key)


async def _audit(desk: Desk, wanted: AuditListing, asker: Asker, known: Known) -> Message:
    if refusal := await desk.refusal(Right.AUDIT, asker):
        return not_allowed(refusal)
    # Where everyone is an admin, private channels stay private.
    everything = bool(desk.rights.admins)
    page = await desk.store.audit.page(wanted, asker, desk.clock(), everything=everything)
    return audit(page, known)


async def _latest(desk: Desk, wanted: Latest, asker: Asker, known: Known) -> Message:
    found = await desk.store.history.latest(wanted.project, wanted.branch, asker)
    if found is None:
        return no_latest(wanted.project, wanted.branch, known)
    return latest(found, asker.channel_id)


async def _one(desk: Desk, wanted: Show | Stop | Retry, asker: Asker, intake_key: str) -> Message:
    match wanted:
        case Show(job_id=job_id):
            return await steering.show(desk, job_id, asker)
        case Stop(job_id=job_id):
            stopped = await steering.stop(desk, job_id, asker)
            return steered.stopped(stopped) if isinstance(stopped, Job) else stopped
        case Retry(job_id=job_id):
            return await _retry(desk, job_id, asker, intake_key)


async def _retry(desk: Desk, job_id: int, asker: Asker, intake_key: str) -> Message:
    job = await desk.store.history.find(job_id, asker)
    if job is None:
        return answers.unknown(str(job_id))
    if job.state in ACTIVE:
        return steered.under_way(job)
    added = await steering.once_more(desk, job, asker, intake_key)
    if isinstance(added, Refusal):
        return not_allowed(added)
    return answers.repeated(added.id) if added.repeated else steered.once_more(added.id, job)
