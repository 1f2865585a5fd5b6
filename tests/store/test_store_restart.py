"""A PostgreSQL server that is really stopped and started while people and loops are at it."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.address import read
from bot.builds.apps import NamedApp
from bot.builds.errand import AddProject
from bot.builds.job import Asker
from bot.builds.link_request import LinkRequest
from bot.builds.request import BuildRequest
from bot.builds.schedule_command import ScheduleWanted
from bot.builds.timetable_words import When
from bot.store import Store, schema
from bot.store.errands import NewErrand
from bot.store.link import NewLink
from bot.store.schedule import NewSchedule
from bot.store.tables import apps, errands, jobs, links, schedules, whispers
from bot.store.trouble import UncertainError
from tests.chaos.databases import postgres
from tests.clock import Clock, Rung
from tests.store.store_room import new

WANTED = ScheduleWanted(
    BuildRequest("543988", ("Level 3",)), When("0 8 * * *", "daily 08:00"), "UTC"
)


async def asked(store: Store, number: int, now: datetime) -> list[bool]:
    """Ask for one of everything, as listeners do; say of each whether it was taken as new."""
    key = f"key-{number}"
    by, patience = Asker("T1", f"C{number}", "U1"), timedelta(minutes=2)
    job = await store.jobs.add(new(key, channel=by.channel_id), now)
    errand = NewErrand(key, AddProject("fruit", "543988"), by, patience)
    await store.errands.add(errand, now)
    await store.links.add(NewLink(key, LinkRequest("app"), by, patience), now)
    await store.whispers.add(key, by, {"text": "hello"}, now)
    return [
        await store.schedules.add(NewSchedule(key, by, WANTED, now), now) is not None,
        await store.apps.add(NamedApp(key, "app"), by, now),
        job.id > number,
    ]


async def test_a_restart_loses_and_doubles_nothing_that_people_ask_for(clock: Clock) -> None:
    async with postgres() as base:
        store, number = Store(read(base.url), "account", Rung()), 0
        await schema.migrate(store.database)
        restart = asyncio.create_task(base.restart())
        while not (restart.done() and number):
            with suppress(UncertainError):  # then the same is asked for once more
                assert all(await asked(store, number, clock()))
                number += 1
        await restart
        assert all(await asked(store, number, clock()))
        number += 1
        for table in (jobs, errands, links, whispers, schedules, apps):
            [row] = await store.database.rows(select(func.count().label("rows")).select_from(table))
            assert row["rows"] == number
        await store.database.close()
