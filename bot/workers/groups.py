"""The group reader: asks Slack who is in the user groups that the settings name."""

from datetime import datetime, timedelta

import structlog

from bot.slack.errors import BusyError, RefusedError, UnsureError
from bot.slack.poster import Poster
from bot.store import Store

log = structlog.get_logger(__name__)
_EVERY = timedelta(minutes=5)
_AGAIN = timedelta(minutes=1)
_NAP = timedelta(minutes=1)


class GroupReader:
    """Keeps what the store knows of them no older than five minutes, as long as Slack answers.

    A group that Slack refuses to tell about is forgotten, and lets nobody in; while Slack is
    away, what it said last holds (for a day, see the store).
    """

    def __init__(self, store: Store, poster: Poster, groups: frozenset[str]) -> None:
        self._store = store
        self._poster = poster
        self._groups = groups
        self._not_before: dict[str, datetime] = {}

    async def step(self, now: datetime) -> datetime | None:
        """Ask about one group; return when to come back, None for at once."""
        seen = await self._store.groups.seen()
        due = {group: self._due(group, seen.get(group), now) for group in sorted(self._groups)}
        group = min(due, key=lambda each: due[each])
        if due[group] > now:
            # Another machine may have asked meanwhile.
            return min(due[group], now + _NAP)
        await self._ask(group, now)
        return None

    def _due(self, group: str, seen_at: datetime | None, now: datetime) -> datetime:
        wanted = now if seen_at is None else seen_at + _EVERY
        return max(wanted, self._not_before.get(group, wanted))

    async def _ask(self, group: str, now: datetime) -> None:
        try:
            people = await self._poster.people_in(group)
        except BusyError as error:
            self._not_before[group] = now + error.pause
        except UnsureError as error:
            log.warning("group unknown", group=group, detail=str(error))
            self._not_before[group] = now + _AGAIN
        except RefusedError as error:
            log.warning("group refused", group=group, code=error.code)
            self._not_before[group] = now + _AGAIN
            await self._store.groups.forget(group)
        else:
            await self._store.groups.saw(group, people, now)
