"""What documents repeat of the code; `python -m tests.readme` writes it anew."""

import ast
import re
import textwrap
from pathlib import Path

from bot.settings import rows

REPOSITORY = Path(__file__).parents[1]
README = REPOSITORY / "README.md"
EXAMPLE = REPOSITORY / ".env.example"
_BOT = REPOSITORY / "bot"
_OPENING = """\
# Every setting of the bot. Copy this file to .env and fill in what you need;
# an empty line means the default.
"""


def settings() -> str:
    """Write the README's table of settings."""
    lines = ["| name | default | what it is |", "|---|---|---|"]
    for name, default, description in rows():
        lines.append(f"| `{name}` | {f'`{default}`' if default else ''} | {description} |")
    return "\n".join(lines) + "\n"


def example() -> str:
    """Write .env.example."""
    parts = [_OPENING]
    for name, default, description in rows():
        said = textwrap.fill(description, 98, initial_indent="# ", subsequent_indent="# ")
        parts.append(f"{said}\n{name}={default}\n")
    return "\n".join(parts)


def rooms() -> str:
    """Write the README's list of rooms: the sentence each opens with."""
    found = [path.parent for path in sorted(_BOT.rglob("__init__.py"))]
    inside = [room for room in found if "sandbox" not in room.relative_to(_BOT).parts[:-1]]
    return "\n".join(_room(room) for room in inside) + "\n"


def part(name: str, text: str) -> str:
    """Return what stands between two marks such as <!-- rooms --> and <!-- /rooms -->."""
    [found] = _between(name).findall(text)
    return str(found)


def _room(room: Path) -> str:
    docstring = ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or ""
    sentence = re.sub(rf"^(The )?{room.name}: ", "", docstring, flags=re.IGNORECASE)
    return f"- **`{room.relative_to(REPOSITORY)}/`**: {_small(sentence)}"


def _small(sentence: str) -> str:
    """Begin in small letters, but for a name."""
    if sentence.startswith(("Applivery", "PlayCanvas", "Slack")):
        return sentence
    return sentence[:1].lower() + sentence[1:]


def _between(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)


def _write() -> None:
    text = README.read_text()
    for name, written in (("settings", settings()), ("rooms", rooms())):
        text = text.replace(part(name, text), written)
    README.write_text(text)
    EXAMPLE.write_text(example())


if __name__ == "__main__":
    _write()
