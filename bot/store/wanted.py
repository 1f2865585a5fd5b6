"""What a move makes the bot say, written as notices in the transaction of the move."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, exists, func, insert, or_, select, update

from bot.builds.job import TERMINAL, Job, JobState
from bot.builds.transition import NoticeKind
from bot.store import channels
from bot.store.lanes import answers_to, posts_to
from bot.store.once import insert_new
from bot.store.tables import jobs, notices

_FRESHEN_AFTER = timedelta(seconds=3)
# Replies first, then the cards of what ended, then what moved, then places in line that have
# changed, then the age of what runs.
_REPLY, _ENDING, _MOVING, _FRESHENING, PROGRESS = range(-1, 4)


def want(connection: Connection, job: Job, kind: NoticeKind, now: datetime) -> None:
    """Ask for a notice to show the job as it is; cards of one job coalesce."""
    if not job.asker.is_in_slack:
        return
    again = update(notices).where(notices.c.job_id == job.id, notices.c.kind == kind)
    values = {"wanted": notices.c.wanted + 1, "due_at": now, "urgency": _urgency(job, kind)}
    if not connection.execute(again.values(values)).rowcount:
        _insert(connection, job, kind, now)


def want_once(connection: Connection, job: Job, kind: NoticeKind, now: datetime) -> None:
    """Ask for a notice unless it has been asked for before."""
    if not job.asker.is_in_slack:
        return
    same = exists().where(notices.c.job_id == job.id, notices.c.kind == kind)
    if not connection.scalar(select(same)):
        _insert(connection, job, kind, now)


def want_about(
    connection: Connection,
    about: Mapping[str, int | None],
    kind: NoticeKind,
    channel_id: str,
    now: datetime,
) -> None:
    """Ask for a notice about what these columns name, to be shown as it is; they coalesce."""
    same = [notices.c[column] == number for column, number in about.items() if number is not None]
    again = update(notices).where(*same, notices.c.kind == kind)
    values = {"wanted": notices.c.wanted + 1, "due_at": now, "urgency": _MOVING}
    if connection.execute(again.values(values)).rowcount:
        return
    row = {
        **about,
        "kind": kind,
        "key": uuid.uuid4().hex,
        "channel_id": channel_id,
        "lane": posts_to(channel_id),
        "urgency": _MOVING,
        "created_at": now,
        "due_at": now,
    }
    inserted = insert_new(connection.dialect, notices).values(row)
    if not connection.execute(inserted).rowcount:
        # Another machine was faster with the first of its kind.
        connection.execute(again.values(values))


def _insert(connection: Connection, job: Job, kind: NoticeKind, now: datetime) -> None:
    waits = kind is NoticeKind.REPLY and not _has_card(connection, job)
    answer = kind is NoticeKind.ANSWER
    asker = job.asker
    if kind is NoticeKind.CARD:
        channels.note(connection, asker.channel_id, now)
    row = {
        "job_id": job.id,
        "kind": kind,
        "key": uuid.uuid4().hex,
        "channel_id": asker.channel_id,
        "lane": answers_to(asker.user_id) if answer else posts_to(asker.channel_id),
        "urgency": _urgency(job, kind),
        "created_at": now,
        "due_at": None if waits else now,
    }
    connection.execute(insert(notices).values(row))


def release_reply(connection: Connection, job_id: int, now: datetime) -> None:
    """Let a reply go that waited for its card to stand, or to be refused."""
    held = update(notices).where(
        notices.c.job_id == job_id,
        notices.c.kind == NoticeKind.REPLY,
        notices.c.shown == 0,
        notices.c.due_at.is_(None),
        notices.c.undeliverable.is_(None),
        notices.c.told_in.is_(None),
    )
    connection.execute(held.values(due_at=now))


def quieten(connection: Connection, job_id: int, now: datetime) -> None:
    """Have a job's nudge shown without its question: it is answered, or it does not matter now."""
    asking = update(notices).where(
        notices.c.job_id == job_id,
        notices.c.kind == NoticeKind.NUDGE,
        notices.c.wanted == 1,
        notices.c.undeliverable.is_(None),
    )
    connection.execute(asking.values(wanted=2, due_at=now, urgency=_FRESHENING))


def freshen_line(connection: Connection, now: datetime) -> None:
    """Show the jobs that wait their new place; a card that is due anyway shows it then."""
    waiting = select(jobs.c.id).where(jobs.c.state == JobState.QUEUED, jobs.c.due_at.is_not(None))
    stale = update(notices).where(
        notices.c.kind == NoticeKind.CARD,
        notices.c.job_id.in_(waiting),
        notices.c.undeliverable.is_(None),
    )
    values = {
        "wanted": notices.c.wanted + 1,
        "urgency": case((notices.c.due_at.is_(None), _FRESHENING), else_=notices.c.urgency),
        "due_at": func.coalesce(notices.c.due_at, now + _FRESHEN_AFTER),
    }
    connection.execute(stale.values(values))


def _has_card(connection: Connection, job: Job) -> bool:
    stands = or_(notices.c.ts.is_not(None), notices.c.undeliverable.is_not(None))
    card = exists().where(notices.c.job_id == job.id, notices.c.kind == NoticeKind.CARD, stands)
    return bool(connection.scalar(select(card)))


def _urgency(job: Job, kind: NoticeKind) -> int:
    if kind is NoticeKind.REPLY:
        return _REPLY
    return _ENDING if job.state in TERMINAL else _MOVING
