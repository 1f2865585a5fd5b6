"""A look at a project's branches for one job: afresh, and no further than it needs."""

from datetime import datetime, timedelta

from bot.builds.changes import is_main
from bot.builds.job import Item
from bot.builds.names import Found, find
from bot.builds.request import BuildRequest
from bot.playcanvas.client import PlayCanvas
from bot.playcanvas.models import Branch
from bot.store import Store

# So long what was seen of all branches tells which one a name means, and how far to look for it.
_REMEMBERED = timedelta(hours=1)
# As many come in an answer or two; each further page costs a permit that others wait for.
_FEW = 40


async def look(
    store: Store, playcanvas: PlayCanvas, request: BuildRequest, now: datetime
) -> tuple[Branch, ...]:
    """List the open branches; of many that were all seen of late, only the one that is meant.

    It is looked up all the same, but for the main one, which keeps its name and its id.
    """
    if known := await _known(store, request, now):
        if is_main(known.name):
            return (Branch(known.id, known.name),)
        seen = await playcanvas.branches(int(request.project), until=known.id)
        if same := tuple(each for each in seen if (each.id, each.name) == (known.id, known.name)):
            return same
    return await whole(store, playcanvas, request.project, now)


async def whole(
    store: Store, playcanvas: PlayCanvas, project: str, now: datetime
) -> tuple[Branch, ...]:
    """List every open branch and remember them."""
    branches = await playcanvas.branches(int(project))
    items = [Item(each.id, each.name) for each in branches]
    await store.catalog.saw_branches(project, items, now)
    return branches


async def _known(store: Store, request: BuildRequest, now: datetime) -> Item | None:
    seen = await store.catalog.branches(request.project, since=now - _REMEMBERED)
    if len(seen) <= _FEW:
        return None
    if request.branch is None:
        return next((each for each in seen if is_main(each.name)), None)
    found = find(request.branch, seen)
    return found.item if isinstance(found, Found) else None
