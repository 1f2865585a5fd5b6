"""The resolver: looks up every name of an accepted job afresh, and never guesses."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

import structlog

from bot.builds.changes import is_main
from bot.builds.command_line import command_line
from bot.builds.job import Item, Job, JobKind, JobState, Resolved
from bot.builds.names import Ambiguous, Found, Unknown, find
from bot.builds.outcome import Rejected
from bot.builds.request import BuildRequest
from bot.builds.transition import Transition, divide, end, queue, try_again
from bot.builds.usage import clip
from bot.builds.words import quote
from bot.playcanvas.errors import NotAllowed, PlayCanvasError, Refused
from bot.playcanvas.models import Branch
from bot.workers.branch_look import look, whole
from bot.workers.job_worker import JobWorker

log = structlog.get_logger(__name__)
_MOST_OFFERED = 10
# What is only asked for convenience is asked again as often.
_INSISTS = 2
_LONGEST_LINE = 300


class Resolver(JobWorker):
    """accepted -> queued | rejected."""

    state: ClassVar = JobState.ACCEPTED

    async def work(self, job: Job) -> None:
        """Look the names up; what is wrong with them is said to the asker alone."""
        try:
            answer = await self._look_up(job)
        except Refused as error:
            unanswered = isinstance(error, NotAllowed)
            await self.record(job, end(job, Rejected(error.sentence, unanswered=unanswered)))
        except PlayCanvasError as error:
            await self._no_answer(job, error)
        else:
            await self.record(job, self._move(job, answer))

    async def _branches(self, job: Job) -> tuple[Item, ...] | Rejected:
        """List the open branches that get an archive each."""
        request = job.request
        branches = await whole(self.store, self.playcanvas, request.project, self.clock())
        seen = [Item(each.id, each.name) for each in branches]
        chosen = tuple(each for each in seen if not request.branches or each.id in request.branches)
        return chosen or Rejected("None of these branches is open any more.")

    async def _look_up(self, job: Job) -> Resolved | tuple[Item, ...] | Rejected:
        if job.request.branches is not None:
            return await self._branches(job)
        request, project = job.request, int(job.request.project)
        branch = await self._branch(job)
        if isinstance(branch, Rejected):
            return branch
        asked = branch if branch and request.branch is not None else None
        if job.kind is JobKind.ARCHIVE:
            return Resolved((), Item(asked.id, asked.name) if asked else None)
        scenes = await self.playcanvas.scenes(project, asked.id if asked else None)
        items = [Item(str(scene.id), scene.name) for scene in scenes]
        await self.store.catalog.saw_scenes(request.project, items, self.clock())
        chosen = _choose(request, items)
        if isinstance(chosen, Rejected):
            return chosen
        resolved = Resolved(chosen, Item(asked.id, asked.name) if asked else None)
        return await self._remembered(job, resolved, branch)

    async def _branch(self, job: Job) -> Branch | Rejected | None:
        """Find the branch that is asked for, or the main one if it can be seen."""
        request = job.request
        try:
            branches = await look(self.store, self.playcanvas, request, self.clock())
        except PlayCanvasError as error:
            if not _can_do_without(job, error):
                raise
            log.warning("branches unknown", error=type(error).__name__)
            return None
        if request.branch is None:
            return next((each for each in branches if is_main(each.name)), None)
        found = find(request.branch, branches)
        if isinstance(found, Found):
            return found.item
        return _rejected("branch", found, lambda name: replace(request, branch=name))

    async def _remembered(self, job: Job, resolved: Resolved, branch: Branch | None) -> Resolved:
        """Add the engine of the last ready build, and where the branch stands by now."""
        if job.request.options.engine is None:
            engine = await self.store.precedents.last_engine(job.request.project)
            resolved = replace(resolved, engine=engine)
        if branch is None:
            return resolved
        return replace(resolved, branch_id=branch.id, checkpoint_id=branch.latest_checkpoint_id)

    def _move(self, job: Job, answer: Resolved | tuple[Item, ...] | Rejected) -> Transition:
        if isinstance(answer, Rejected):
            return end(job, answer)
        if not isinstance(answer, Resolved):
            return divide(job, answer)
        return queue(job, answer, self.clock())

    async def _no_answer(self, job: Job, error: PlayCanvasError) -> None:
        if self.clock() >= job.deadline_at:
            problem = f"PlayCanvas could not be asked for its names: {error.sentence}"
            await self.record(job, end(job, Rejected(problem, unanswered=True)))
            return
        await self.record(job, try_again(job, await self.next_try(job, error), error.sentence))


def _can_do_without(job: Job, error: PlayCanvasError) -> bool:
    """Say whether a build starts without the list of branches: it only tells what changed."""
    # Of an archive this is the only look-up: a wrong project is noticed here or never.
    if job.request.branch is not None or job.kind is JobKind.ARCHIVE:
        return False
    return isinstance(error, Refused) or job.attempts >= _INSISTS


def _choose(request: BuildRequest, items: Sequence[Item]) -> tuple[Item, ...] | Rejected:
    chosen: list[Item] = []
    for at, wanted in enumerate(request.scenes):
        found = find(wanted, items)
        if not isinstance(found, Found):
            return _rejected("scene", found, partial(_with_scene, request, at))
        chosen.append(found.item)
    if len({scene.id for scene in chosen}) < len(chosen):
        return Rejected("Two of the names mean the same scene; name each scene once.")
    return tuple(chosen)


def _with_scene(request: BuildRequest, at: int, name: str) -> BuildRequest:
    scenes = (*request.scenes[:at], name, *request.scenes[at + 1 :])
    return replace(request, scenes=scenes)


def _rejected(
    kind: str, found: Unknown | Ambiguous, corrected: Callable[[str], BuildRequest]
) -> Rejected:
    if isinstance(found, Unknown):
        problem = f"There is no {kind} “{clip(found.wanted)}”."
        names = found.nearest
    else:
        problem = f"“{clip(found.wanted)}” fits more than one {kind}."
        names = found.typed
    offered = tuple(_line(corrected(name), name) for name in names[:_MOST_OFFERED])
    return Rejected(problem, offered, more=len(names) - len(offered))


def _line(request: BuildRequest, name: str) -> str:
    line = command_line(request)
    return line if len(line) <= _LONGEST_LINE else quote(name)
