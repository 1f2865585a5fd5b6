"""The shared rate budget: one bucket for each account and class, so every process slows at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.builds.bucket import SHARE, Bucket
from bot.store.engine import Database
from bot.store.tables import buckets

# What a paid account has, in requests a minute, until the server has said otherwise.
FIRST_LIMITS = {"strict": 10, "normal": 240}


@dataclass(frozen=True, slots=True)
class Seen:
    """What an answer said of the limits; None where it did not say."""

    limit: int | None = None
    remaining: int | None = None
    reset: datetime | None = None


class Budget:
    """The buckets of one account; every method is one transaction. `share`: see the bucket."""

    def __init__(self, database: Database, account: str, share: float = SHARE) -> None:
        self._database = database
        self._account = account
        self._share = share

    async def take(self, rate_class: str, now: datetime) -> datetime | None:
        """Spend a permit and return None, or say when there may be one."""
        opens_at: datetime | None = None

        def spend(bucket: Bucket) -> Bucket:
            nonlocal opens_at
            taken = bucket.take(now)
            opens_at = None if taken else bucket.opens_at(now)
            return taken or bucket

        await self._change(rate_class, now, spend)
        return opens_at

    async def honours(self, rate_class: str, now: datetime) -> bool:
        """Say whether a permit that was spent earlier may still be used."""
        return (await self.bucket(rate_class, now)).believable(now).honours(now)

    async def learn(self, rate_class: str, seen: Seen, now: datetime) -> None:
        """Obey what the server says of its limits; it counts others' calls too."""

        def obey(bucket: Bucket) -> Bucket:
            if seen.limit is not None and seen.limit > 0:
                bucket = bucket.with_limit(seen.limit)
            if seen.remaining is not None and seen.reset is not None and seen.reset > now:
                bucket = bucket.leave(seen.remaining, seen.reset, now)
            return bucket

        await self._change(rate_class, now, obey)

    async def cool(self, rate_class: str, until: datetime, now: datetime) -> None:
        """Give nothing before `until`: the server answered 429."""
        await self._change(rate_class, now, lambda bucket: bucket.cool(until, now))

    async def bucket(self, rate_class: str, now: datetime) -> Bucket:
        """Read a bucket as it is."""
        return await self._database.look(lambda connection: self.read(connection, rate_class, now))

    async def opens_at(self, rate_class: str, place: int, now: datetime) -> datetime:
        """Forecast when the permit for a place in line can be had."""
        return (await self.bucket(rate_class, now)).opens_at(now, place)

    async def _change(
        self, rate_class: str, now: datetime, change: Callable[[Bucket], Bucket]
    ) -> None:
        def changed(connection: Connection) -> None:
            before = self.read(connection, rate_class, now, lock=True)
            after = change(before.believable(now))
            if after != before:
                self._write(connection, rate_class, after)

        await self._database.at_once(changed, for_people=False)

    def read(
        self, connection: Connection, rate_class: str, now: datetime, *, lock: bool = False
    ) -> Bucket:
        """Read a bucket within a transaction; locked, nobody else changes it until the end."""
        query = select(buckets.c.limit, buckets.c.tat, buckets.c.cool_until).where(
            buckets.c.account == self._account, buckets.c.rate_class == rate_class
        )
        row = (connection.execute(query.with_for_update() if lock else query)).one_or_none()
        if row is not None:
            return Bucket(row.limit, row.tat, row.cool_until, self._share)
        bucket = Bucket(FIRST_LIMITS[rate_class], now, share=self._share)
        if lock:
            self._create(connection, rate_class, bucket)
            return self.read(connection, rate_class, now, lock=True)
        return bucket

    def _create(self, connection: Connection, rate_class: str, bucket: Bucket) -> None:
        row = {"account": self._account, "rate_class": rate_class}
        try:
            with connection.begin_nested():
                values = {"limit": bucket.limit, "tat": bucket.tat}
                connection.execute(insert(buckets).values(row | values))
        except IntegrityError:
            return  # another machine was first: its row counts

    def _write(self, connection: Connection, rate_class: str, bucket: Bucket) -> None:
        row = update(buckets).where(
            buckets.c.account == self._account, buckets.c.rate_class == rate_class
        )
        values = {"limit": bucket.limit, "tat": bucket.tat, "cool_until": bucket.cool_until}
        connection.execute(row.values(values))
