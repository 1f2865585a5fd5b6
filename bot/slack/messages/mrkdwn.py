"""Mrkdwn that messages share: code, links, dates in the reader's own zone."""

from datetime import datetime


def code(escaped: str) -> str:
    """Show text as code; a backtick would end it."""
    return f"`{escaped.replace('`', '’')}`"


def link(url: str, label: str) -> str:
    """Lead somewhere; what ends a link cannot stand in a URL, its percent form can."""
    safe = url.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return f"<{''.join(safe.split())}|{label}>"


def when(at: datetime) -> str:
    """Show a day and a time; the day is left out by Slack's clients where it is today."""
    fallback = f"{at:%Y-%m-%d %H:%M} UTC"
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"
