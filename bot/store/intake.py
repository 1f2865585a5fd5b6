"""The intake: jobs that are asked for at the same moment share one commit."""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, insert, select

from bot.builds.audit import Act
from bot.builds.job import Asker, JobKind, JobState
from bot.builds.request import BuildRequest
from bot.store import audit
from bot.store.codec import dump_request, likeness
from bot.store.engine import Database
from bot.store.hold import hold
from bot.store.joining import Joining, join, known_before
from bot.store.once import Added, insert_new
from bot.store.tables import events, jobs
from bot.store.under_way import Before, Likeness

_MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class NewJob:
    """What a listener asks for. `intake_key` is the same however often Slack delivers it.

    A request that means a build under way joins it, unless it is wanted `anyway` or once more.
    """

    intake_key: str
    request: BuildRequest
    asker: Asker
    patience: timedelta
    kind: JobKind = JobKind.BUILD
    retry_of: int | None = None
    anyway: bool = False

    @property
    def may_join(self) -> bool:
        """Whether someone else's build of the same will do."""
        return not self.anyway and self.retry_of is None


@dataclass(slots=True, eq=False)
class _Waiting:
    new: NewJob
    now: datetime
    likeness: Likeness
    added: "asyncio.Future[Added]"


class Intake:
    """Commits jobs in groups: an fsync costs the same for one job as for two hundred."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[_Waiting] = deque()
        self._turn = asyncio.Lock()
        new = insert_new(database.engine.dialect, jobs)
        self._insertion = new.returning(jobs.c.id, jobs.c.intake_key)

    async def add(self, new: NewJob, now: datetime) -> Added:
        """Accept a job; return after its commit."""
        same = (new.asker.team_id, likeness(new.kind, new.request))
        waiting = _Waiting(new, now, same, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        async with self._turn:
            # Whoever is first in the line commits for those who came while it waited.
            if not waiting.added.done():
                await self._commit()
        return waiting.added.result()

    async def _commit(self) -> None:
        group = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST_AT_ONCE))]
        try:
            answers = await self._database.at_once(partial(self._insert, group))
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

    def _insert(self, group: list[_Waiting], connection: Connection) -> list[Added]:
        keys = [each.new.intake_key for each in group]
        wanted = {each.likeness for each in group if each.new.may_join}
        hold(connection, *wanted)
        places = {each.new.asker.channel_id for each in group}
        before = known_before(connection, keys, wanted, places)
        firsts = _firsts(group, before)
        answers = dict(zip(firsts, self._accept(connection, firsts), strict=True))
        for each, added in answers.items():
            before.by_key[each.new.intake_key] = added.id
            before.starts(each.likeness, each.new.asker, added.id)
        joining = []
        for each in group:
            if each not in answers:
                answers[each], more = _joined(each, before)
                joining += more
        join(connection, joining)
        return [answers[each] for each in group]

    def _accept(self, connection: Connection, group: list[_Waiting]) -> list[Added]:
        if not group:
            return []
        inserted = connection.execute(self._insertion, [_row(each) for each in group])
        ids: dict[str, int] = {row.intake_key: row.id for row in inserted}
        answers = []
        for each in group:
            # Popped: the second of two deliveries in one group is a repeat as well.
            job_id = ids.pop(each.new.intake_key, None)
            if job_id is None:
                found = first_of(connection, each.new.intake_key, each.new.retry_of)
                answers.append(Added(found, repeated=True))
            else:
                answers.append(Added(job_id, repeated=False))
        _accepted(connection, group, answers)
        return answers


def _firsts(group: list[_Waiting], before: Before) -> list[_Waiting]:
    """Choose those that make a job of their own."""
    firsts, then = [], before.copy()
    for each in group:
        asker, same = each.new.asker, each.likeness
        joins = each.new.may_join and then.joinable(same, asker)
        if each.new.intake_key in before.by_key or joins:
            continue
        firsts.append(each)
        then.starts(same, asker)
    return firsts


def _joined(each: _Waiting, before: Before) -> tuple[Added, list[Joining]]:
    key, asker = each.new.intake_key, each.new.asker
    if key in before.by_key:
        return Added(before.by_key[key], repeated=True), []
    found = before.joinable(each.likeness, asker)
    if found is None:
        raise LookupError(key)
    before.by_key[key] = found.job_id
    joining = Joining(key, found.job_id, asker.user_id, each.now)
    return Added(found.job_id, repeated=False, joined=True), [joining]


def _accepted(connection: Connection, group: list[_Waiting], answers: list[Added]) -> None:
    firsts = [pair for pair in zip(group, answers, strict=True) if not pair[1].repeated]
    rows = [
        {"job_id": added.id, "at": each.now, "after": JobState.ACCEPTED} for each, added in firsts
    ]
    if rows:
        connection.execute(insert(events), rows)
        audit.note(connection, [_deed(*each) for each in firsts], group[0].now)


def _deed(waiting: _Waiting, added: Added) -> audit.Deed:
    new = waiting.new
    act = Act.STARTED if new.retry_of is None else Act.RETRIED
    return audit.asked(act, new.asker, new.kind, new.request, added.id)


def _row(waiting: _Waiting) -> dict[str, object]:
    new, now, asker = waiting.new, waiting.now, waiting.new.asker
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
        "likeness": waiting.likeness[1],
        "retry_of": new.retry_of,
        "accepted_at": now,
        "deadline_at": now + new.patience,
        "due_at": now,
    }


def first_of(connection: Connection, intake_key: str, retry_of: int | None) -> int:
    """Find the job that an earlier delivery or an earlier press has made."""
    same = select(jobs.c.id).where(jobs.c.intake_key == intake_key)
    found = connection.scalar(same)
    if found is None:
        again = select(jobs.c.id).where(jobs.c.retry_of == retry_of)
        found = connection.scalar(again.order_by(jobs.c.id.desc()).limit(1))
    if found is None:
        raise LookupError(intake_key)
    return int(found)
