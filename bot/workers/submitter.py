"""The submitter: asks PlayCanvas to start what is next in line."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

from bot.builds.job import Job, JobKind, JobState
from bot.builds.keys import SHORT
from bot.builds.outcome import Refused, Unreachable
from bot.builds.transition import end, requeue, start, submit
from bot.playcanvas import errors
from bot.playcanvas.client import PlayCanvas
from bot.playcanvas.models import AppExport, RemoteJob, RemoteStatus
from bot.store import Store
from bot.workers.branch_standing import at_start
from bot.workers.job_worker import JobWorker
from bot.workers.permits import Permits


class Submitter(JobWorker):
    """queued -> submitting -> running | queued | failed."""

    state: ClassVar = JobState.QUEUED

    def __init__(
        self,
        store: Store,
        playcanvas: PlayCanvas,
        permits: Permits,
        owner: str,
        clock: Callable[[], datetime],
        *,
        patience: timedelta,
    ) -> None:
        super().__init__(store, playcanvas, permits, owner, clock)
        self._patience = patience

    async def work(self, job: Job) -> None:
        """Commit the intention, then ask; a crash in between costs one permit, no build."""
        seen = await at_start(self.store, self.playcanvas, job, self.clock())
        handed = await self.record(job, submit(job, self.clock(), self._patience, seen))
        if handed is None:
            return
        try:
            remote = await self._start(handed)
        except errors.Refused as error:
            await self.record(handed, end(handed, Refused(error.sentence)))
        except errors.PlayCanvasError as error:
            await self._no_answer(handed, error)
        else:
            await self._follow(handed, remote)

    async def _start(self, job: Job) -> RemoteJob:
        if job.kind is JobKind.BUILD:
            return await self.playcanvas.start_build(export(job))
        branch = job.resolved.branch if job.resolved else None
        project = int(job.request.project)
        return await self.playcanvas.start_archive(project, branch.id if branch else None)

    async def _follow(self, job: Job, remote: RemoteJob) -> None:
        now = self.clock()
        over = remote.status is not RemoteStatus.RUNNING
        # One that is over in its first answer is looked at at once: the poller alone decides.
        look = await self.next_look(job, now)
        due_at = now if over else now + look.wait
        follow = start(job, remote.id, due_at, now + self._patience, look.eagerness)
        await self.record(job, follow)

    async def _no_answer(self, job: Job, error: errors.PlayCanvasError) -> None:
        if self.clock() >= job.deadline_at:
            await self.record(job, end(job, Unreachable(error.sentence)))
            return
        await self.record(job, requeue(job, await self.next_try(job, error), error.sentence))


def export(job: Job) -> AppExport:
    """Say in PlayCanvas's words what a job asks for."""
    if job.resolved is None:
        raise ValueError(job.state)
    options = job.request.options
    branch = job.resolved.branch
    return AppExport(
        project_id=int(job.request.project),
        name=options.name or _name(job.resolved.scenes[0].name),
        scenes=tuple(int(scene.id) for scene in job.resolved.scenes),
        branch_id=branch.id if branch else None,
        description=options.description,
        version=options.version,
        release_notes=options.notes,
        engine_version=options.engine or job.resolved.engine,
        format=options.format,
        target=options.target,
        scripts_minify=options.minify,
        scripts_concatenate=options.concatenate,
        scripts_sourcemaps=options.sourcemaps,
        optimize_scene_format=options.optimize,
        preload_bundle=options.preload,
    )


def _name(scene: str) -> str:
    """Call the app what its start scene is called, as far as an app may be called so."""
    return scene.strip()[:SHORT] or "Untitled"
