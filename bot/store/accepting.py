"""Accepting: what is asked for at one moment, each a job of its own or joined to one under way."""

from functools import lru_cache

from sqlalchemy import Connection, Dialect, insert, select
from sqlalchemy.sql.dml import ReturningInsert

from bot.builds.audit import Act
from bot.builds.job import JobState
from bot.store import audit
from bot.store.hold import hold
from bot.store.joining import Joining, join, known_before
from bot.store.new_job import Asked, row_of
from bot.store.once import Added, insert_new
from bot.store.tables import events, jobs
from bot.store.under_way import Before

_EVENTS = insert(events)


def accept(connection: Connection, group: list[Asked]) -> list[Added]:
    """Answer each wish of a group, in their order."""
    keys = [each.new.intake_key for each in group]
    wanted = {each.likeness for each in group if each.new.may_join}
    hold(connection, *wanted)
    places = {each.new.asker.channel_id for each in group}
    before = known_before(connection, keys, wanted, places)
    firsts = _firsts(group, before)
    answers = dict(zip(firsts, _begin(connection, firsts), strict=True))
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


def _begin(connection: Connection, group: list[Asked]) -> list[Added]:
    if not group:
        return []
    inserted = connection.execute(_jobs(connection.dialect), [row_of(each) for each in group])
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
    _note(connection, group, answers)
    return answers


@lru_cache(maxsize=2)
def _jobs(dialect: Dialect) -> ReturningInsert[tuple[int, str]]:
    """Write the statement once: someone waits for the ack each time it is used."""
    return insert_new(dialect, jobs).returning(jobs.c.id, jobs.c.intake_key)


def _firsts(group: list[Asked], before: Before) -> list[Asked]:
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


def _joined(each: Asked, before: Before) -> tuple[Added, list[Joining]]:
    key, asker = each.new.intake_key, each.new.asker
    if key in before.by_key:
        return Added(before.by_key[key], repeated=True), []
    found = before.joinable(each.likeness, asker)
    if found is None:
        raise LookupError(key)
    before.by_key[key] = found.job_id
    joining = Joining(key, found.job_id, asker.user_id, each.now)
    return Added(found.job_id, repeated=False, joined=True), [joining]


def _note(connection: Connection, group: list[Asked], answers: list[Added]) -> None:
    firsts = [pair for pair in zip(group, answers, strict=True) if not pair[1].repeated]
    rows = [
        {"job_id": added.id, "at": each.now, "after": JobState.ACCEPTED} for each, added in firsts
    ]
    if rows:
        connection.execute(_EVENTS, rows)
        audit.note(connection, [_deed(*each) for each in firsts], group[0].now)


def _deed(each: Asked, added: Added) -> audit.Deed:
    new = each.new
    act = Act.STARTED if new.retry_of is None else Act.RETRIED
    return audit.asked(act, new.asker, new.kind, new.request, added.id)


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
