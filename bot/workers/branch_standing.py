"""Where a build's branch stands at its start, and what changed there since the last ready one."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.builds.changes import changes_since
from bot.builds.job import Job, Resolved
from bot.playcanvas.client import PlayCanvas
from bot.playcanvas.errors import PlayCanvasError
from bot.playcanvas.limits import RateClass
from bot.store import Store

log = structlog.get_logger(__name__)
# Four pages; who built so long ago does not read more.
_COUNTED = 200
# It is told for convenience, so a start is not held up for it any longer.
_PATIENCE = timedelta(seconds=5)


async def at_start(
    store: Store, playcanvas: PlayCanvas, job: Job, now: datetime
) -> Resolved | None:
    """Look at the branch as it is now: between look-up and start a job may wait for minutes.

    None leaves what the look-up saw: nothing is known of the branch, or it cannot be seen now.
    """
    resolved = job.resolved
    if resolved is None or resolved.branch_id is None:
        return None
    if await store.budget.opens_at(RateClass.NORMAL, 1, now) > now + _PATIENCE:
        return None
    try:
        return await _seen(store, playcanvas, job, resolved, resolved.branch_id)
    except PlayCanvasError as error:
        # Only told for convenience: the build does without.
        log.warning("changes unknown", error=type(error).__name__)
        return None


async def _seen(
    store: Store, playcanvas: PlayCanvas, job: Job, resolved: Resolved, branch_id: str
) -> Resolved | None:
    earlier = await store.precedents.last_ready(job, resolved)
    since = earlier.resolved.checkpoint_id if earlier and earlier.resolved else None
    if earlier is None or since is None:
        newest_first = await playcanvas.checkpoints(branch_id, most=1)
        changes = None
    else:
        newest_first = await playcanvas.checkpoints(branch_id, most=_COUNTED, until=since)
        changes = changes_since(earlier.id, since, newest_first)
    if not newest_first:
        return None
    return replace(resolved, checkpoint_id=newest_first[0].id, changes=changes)
