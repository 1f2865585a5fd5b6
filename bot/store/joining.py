"""Joining: who asks for what is being built already waits for that build with the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    bindparam,
    case,
    insert,
    literal,
    null,
    select,
    union_all,
    update,
)

from bot.store.channels import public
from bot.store.codec import dump_watchers, load_watchers
from bot.store.tables import channels, is_active, jobs, joins
from bot.store.under_way import Before, Likeness, UnderWay


@dataclass(frozen=True, slots=True)
class Joining:
    """Someone who waits with others for a job."""

    intake_key: str
    job_id: int
    user_id: str
    at: datetime


def _known_before() -> CompoundSelect[int, str, str, str, str]:
    """Write the statement once: someone waits for the ack each time it is used."""
    likeness = jobs.c.likeness.in_(bindparam("likenesses", expanding=True))
    alike = (
        select(jobs.c.id, jobs.c.team_id, jobs.c.likeness, jobs.c.user_id, jobs.c.channel_id)
        .where(likeness, is_active)
        .with_for_update()
        .cte("alike")
    )
    keys: BindParameter[str] = bindparam("keys", expanding=True)
    places: BindParameter[str] = bindparam("places", expanding=True)
    nothing = [null().label(name) for name in ("likeness", "user_id", "place")]
    closed = case((alike.c.channel_id.not_in(public()), alike.c.channel_id))
    return union_all(
        select(jobs.c.id, jobs.c.intake_key, *nothing).where(jobs.c.intake_key.in_(keys)),
        select(joins.c.job_id, joins.c.intake_key, *nothing).where(joins.c.intake_key.in_(keys)),
        select(alike.c.id, alike.c.team_id, alike.c.likeness, alike.c.user_id, closed),
        # No job has this number.
        select(literal(0), channels.c.id, *nothing).where(
            channels.c.id.in_(places), channels.c.is_public
        ),
    )


_KNOWN_BEFORE = _known_before()


def known_before(
    connection: Connection, keys: list[str], wanted: set[Likeness], places: set[str]
) -> Before:
    """Find what earlier deliveries of these commands made or joined, and who builds the same.

    The jobs under way are kept from ending before the commit. `places` are those who ask in.
    """
    likenesses = [likeness for _, likeness in wanted]
    given = {"keys": keys, "likenesses": likenesses, "places": list(places)}
    by_key: dict[str, int] = {}
    under_way: dict[Likeness, list[UnderWay]] = {}
    open_to_all: set[str] = set()
    rows = connection.execute(_KNOWN_BEFORE, given).all()
    for job_id, word, likeness, user_id, place in sorted(rows, key=lambda row: row[0]):
        if likeness is not None:
            under_way.setdefault((word, likeness), []).append(UnderWay(user_id, place, job_id))
        elif job_id:
            by_key[word] = job_id
        else:
            open_to_all.add(word)
    return Before(by_key, under_way, frozenset(open_to_all))


def join(connection: Connection, joining: list[Joining]) -> None:
    """Note who wants to be mentioned at the end beside who asked first.

    The version stays: whoever works on the job goes on, and what it records leaves this alone.
    """
    if not joining:
        return
    rows = [
        {"intake_key": each.intake_key, "job_id": each.job_id, "user_id": each.user_id}
        | {"at": each.at}
        for each in joining
    ]
    connection.execute(insert(joins), rows)
    ids = {each.job_id for each in joining}
    query = select(jobs.c.id, jobs.c.user_id, jobs.c.watchers).where(jobs.c.id.in_(ids))
    for row in (connection.execute(query)).all():
        more = _more(joining, row.id, {row.user_id, *load_watchers(row.watchers)})
        if more:
            watchers = dump_watchers((*load_watchers(row.watchers), *more))
            watched = update(jobs).where(jobs.c.id == row.id).values(watchers=watchers)
            connection.execute(watched)


def _more(joining: list[Joining], job_id: int, told: set[str]) -> Mapping[str, None]:
    users = (each.user_id for each in joining if each.job_id == job_id)
    return dict.fromkeys(user for user in users if user not in told)
