"""The install link: what one tester is shown, the link itself or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    InteractiveElement,
    MarkdownTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextSectionElement,
)

from bot.builds.build_facts import PLATFORMS, BuildFacts
from bot.builds.download_command import PostLink
from bot.builds.link_request import LATEST, LinkRequest
from bot.slack.messages.build_facts import changelog, heading
from bot.slack.messages.message import Message, message
from bot.slack.messages.mrkdwn import code, link, when
from bot.slack.messages.sections import cut, section
from bot.slack.messages.words import clip, escape, lines, name

OPENS = (OPEN_LINK, OPEN_IPA, OPEN_PAGE) = ("open_link", "open_ipa", "open_page")
NEW_LINK = "new_link"
ASKS_ANEW = (NEW_LINK, *(f"{NEW_LINK}_{platform}" for platform in PLATFORMS))
"""Slack wants the buttons of one message told apart."""
LONGEST_URL = 3_000
"""Slack refuses longer ones, in buttons and in rich text."""
_ON_IPHONES = (
    "Tap Install on iPhone on the iPhone itself. From iOS 18 on, an in-house app needs a restart"
    " to be trusted; an ad hoc build runs on registered devices only."
)


class LeadsTo(StrEnum):
    """What is at the end of a link; the value is the label of its button."""

    MANIFEST = "Install on iPhone"
    APK = "Download APK"
    AAB = "Download AAB"
    IPA = "Download IPA"
    PKG = "Download PKG"
    FILE = "Download file"


# A section holds 3,000 characters, and there is more in it.
_LONGEST_SENTENCE = 2_000


@dataclass(frozen=True, slots=True)
class Offer:
    """One person's link; the repr hides it. A manifest's is an itms-services one.

    `ipa` is a second link, to the file that the manifest installs. `page` asks who opens it for
    permission by itself.
    """

    leads_to: LeadsTo
    url: str = field(repr=False)
    expires_at: datetime | None
    ipa: str | None = field(default=None, repr=False)
    page: str | None = None


def install_link(request: LinkRequest, facts: BuildFacts, offer: Offer) -> Message:
    """Show a link to the one it was minted for."""
    parts = heading(facts, request.alias), changelog(facts), _validity(offer.expires_at)
    head = "\n".join(filter(None, parts))
    # What is shown is one build; a new link is to the same one, whatever is the latest by then.
    again = LinkRequest(request.app, facts.build, request.kind)
    buttons = _actions(*_opens(offer), _again(again, "New link"))
    if offer.leads_to is LeadsTo.MANIFEST:
        # mrkdwn leaves itms-services: as plain text, rich text makes a link of it.
        hint = ContextBlock(elements=[MarkdownTextObject(text=_ON_IPHONES, verbatim=True)])
        links = "\n".join(_in_mrkdwn(offer))
        text = "\n".join(filter(None, [head, _ON_IPHONES, links]))
        return message(text, [section(head), _tappable(offer), hint, buttons])
    return message("\n".join([head, *_in_mrkdwn(offer)]), [section(head), buttons])


def waiting(request: LinkRequest, sentence: str) -> Message:
    """Say that it takes longer, and that nothing has to be done for it."""
    return message(
        f"{escape(lines(sentence))} I keep asking for {named(request)} for two minutes;"
        " it appears here by itself."
    )


def no_link(wish: LinkRequest | PostLink, sentence: str, *, try_again: bool) -> Message:
    """Say why there is no link; `try_again` where a second try can end differently."""
    return _nothing(wish, cut(lines(sentence), _LONGEST_SENTENCE), try_again=try_again)


def no_answer(wish: LinkRequest | PostLink, asked_at: datetime, *, late: bool = False) -> Message:
    """Say, in the bot's own conversation, that the place of asking could not be answered."""
    reason = "I was away when you asked for it" if late else "I could not answer where you asked"
    # Pressed there, a post would be made there as well.
    try_again = not isinstance(wish, PostLink)
    return _nothing(wish, f"{reason}, {when(asked_at)}.", try_again=try_again)


def which_platform(wish: LinkRequest | PostLink, builds: Sequence[BuildFacts]) -> Message:
    """Ask which build is meant, where an app has a latest one for each platform."""
    request = _request(wish)
    said = f"For which platform do you want {named(request)}?"
    buttons = []
    for build in builds:
        one = LinkRequest(request.app, build.build, request.kind)
        platform = PLATFORMS.get(build.platform or "", "Other")
        label = f"{platform} {clip(build.version, 40)}" if build.version else platform
        choice = PostLink(one) if isinstance(wish, PostLink) else one
        buttons.append(_again(choice, label, f"{NEW_LINK}_{build.platform}"))
    ids = "\n".join(f"• {PLATFORMS.get(each.platform or '')}: {each.build}" for each in builds)
    return message(f"{said}\n{ids}", [section(said), _actions(*buttons)])


def named(request: LinkRequest) -> str:
    """Name a build that was asked for, escaped."""
    app = code(name(request.alias)) if request.alias else f"app {code(name(request.app))}"
    if request.build == LATEST:
        return f"the latest build of {app}"
    return f"build {code(name(request.build))} of {app}"


def _nothing(wish: LinkRequest | PostLink, reason: str, *, try_again: bool) -> Message:
    nothing = "Nothing was posted about" if isinstance(wish, PostLink) else "No link to"
    said = f"{nothing} {named(_request(wish))}. {reason}"
    if not try_again:
        return message(said)
    return message(said, [section(said), _actions(_again(wish, "Try again"))])


def _request(wish: LinkRequest | PostLink) -> LinkRequest:
    return wish.request if isinstance(wish, PostLink) else wish


def _validity(expires_at: datetime | None) -> str:
    alone = "It is for you alone and works once; for another one press New link."
    return alone if expires_at is None else f"Valid until {when(expires_at)}. {alone}"


def _in_mrkdwn(offer: Offer) -> list[str]:
    opened = [(offer.url, str(offer.leads_to))] if offer.leads_to is not LeadsTo.MANIFEST else []
    opened += [(offer.ipa, str(LeadsTo.IPA))] if offer.ipa else []
    opened += [(offer.page, "Install page")] if offer.page else []
    return [link(url, label) for url, label in opened]


def _tappable(offer: Offer) -> Block:
    tapped = RichTextElementParts.Link(url=offer.url, text=str(offer.leads_to))
    return RichTextBlock(elements=[RichTextSectionElement(elements=[tapped])])


def _opens(offer: Offer) -> list[InteractiveElement]:
    buttons = []
    if offer.leads_to is not LeadsTo.MANIFEST:
        label = str(offer.leads_to)
        buttons = [ButtonElement(text=label, action_id=OPEN_LINK, url=offer.url, style="primary")]
    if offer.ipa:
        buttons.append(ButtonElement(text=str(LeadsTo.IPA), action_id=OPEN_IPA, url=offer.ipa))
    if offer.page:
        buttons.append(ButtonElement(text="Install page", action_id=OPEN_PAGE, url=offer.page))
    return list(buttons)


def _again(
    wish: LinkRequest | PostLink, label: str, action_id: str = NEW_LINK
) -> InteractiveElement:
    return ButtonElement(text=label, action_id=action_id, value=str(wish))


def _actions(*buttons: InteractiveElement) -> Block:
    return ActionsBlock(elements=list(buttons))
