"""The summary: after more than a day away, one message tells a channel what ended meanwhile."""

from collections.abc import Sequence
from datetime import datetime

from bot.builds.job import Job, JobState
from bot.builds.outcome import Ready
from bot.slack.messages.card import emoji
from bot.slack.messages.listing import listing
from bot.slack.messages.message import Message
from bot.slack.messages.mrkdwn import link
from bot.slack.messages.words import moment, title

# A row of a listing has 700 characters.
_LONGEST_LINK = 300
_MOST_MENTIONED = 5
_ENDINGS = {
    JobState.READY: "is ready",
    JobState.FAILED: "failed",
    JobState.EXPIRED: "had no answer from PlayCanvas",
    JobState.CANCELLED: "was cancelled",
    JobState.UNWATCHED: "is no longer watched",
}


def absence(jobs: Sequence[Job], now: datetime) -> Message:
    """Tell everyone who waited in a channel; each card has the rest."""
    head = f"I was away until {moment(now)}. {len(jobs)} builds of this channel ended meanwhile:"
    return listing(head, [_row(job) for job in jobs], "Their cards have the rest.")


def _row(job: Job) -> str:
    at = f", {moment(job.finished_at)}" if job.finished_at else ""
    ending = _ENDINGS.get(job.state, "is over")
    return f"{emoji(job)} {_mentions(job)} #{job.id} {ending}: {title(job)}{at}{_zip(job)}"


def _mentions(job: Job) -> str:
    users = list(dict.fromkeys([job.asker.user_id, *job.watchers]))
    more = f" and {len(users) - _MOST_MENTIONED} more:" if len(users) > _MOST_MENTIONED else ""
    return " ".join(f"<@{user}>" for user in users[:_MOST_MENTIONED]) + more


def _zip(job: Job) -> str:
    if not isinstance(job.outcome, Ready):
        return ""
    zipped = link(job.outcome.url, "Download zip")
    return f" · {zipped}" if len(zipped) <= _LONGEST_LINK else ""
