"""Sections: long text cut so that Slack takes it, never inside an escaped character."""

from slack_sdk.models.blocks import MarkdownTextObject, SectionBlock

from bot.slack.messages.words import clip, escape, unescape

_SECTION = 2_900
_LONGEST_ESCAPED = 5


def sections(text: str, most: int = 10) -> list[SectionBlock]:
    """Cut mrkdwn at line ends into sections; what `most` of them cannot hold is counted."""
    parts = [""]
    for line in text.split("\n"):
        for piece in _pieces(line):
            if len(parts[-1]) + len(piece) + 1 > _SECTION:
                parts.append("")
            parts[-1] += f"{piece}\n"
    left = sum(map(len, parts[most:]))
    kept = [part.rstrip("\n") for part in parts[:most] if part.strip()]
    return [section(part) for part in ([*kept, f"… and {left} more characters."] if left else kept)]


def section(text: str) -> SectionBlock:
    """Show one piece of mrkdwn; bare URLs and names in it stay as they are."""
    return SectionBlock(text=MarkdownTextObject(text=text, verbatim=True))


def cut(text: str, most: int) -> str:
    """Escape a text and shorten it to so many characters, never inside an escaped one."""
    escaped, room = escape(text), most
    while len(escaped) > most:
        escaped = escape(clip(text, room))
        room -= max(1, (len(escaped) - most) // _LONGEST_ESCAPED)
    return escaped


def quoted(text: str) -> str:
    """Quote what someone else said, line by line, escaped."""
    return "\n".join(f">{escape(line)}" for line in text.split("\n"))


def _pieces(line: str) -> list[str]:
    """Cut one line that no section holds, never out of its quote."""
    if len(line) < _SECTION:
        return [line]
    mark = ">" if line.startswith(">") else ""
    raw = unescape(line.removeprefix(mark))
    step = _SECTION // _LONGEST_ESCAPED - 1
    return [mark + escape(raw[at : at + step]) for at in range(0, len(raw), step)]
