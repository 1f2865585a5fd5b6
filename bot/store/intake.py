"""The intake: jobs that are asked for at the same moment share one commit."""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from bot.builds.job import Asker, JobKind, JobState
from bot.builds.request import BuildRequest
from bot.store.codec import dump_request, likeness
from bot.store.engine import Database
from bot.store.tables import events, jobs

_MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class NewJob:
    """What a listener asks for. `intake_key` is the same however often Slack delivers it."""

    intake_key: str
    request: BuildRequest
    asker: Asker
    patience: timedelta
    kind: JobKind = JobKind.BUILD
    retry_of: int | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """The job's number, and whether it had been accepted before."""

    id: int
    repeated: bool


@dataclass(slots=True)
class _Waiting:
    new: NewJob
    now: datetime
    added: "asyncio.Future[Added]"


class Intake:
    """Commits jobs in groups: an fsync costs the same for one job as for two hundred."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[_Waiting] = deque()
        self._turn = asyncio.Lock()
        self._insertion = _insertion(database)

    async def add(self, new: NewJob, now: datetime) -> Added:
        """Accept a job; return after its commit."""
        waiting = _Waiting(new, now, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        async with self._turn:
            # Whoever is first in the line commits for those who came while it waited.
            if not waiting.added.done():
                await self._commit()
        return waiting.added.result()

    async def _commit(self) -> None:
        group = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST_AT_ONCE))]
        try:
            answers = await self._insert(group)
        except asyncio.CancelledError:
            # Only the one who commits was cancelled: the next in line does it for the others,
            # and the intake keys find what may have been committed already.
            self._waiting.extendleft(reversed(group))
            raise
        except Exception as error:  # noqa: BLE001 - everyone in the group is told
            for each in group:
                each.added.set_exception(error)
            return
        for each, added in zip(group, answers, strict=True):
            each.added.set_result(added)

    async def _insert(self, group: list[_Waiting]) -> list[Added]:
        rows = [_row(each.new, each.now) for each in group]
        async with self._database.write() as connection:
            inserted = await connection.execute(self._insertion, rows)
            ids: dict[str, int] = {row.intake_key: row.id for row in inserted}
            answers = []
            for each in group:
                # Popped: the second of two deliveries in one group is a repeat as well.
                job_id = ids.pop(each.new.intake_key, None)
                if job_id is None:
                    answers.append(Added(await _first(connection, each.new), repeated=True))
                else:
                    answers.append(Added(job_id, repeated=False))
            await _accepted(connection, group, answers)
        return answers


def _insertion(database: Database) -> ReturningInsert[int, str]:
    dialect = sqlite if database.is_sqlite else postgresql
    insertion = dialect.insert(jobs).on_conflict_do_nothing()
    accepted: ReturningInsert[int, str] = insertion.returning(jobs.c.id, jobs.c.intake_key)
    return accepted


async def _accepted(
    connection: AsyncConnection, group: list[_Waiting], answers: list[Added]
) -> None:
    rows = [
        {"job_id": added.id, "at": each.now, "after": JobState.ACCEPTED}
        for each, added in zip(group, answers, strict=True)
        if not added.repeated
    ]
    if rows:
        await connection.execute(insert(events), rows)


def _row(new: NewJob, now: datetime) -> dict[str, object]:
    asker = new.asker
    return {
        "kind": new.kind,
        "state": JobState.ACCEPTED,
        "intake_key": new.intake_key,
        "team_id": asker.team_id,
        "channel_id": asker.channel_id,
        "user_id": asker.user_id,
        "thread_ts": asker.thread_ts,
        "response_url": asker.response_url,
        "project": new.request.project,
        "request": dump_request(new.request),
        "likeness": likeness(new.kind, new.request),
        "retry_of": new.retry_of,
        "accepted_at": now,
        "deadline_at": now + new.patience,
        "due_at": now,
    }


async def _first(connection: AsyncConnection, new: NewJob) -> int:
    """Find the job that an earlier delivery or an earlier press has made."""
    same = select(jobs.c.id).where(jobs.c.intake_key == new.intake_key)
    found = await connection.scalar(same)
    if found is None:
        again = select(jobs.c.id).where(jobs.c.retry_of == new.retry_of)
        found = await connection.scalar(again.order_by(jobs.c.id.desc()).limit(1))
    if found is None:
        raise LookupError(new.intake_key)
    return int(found)
