"""Metrics: what one process has done, for Prometheus."""

from collections.abc import Mapping

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)


class Metrics:
    """The figures of one process, in a registry of its own."""

    CONTENT_TYPE = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._jobs = Gauge("bot_jobs", "Jobs by state.", ["state"], registry=registry)
        self._commands = Counter(
            "bot_commands", "What people asked for.", ["command", "result"], registry=registry
        )
        self._ack = Histogram(
            "bot_ack_seconds",
            "From a delivery to its ack; Slack waits three seconds.",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
            registry=registry,
        )
        self._playcanvas = Histogram(
            "bot_playcanvas_call_seconds",
            "Calls to PlayCanvas.",
            ["route", "result"],
            registry=registry,
        )
        self._applivery = Histogram(
            "bot_applivery_call_seconds",
            "Calls to Applivery.",
            ["route", "result"],
            registry=registry,
        )
        self._slack = Counter(
            "bot_slack_calls", "Calls to Slack.", ["method", "result"], registry=registry
        )
        self._budget = Histogram(
            "bot_budget_wait_seconds",
            "How long a request waited for its permit.",
            ["rate_class"],
            buckets=(0.01, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
            registry=registry,
        )
        self._pending = Gauge("bot_outbox_pending", "Notices that are due.", registry=registry)
        self._age = Gauge(
            "bot_outbox_age_seconds", "Age of the oldest notice that is due.", registry=registry
        )
        self._lag = Histogram(
            "bot_reply_lag_seconds",
            "From the end of a build, as it was seen, to the reply in Slack.",
            buckets=(0.1, 0.3, 1, 2, 5, 15, 60, 300, 3600),
            registry=registry,
        )
        self._doubts = Counter(
            "bot_posts_in_doubt",
            "Posts whose answer was lost, by what the look-up found.",
            ["found"],
            registry=registry,
        )
        self._given_up = Counter(
            "bot_notices_given_up",
            "Notices that Slack would not take; the log says why.",
            ["kind"],
            registry=registry,
        )

    def commanded(self, command: str, result: str) -> None:
        """Count what someone asked for."""
        self._commands.labels(command, result).inc()

    def acked(self, seconds: float) -> None:
        """Note how long a delivery took to its ack."""
        self._ack.observe(seconds)

    def playcanvas_called(self, route: str, result: str, seconds: float) -> None:
        """Note a call to PlayCanvas."""
        self._playcanvas.labels(route, result).observe(seconds)

    def applivery_called(self, route: str, result: str, seconds: float) -> None:
        """Note a call to Applivery."""
        self._applivery.labels(route, result).observe(seconds)

    def slack_called(self, method: str, result: str) -> None:
        """Count a call to Slack."""
        self._slack.labels(method, result).inc()

    def budget_waited(self, rate_class: str, seconds: float) -> None:
        """Note how long a permit was waited for."""
        self._budget.labels(rate_class).observe(seconds)

    def replied(self, seconds: float) -> None:
        """Note how long after the end the reply was in Slack."""
        self._lag.observe(seconds)

    def doubted(self, found: str) -> None:
        """Count a post whose answer was lost: found, missing, unknown or left."""
        self._doubts.labels(found).inc()

    def gave_up(self, kind: str) -> None:
        """Count a notice that was told another way, or not at all."""
        self._given_up.labels(kind).inc()

    def counted(self, jobs: Mapping[str, int], pending: int, age: float) -> None:
        """Set what the store counts: jobs by state, notices due, the age of the oldest."""
        self._jobs.clear()  # no job is left in a state that was not counted
        for state, number in jobs.items():
            self._jobs.labels(state).set(number)
        self._pending.set(pending)
        self._age.set(age)

    def render(self) -> bytes:
        """Write everything as Prometheus reads it."""
        return generate_latest(self._registry)
