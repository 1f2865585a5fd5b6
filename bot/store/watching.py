"""Watching again: a new job for what PlayCanvas may still be building."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert

from bot.builds.audit import Act
from bot.builds.job import Asker, Job, JobState
from bot.builds.transition import NoticeKind
from bot.store import audit, wanted
from bot.store.accepting import first_of
from bot.store.codec import dump_person, dump_request, dump_resolved, job_from, likeness, series
from bot.store.engine import Database
from bot.store.once import Added, insert_new
from bot.store.tables import events, jobs
from bot.store.topics import NOTICE

_LEFT = frozenset({JobState.UNWATCHED, JobState.EXPIRED})


class Watching:
    """Takes up what someone stopped watching, or what expired, in one transaction."""

    def __init__(self, database: Database, ring: Callable[[str], None]) -> None:
        self._database = database
        self._ring = ring
        self._insertion = insert_new(database.dialect, jobs).returning(jobs)

    async def again(
        self, old: Job, asker: Asker, intake_key: str, patience: timedelta, now: datetime
    ) -> Added:
        """Follow anew what was left at PlayCanvas; a second wish finds the first.

        Without patience it is looked at once: what is not over then expires, and has no card.
        """
        if old.state not in _LEFT or old.resolved is None:
            raise ValueError(old.state)
        row = _row(old, asker, intake_key, now, now + patience)

        def change(connection: Connection) -> Added:
            inserted = connection.execute(self._insertion, [row]).mappings().one_or_none()
            if inserted is None:
                return Added(first_of(connection, intake_key, old.id), repeated=True)
            job = job_from(inserted)
            _tell(connection, job, now)
            deed = audit.asked(Act.WATCHED, asker, job.kind, job.request, job.id)
            audit.note(connection, [deed], now)
            return Added(job.id, repeated=False)

        added = await self._database.at_once(change)
        self._ring(JobState.RUNNING)
        self._ring(NOTICE)
        return added


def _row(
    old: Job, asker: Asker, intake_key: str, now: datetime, deadline_at: datetime
) -> dict[str, object]:
    return {
        "kind": old.kind,
        "state": JobState.RUNNING,
        "intake_key": intake_key,
        **dump_person(asker),
        "thread_ts": asker.thread_ts,
        "response_url": asker.response_url,
        "project": old.request.project,
        "request": dump_request(old.request),
        "resolved": old.resolved and dump_resolved(old.resolved),
        "series": old.resolved and series(old.kind, old.request, old.resolved),
        "likeness": likeness(old.kind, old.request),
        "remote_id": old.remote_id,
        "retry_of": old.id,
        "accepted_at": now,
        # PlayCanvas never paused: how long it takes counts from its own start.
        "started_at": old.started_at,
        "deadline_at": deadline_at,
        "due_at": now,
        "eagerness": 0.0,
    }


def _tell(connection: Connection, job: Job, now: datetime) -> None:
    connection.execute(insert(events).values(job_id=job.id, at=now, after=JobState.RUNNING))
    if not job.is_check:
        wanted.want(connection, job, NoticeKind.CARD, now)
