"""Places: where in a channel a notice goes, and what Slack says of one that is gone."""

from dataclasses import replace

from bot.builds.job import Job
from bot.slack.poster import Place
from bot.store.notice import Notice
from bot.store.outbox import Outbox

# Someone deleted the card: the place is as good as ever, the reply says how the job ended.
CARD_GONE = frozenset({"message_not_found", "thread_not_found"})


async def below_card(outbox: Outbox, notice: Notice, job: Job) -> Place | None:
    """Find the place below the job's card, or beside one that is gone; None without a card."""
    stands = await outbox.card_of(job.id)
    if stands is None or stands.ts is None:
        return None
    thread_ts = job.asker.thread_ts or (None if stands.undeliverable else stands.ts)
    return Place(notice.channel_id, thread_ts)


def outside(place: Place) -> Place:
    """Say where a reply goes that has no thread: into the channel."""
    return replace(place, thread_ts=None, broadcast=False)
