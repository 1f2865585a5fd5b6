"""What changed since the last ready build: read by QA in the reply."""

from bot.builds.job import Changes
from bot.slack.messages.words import name

_LONGEST_LINE = 120


def changes(since: Changes) -> str:
    """List who did what, newest first, as mrkdwn."""
    lines = [
        f"• {name(each.author, 60)}: {name(each.line, _LONGEST_LINE)}" for each in since.listed
    ]
    if since.more:
        least = "at least " if since.uncounted else ""
        lines.append(f"and {least}{since.more} more")
    return "\n".join([f"*Changed since #{since.since}:*", *lines])
