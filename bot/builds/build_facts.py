"""What Applivery tells of a build, as far as the bot's token may read it."""

from dataclasses import dataclass
from typing import Final

PLATFORMS: Final = {"ios": "iOS", "android": "Android"}


@dataclass(frozen=True, slots=True)
class BuildFacts:
    """One build of one app; what is not known is None."""

    app: str
    build: str
    name: str | None = None
    slug: str | None = None
    platform: str | None = None
    """ios or android, in Applivery's words."""
    version: str | None = None
    number: str | None = None
    label: str | None = None
    """What the uploader called it, for example "RC-1"."""
    size: int | None = None
    changelog: str | None = None


def install_page(workspace: str | None, facts: BuildFacts) -> str | None:
    """Return the page that asks for its own permission; None where a part of it is unknown."""
    if not (workspace and facts.slug and facts.platform):
        return None
    page = f"https://{workspace}.applivery.io/{facts.slug}"
    return f"{page}?os={facts.platform}&build={facts.build}"
