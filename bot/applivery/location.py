"""Where a download lies: the Location of a redirect, checked, and hidden from every repr."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from urllib.parse import quote, unquote, urlsplit

# Everything a URI may hold, and "%" because what is encoded already stays as it is (RFC 3986).
_LEGAL = "!#$%&'()*+,/:;=?@[]~"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Location:
    """An absolute URL that gives the file to whoever opens it first; the repr hides it."""

    url: str = field(repr=False)

    @classmethod
    def from_header(cls, text: str) -> Self:
        """Accept a redirect's Location; raise ValueError, which does not quote it, for another.

        https only, because whoever reads along on the way could take the file. The one exception
        is http on a loopback host, which no wire carries: that is how the sandbox offers files.
        """
        if not text.isprintable():
            message = "Location with control characters"
            raise ValueError(message)
        if not _is_safe(text):
            message = "Location is not https"
            raise ValueError(message)
        # Browsers encode what is illegal; Slack would end a link at a blank, ">" or "|".
        return cls(quote(text, safe=_LEGAL))

    @property
    def is_manifest(self) -> bool:
        """Say whether it is a manifest.plist, which installs over the air."""
        return unquote(urlsplit(self.url).path).casefold().endswith(".plist")


@dataclass(frozen=True, slots=True)
class InstallLink:
    """One person's link: where it leads, and until when, if Applivery said so."""

    location: Location
    expires_at: datetime | None


def itms_url(location: Location) -> str:
    """Wrap the Location of a manifest.plist so that an iPhone installs it when tapped."""
    manifest = quote(location.url, safe="")
    return f"itms-services://?action=download-manifest&url={manifest}"


def _is_safe(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    )
