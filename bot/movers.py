"""The movers: the loops that bring jobs to their end at PlayCanvas, wired for one process."""

import hashlib
import os
import secrets
import socket
from datetime import timedelta

import aiohttp

from bot.builds.job import JobState
from bot.playcanvas.client import PlayCanvas
from bot.playcanvas.limits import RateClass
from bot.settings import BuildSettings
from bot.store import Store
from bot.telemetry import Metrics
from bot.workers.limits import LimitsReader
from bot.workers.loop import Bells, Loop, utc_now
from bot.workers.permits import Permits
from bot.workers.poller import Poller
from bot.workers.resolver import Resolver
from bot.workers.submitter import Submitter
from bot.workers.sweeper import Sweeper

# One that waits for a slow answer must not hold the others up.
_RESOLVERS = _SUBMITTERS = 2
_POLLERS = 4


class Movers:
    """What a build needs and Slack does not: the store, PlayCanvas, and the workers between."""

    def __init__(
        self, settings: BuildSettings, session: aiohttp.ClientSession, metrics: Metrics
    ) -> None:
        self._settings = settings
        self._session = session
        self._metrics = metrics
        self.bells = Bells()
        token = settings.playcanvas_token.get_secret_value()
        account = hashlib.sha256(token.encode()).hexdigest()[:12]
        share = settings.budget_share
        self.store = Store(settings.database_url, account, self.bells.ring, share=share)
        self.patience = timedelta(minutes=settings.deadline_minutes)

    def playcanvas(self, permits: Permits) -> PlayCanvas:
        """Give a worker a client that spends its own permits."""
        return PlayCanvas(
            self._session,
            self._settings.playcanvas_token.get_secret_value(),
            base_url=self._settings.playcanvas_api_url,
            limiter=permits,
            observe=self._metrics.playcanvas_called,
        )

    def permits(self, rate_class: RateClass) -> Permits:
        """Open the purse of one worker."""
        return Permits(self.store.budget, rate_class, utc_now, self._metrics.budget_waited)

    def loops(self) -> list[Loop]:
        """Hire the workers."""
        loops = [self._resolver(n) for n in range(_RESOLVERS)]
        loops += [self._submitter(n) for n in range(_SUBMITTERS)]
        loops += [self._poller(n) for n in range(_POLLERS)]
        return [*loops, self._sweeper(), self._limits_reader()]

    def _resolver(self, number: int) -> Loop:
        name, permits = f"resolver-{number}", self.permits(RateClass.NORMAL)
        worker = Resolver(self.store, self.playcanvas(permits), permits, owner(name), utc_now)
        return Loop(name, worker.step, self.bells.of(JobState.ACCEPTED))

    def _submitter(self, number: int) -> Loop:
        name, permits = f"submitter-{number}", self.permits(RateClass.STRICT)
        playcanvas = self.playcanvas(permits)
        worker = Submitter(
            self.store, playcanvas, permits, owner(name), utc_now, patience=self.patience
        )
        return Loop(name, worker.step, self.bells.of(JobState.QUEUED))

    def _poller(self, number: int) -> Loop:
        name, permits = f"poller-{number}", self.permits(RateClass.NORMAL)
        worker = Poller(self.store, self.playcanvas(permits), permits, owner(name), utc_now)
        return Loop(name, worker.step, self.bells.of(JobState.RUNNING))

    def _sweeper(self) -> Loop:
        return Loop("sweeper", Sweeper(self.store).step, self.bells.of("sweep"))

    def _limits_reader(self) -> Loop:
        permits = self.permits(RateClass.NORMAL)
        worker = LimitsReader(self.store, self.playcanvas(permits), permits)
        return Loop("limits", worker.step, self.bells.of("limits"))


def owner(name: str) -> str:
    """Name the holder of leases: this machine, this process, this loop."""
    return f"{socket.gethostname()}:{os.getpid()}:{name}:{secrets.token_hex(3)}"
