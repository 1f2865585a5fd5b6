"""The intake: jobs that are asked for at the same moment share one commit."""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.store.accepting import accept
from bot.store.engine import Database
from bot.store.new_job import Asked, NewJob, asked
from bot.store.once import Added

_MOST_AT_ONCE = 200


@dataclass(slots=True, eq=False)
class _Waiting:
    wish: Asked
    added: "asyncio.Future[Added]"


class Intake:
    """Commits jobs in groups: an fsync costs the same for one job as for two hundred."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[_Waiting] = deque()
        self._turn = asyncio.Lock()

    async def add(self, new: NewJob, now: datetime) -> Added:
        """Accept a job; return after its commit."""
        waiting = _Waiting(asked(new, now), asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        async with self._turn:
            # Whoever is first in the line commits for those who came while it waited.
            if not waiting.added.done():
                await self._commit()
        return waiting.added.result()

    async def _commit(self) -> None:
        group = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST_AT_ONCE))]
        try:
            wishes = [each.wish for each in group]
            answers = await self._database.at_once(partial(accept, group=wishes))
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
