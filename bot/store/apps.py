"""The apps that have names, and which of them a project's builds offer."""

from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection, Select, delete, select

from bot.builds.apps import NamedApp
from bot.builds.audit import Act
from bot.builds.job import Asker
from bot.builds.names import fold
from bot.store.audit import Deed, note
from bot.store.engine import Database
from bot.store.once import insert_new
from bot.store.tables import apps

_Row: TypeAlias = tuple[str, str, str | None]


class Apps:
    """The one door to the apps' names; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, app: NamedApp, by: Asker, now: datetime) -> bool:
        """Keep a name; False when it is taken."""
        row = {
            "folded": fold(app.name),
            "name": app.name,
            "app": app.id,
            "project": app.project,
            "added_by": by.user_id,
            "added_at": now,
        }
        same = select(apps).where(apps.c.folded == row["folded"])
        insertion = insert_new(self._database.dialect, apps).values(row)

        def change(connection: Connection) -> bool:
            if connection.execute(insertion).rowcount:
                note(connection, [_deed(Act.ADDED, by, app)], now)
            # Lost with its connection and carried out again, it finds its own row.
            return dict(connection.execute(same).mappings().one()) == row

        return await self._database.at_once(change)

    async def remove(self, name: str, by: Asker, now: datetime) -> bool:
        """Forget a name; False when there is none."""
        gone = delete(apps).where(apps.c.folded == fold(name)).returning(apps)

        def change(connection: Connection) -> bool:
            row = connection.execute(gone).one_or_none()
            if row is not None:
                app = NamedApp(row.name, row.app, row.project)
                note(connection, [_deed(Act.REMOVED, by, app)], now)
            return row is not None

        return await self._database.at_once(change)

    async def all(self) -> tuple[NamedApp, ...]:
        """List the apps by name."""
        return await self._read(_named())

    async def of_project(self, project: str) -> tuple[NamedApp, ...]:
        """List the apps that are made of a PlayCanvas project, by name."""
        return await self._read(_named().where(apps.c.project == project))

    async def name_of(self, app_id: str) -> str | None:
        """Say how people call an app, by its first name if it has several."""
        found = await self._read(_named().where(apps.c.app == app_id).limit(1))
        return found[0].name if found else None

    async def _read(self, query: Select[_Row]) -> tuple[NamedApp, ...]:
        rows = await self._database.rows(query)
        return tuple(NamedApp(row["name"], row["app"], row["project"]) for row in rows)


def _deed(act: Act, by: Asker, app: NamedApp) -> Deed:
    return Deed(act, by, f"{app.name} = app {app.id}", app.project)


def _named() -> Select[_Row]:
    return select(apps.c.name, apps.c.app, apps.c.project).order_by(apps.c.folded)
