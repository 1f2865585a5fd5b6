"""How a link ends: what was found at Applivery becomes a state, an outcome and the words for it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from bot.applivery import Location, Step, itms_url
from bot.applivery.errors import (
    AppliveryError,
    BuildNotProcessed,
    CredentialRefused,
    NotFound,
    PlanExcludes,
    QuotaUsedUp,
    RateLimited,
)
from bot.builds.build_facts import install_page
from bot.builds.download_command import PostLink
from bot.builds.link_request import LATEST, FileKind, LinkRequest
from bot.slack.messages.install_link import (
    LONGEST_URL,
    LeadsTo,
    Offer,
    install_link,
    no_link,
    which_platform,
)
from bot.slack.messages.message import Message
from bot.store.link import Link, LinkState, Purpose
from bot.workers.link_search import FoundLink, Undecided

# Asking again gets the same answer until somebody changes something at Applivery.
_FINAL = (CredentialRefused, NotFound, QuotaUsedUp, PlanExcludes)
_FIRST_PAUSE = timedelta(seconds=5)
_PLATFORMS = {
    **dict.fromkeys((LeadsTo.APK, LeadsTo.AAB), "android"),
    **dict.fromkeys((LeadsTo.MANIFEST, LeadsTo.IPA, LeadsTo.PKG), "ios"),
}
Wish: TypeAlias = LinkRequest | PostLink


@dataclass(frozen=True, slots=True)
class Ending:
    """How a link ends, and the words that say so; `outcome` is kept, the words are not."""

    state: LinkState
    outcome: str
    told: Message


@dataclass(frozen=True, slots=True)
class Pause:
    """Ask again then, by itself; the sentence says why not now."""

    until: datetime
    sentence: str


def wish_of(link: Link) -> Wish:
    """Say what was wished for, as a button carries it."""
    return PostLink(link.request) if link.purpose is Purpose.POST else link.request


def served(wanted: LinkRequest, found: FoundLink, workspace: str | None) -> Ending:
    """End with the link, or without it where Slack could not show it."""
    location, facts = found.link.location, found.facts
    target = leads_to(wanted.kind, location)
    facts = replace(facts, platform=facts.platform or _PLATFORMS.get(target))
    url = itms_url(location) if target is LeadsTo.MANIFEST else location.url
    if len(url) > LONGEST_URL:
        return failed(wanted, "too_long", "Applivery's link is longer than Slack can show.")
    ipa = found.ipa.location.url if found.ipa else None
    shown_ipa = ipa if ipa and len(ipa) <= LONGEST_URL else None
    page = install_page(workspace, facts)
    offer = Offer(target, url, found.link.expires_at, shown_ipa, page)
    return Ending(LinkState.SERVED, "delivered", install_link(wanted, facts, offer))


def undecided(wish: Wish, found: Undecided) -> Ending:
    """End with the question which build is meant, or with there being none."""
    if not found.builds:
        return failed(wish, "no_build", "Applivery has no processed build of this app yet.")
    told = which_platform(wish, found.builds)
    return Ending(LinkState.FAILED, "two_platforms", told)


def reaction(link: Link, error: AppliveryError, now: datetime) -> Ending | Pause:
    """Decide what an error of Applivery's leads to: another try in time, or the end."""
    wish = wish_of(link)
    if isinstance(error, BuildNotProcessed):
        if now >= link.deadline_at:
            return _unprocessed(wish)
        until = min(now + _FIRST_PAUSE * 2**link.attempts, link.deadline_at)
        return Pause(until, error.sentence)
    if isinstance(error, RateLimited) and error.retry_after is not None:
        # Longer than the client waits by itself; nobody else is held up meanwhile.
        until = now + error.retry_after
        if until < link.deadline_at:
            return Pause(until, error.sentence)
    return failed(
        wish,
        type(error).__name__,
        _sentence(link.request, error),
        try_again=not isinstance(error, _FINAL),
    )


def failed(wish: Wish, outcome: str, sentence: str, *, try_again: bool = True) -> Ending:
    """End without a link."""
    return Ending(LinkState.FAILED, outcome, no_link(wish, sentence, try_again=try_again))


def leads_to(kind: FileKind, location: Location) -> LeadsTo:
    """Say what a link is good for: of `auto` only the Location tells which platform it is."""
    file = PurePosixPath(unquote(urlsplit(location.url).path).casefold())
    match kind:
        case FileKind.AUTO:
            return LeadsTo.MANIFEST if location.is_manifest else LeadsTo.APK
        case FileKind.AAB:
            return LeadsTo.AAB
        case FileKind.FILE:
            suffixes = {".apk": LeadsTo.APK, ".ipa": LeadsTo.IPA, ".pkg": LeadsTo.PKG}
            return suffixes.get(file.suffix, LeadsTo.FILE)


def _unprocessed(wish: Wish) -> Ending:
    sentence = "Applivery is still processing it. I have stopped asking; try again in some minutes."
    return failed(wish, BuildNotProcessed.__name__, sentence)


def _sentence(wanted: LinkRequest, error: AppliveryError) -> str:
    if wanted.build == LATEST and error.step is Step.DETAILS and _may_not_read(error):
        hint = "Give the id of a build after the name of the app."
        return f"{error.sentence} Without it I cannot tell which build is the latest. {hint}"
    return error.sentence


def _may_not_read(error: AppliveryError) -> bool:
    return isinstance(error, CredentialRefused | NotFound | PlanExcludes)
