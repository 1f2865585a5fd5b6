"""Telemetry: log lines without secrets, and the figures of one process."""

from bot.telemetry.logs import set_up_logs
from bot.telemetry.metrics import Metrics

__all__ = ["Metrics", "set_up_logs"]
