"""What is said of a build at Applivery, to one person or to everyone: its facts on one line."""

from bot.builds.build_facts import PLATFORMS, BuildFacts
from bot.slack.messages.mrkdwn import code
from bot.slack.messages.sections import cut, quoted
from bot.slack.messages.words import clip, lines, name, unescape

_LONGEST_CHANGELOG = 500
_MOST_LINES = 8
_KILO = 1_000


def heading(facts: BuildFacts, alias: str | None) -> str:
    """Name app, platform, version, build number and size, as far as they are known; escaped."""
    told = [f"*{name(facts.name or alias or 'App', 80)}*"]
    if facts.platform:
        told.append(PLATFORMS.get(facts.platform, name(facts.platform)))
    told.append(_version(facts))
    if facts.label and facts.label != facts.version:
        told.append(name(facts.label, 60))
    if facts.size:
        told.append(size(facts.size))
    return " · ".join(told)


def changelog(facts: BuildFacts) -> str:
    """Quote what changed, cut to what is read in passing; empty where nothing is known."""
    told = lines((facts.changelog or "").strip()).split("\n")
    if told == [""]:
        return ""
    short = "\n".join(told[:_MOST_LINES]) + ("\n…" if len(told) > _MOST_LINES else "")
    # Escaped it may be five times as long, and a section holds 3,000 with all that is around it.
    return quoted(unescape(cut(clip(short, _LONGEST_CHANGELOG), 4 * _LONGEST_CHANGELOG)))


def size(number: int) -> str:
    """Say a size in bytes as stores do: 24.3 MB."""
    left = float(number)
    for unit in ("B", "kB", "MB"):
        if round(left) < _KILO:
            return f"{left:.3g} {unit}"
        left /= _KILO
    return f"{left:.3g} GB"


def _version(facts: BuildFacts) -> str:
    if not facts.version:
        return f"build {code(name(facts.build))}"
    return name(facts.version, 60) + (f" ({name(facts.number, 60)})" if facts.number else "")
