"""How a link ends: what was found at Applivery becomes a state, an outcome and the words for it."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from bot.applivery import InstallLink, Location, itms_url
from bot.applivery.errors import (
    AppliveryError,
    BuildNotProcessed,
    CredentialRefused,
    NotFound,
    PlanExcludes,
    QuotaUsedUp,
)
from bot.builds.link_request import FileKind, LinkRequest
from bot.slack.messages.install_link import LONGEST_URL, LeadsTo, Offer, install_link, no_link
from bot.slack.messages.message import Message
from bot.store.links import LinkState

# Asking again gets the same answer until somebody changes something at Applivery.
_FINAL = (CredentialRefused, NotFound, QuotaUsedUp, PlanExcludes)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a link ends, and the words that say so; `outcome` is kept, the words are not."""

    state: LinkState
    outcome: str
    told: Message


def served(wanted: LinkRequest, found: InstallLink) -> Ending:
    """End with the link, or without it where Slack could not show it."""
    target = leads_to(wanted.kind, found.location)
    manifest = target is LeadsTo.MANIFEST
    url = itms_url(found.location) if manifest else found.location.url
    if len(url) > LONGEST_URL:
        return failed(wanted, "too_long", "Applivery's link is longer than Slack can show.")
    told = install_link(wanted, Offer(target, url, found.expires_at))
    return Ending(LinkState.SERVED, "delivered", told)


def refused(wanted: LinkRequest, error: AppliveryError) -> Ending:
    """End with Applivery's reason."""
    again = not isinstance(error, _FINAL)
    return failed(wanted, type(error).__name__, error.sentence, try_again=again)


def unprocessed(wanted: LinkRequest) -> Ending:
    """End the wait for a build."""
    sentence = "Applivery is still processing it. I have stopped asking; try again in some minutes."
    return failed(wanted, BuildNotProcessed.__name__, sentence)


def failed(wanted: LinkRequest, outcome: str, sentence: str, *, try_again: bool = True) -> Ending:
    """End without a link."""
    told = no_link(wanted, sentence, try_again=try_again)
    return Ending(LinkState.FAILED, outcome, told)


def leads_to(kind: FileKind, location: Location) -> LeadsTo:
    """Say what a link is good for: of `auto` only the Location tells which platform it is."""
    file = PurePosixPath(unquote(urlsplit(location.url).path).casefold())
    match kind:
        case FileKind.AUTO:
            return LeadsTo.MANIFEST if file.suffix == ".plist" else LeadsTo.APK
        case FileKind.AAB:
            return LeadsTo.AAB
        case FileKind.FILE:
            suffixes = {".apk": LeadsTo.APK, ".ipa": LeadsTo.IPA, ".pkg": LeadsTo.PKG}
            return suffixes.get(file.suffix, LeadsTo.FILE)
