"""Answers to the message shortcut, to the one who chose it."""

from bot.slack.messages.message import Message, message


def no_card() -> Message:
    """Answer on a message that is no card of this bot's."""
    return message("That message is not a build’s card, so there is nothing to rebuild.")


def under_way(job_id: int) -> Message:
    """Answer on the card of a build that is not over."""
    return message(f"#{job_id} is still under way. Rebuild it when it is over.")
