"""The settings as documents show them; `python -m tests.settings_page` writes both anew."""

import re
import textwrap
from pathlib import Path

from bot.settings import rows

REPOSITORY = Path(__file__).parents[1]
README = REPOSITORY / "README.md"
EXAMPLE = REPOSITORY / ".env.example"
BETWEEN = re.compile(r"(?<=<!-- settings -->\n).*?(?=<!-- /settings -->)", re.DOTALL)
_OPENING = """\
# Every setting of the bot. Copy this file to .env and fill in what you need;
# an empty line means the default.
"""


def table() -> str:
    """Write the README's table."""
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


def _write() -> None:
    EXAMPLE.write_text(example())
    README.write_text(BETWEEN.sub(lambda _: table(), README.read_text()))


if __name__ == "__main__":
    _write()
