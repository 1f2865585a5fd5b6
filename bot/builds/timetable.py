"""When something happens again and again: a cron expression on the clocks of one place."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim


@dataclass(frozen=True, slots=True)
class Timetable:
    """Five fields of cron, and the IANA name of the zone whose clocks count.

    A time that the clocks skip in spring comes at the next valid minute, one that they show
    twice in autumn comes once; every hour means every hour that passes.
    """

    cron: str
    zone: str

    def after(self, moment: datetime) -> datetime:
        """Say when it happens next, in UTC."""
        return next(self.upcoming(moment))

    def upcoming(self, moment: datetime) -> Iterator[datetime]:
        """List the times after a moment, in UTC, each once."""
        last = moment
        for local in CronSim(self.cron, self.local(moment)):
            # Of an hour that the clocks show twice or skip, what is over may be offered again.
            if (time := local.astimezone(UTC)) > last:
                last = time
                yield time

    def local(self, moment: datetime) -> datetime:
        """Show a moment as the clocks of the place do."""
        return moment.astimezone(ZoneInfo(self.zone))


def write(local: datetime) -> str:
    """Write a local time as people read it: Mon 23 Nov 08:00 CET."""
    name = local.strftime("%Z")
    # Where a zone has no letters of its own, tzdata gives the offset.
    zone = name if name.isalpha() else f"UTC{name}"
    return f"{local:%a} {local.day} {local:%b %H:%M} {zone}"
