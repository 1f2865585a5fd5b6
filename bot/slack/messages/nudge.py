"""The nudge: asks in a card's thread what to do about a build that takes far longer than usual."""

from datetime import timedelta

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.builds.job import Job
from bot.builds.usual import Usual
from bot.slack.messages.message import Message, message
from bot.slack.messages.sections import section
from bot.slack.messages.words import duration, usually

KEEP_WAITING = "keep_waiting"
START_AGAIN = "start_again"


def nudge(job: Job, elapsed: timedelta, usual: Usual | None, *, asks: bool) -> Message:
    """Tell the one who waits; it `asks` until someone has answered, or the build is over."""
    compared = f", {usually(usual)}" if usual else ""
    said = f"<@{job.asker.user_id}> Still running after {duration(elapsed)}{compared}."
    blocks: list[Block] = [section(said)]
    if asks:
        keep = ButtonElement(text="Keep waiting", action_id=KEEP_WAITING, value=str(job.id))
        again = ButtonElement(text="Start again", action_id=START_AGAIN, value=str(job.id))
        blocks.append(ActionsBlock(block_id="nudge", elements=[keep, again]))
    return message(said, blocks)
