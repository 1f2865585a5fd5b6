"""Counts: how many jobs are in each state, where what is over need not be counted again."""

from collections import Counter
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection, Executable, bindparam, false, func, select, true, union_all

from bot.store.engine import Database
from bot.store.tables import jobs
from bot.store.tables.job_indexes import is_active

# An insertion that commits late, below the newest numbers, is still counted.
_NEWEST = 1_000
# By a sum: by the number alone, all that ever were would be read in its order.
_OLDEST_ACTIVE = select(func.min(jobs.c.id + 0)).where(is_active)
_LAST = select(func.max(jobs.c.id))
_NUMBER = func.count().label("number")
_IS_FINAL = jobs.c.id <= bindparam("final")
_SINCE = (
    select(jobs.c.state, _IS_FINAL.label("is_final"), _NUMBER)
    .where(jobs.c.id > bindparam("counted"))
    .group_by(jobs.c.state, _IS_FINAL)
)
# All of them in two parts, each of which an index answers, and those that are not final: in one
# statement, between two of which a job may move.
_ALL = union_all(
    *(
        select(jobs.c.state, true().label("is_final"), _NUMBER).where(part).group_by(jobs.c.state)
        for part in (jobs.c.due_at.is_(None), jobs.c.due_at.is_not(None))
    ),
    select(jobs.c.state, false().label("is_final"), _NUMBER)
    .where(jobs.c.id > bindparam("final"))
    .group_by(jobs.c.state),
)


@dataclass(frozen=True, slots=True)
class _Final:
    """How many ended in each state up to a number, below which none can move any more."""

    up_to: int = 0
    states: Counter[str] = field(default_factory=Counter)


class Counts:
    """Remembers, in one process, how many jobs have ended: a state they end in is final."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._final = _Final()

    async def by_state(self) -> dict[str, int]:
        """Count the jobs in each state."""
        counted, self._final = await self._database.look(partial(_counted, known=self._final))
        return dict(counted)


def _counted(connection: Connection, known: _Final) -> tuple[Counter[str], _Final]:
    last: int = connection.scalar(_LAST) or 0
    active: int = connection.scalar(_OLDEST_ACTIVE) or last
    final = max(known.up_to, min(active - 1, last - _NEWEST))
    if not known.up_to:
        told = _told(connection, _ALL.params(final=final))
        return told[True], _Final(final, told[True] - told[False])
    told = _told(connection, _SINCE.params(final=final, counted=known.up_to))
    ended = known.states + told[True]
    return ended + told[False], _Final(final, ended)


def _told(connection: Connection, query: Executable) -> dict[bool, Counter[str]]:
    """Add up what a query says: of what is final, and of the rest."""
    told = {True: Counter[str](), False: Counter[str]()}
    for state, is_final, number in connection.execute(query):
        told[bool(is_final)][state] += number
    return told
