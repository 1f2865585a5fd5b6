"""The install link: what one tester is shown, the link itself or why there is none."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    InteractiveElement,
    MarkdownTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextSectionElement,
    SectionBlock,
)

from bot.builds.link_request import LinkRequest
from bot.slack.messages.message import Message, message
from bot.slack.messages.words import escape, lines, name

OPEN_LINK = "open_link"
NEW_LINK = "new_link"
LONGEST_URL = 3_000
"""Slack refuses longer ones, in buttons and in rich text."""


class LeadsTo(StrEnum):
    """What is at the end of a link; the value is the label of its button."""

    MANIFEST = "Install on iPhone"
    APK = "Download APK"
    AAB = "Download AAB"
    IPA = "Download IPA"
    PKG = "Download PKG"
    FILE = "Download file"


@dataclass(frozen=True, slots=True)
class Offer:
    """One person's link; the repr hides it. A manifest's is an itms-services one."""

    leads_to: LeadsTo
    url: str = field(repr=False)
    expires_at: datetime | None


def install_link(request: LinkRequest, offer: Offer) -> Message:
    """Show a link to the one it was minted for."""
    head = f"Your link to {_named(request)}.\n{_validity(offer.expires_at)}"
    if offer.leads_to is LeadsTo.MANIFEST:
        # mrkdwn leaves itms-services: as plain text, rich text makes a link of it.
        how = "On the iPhone, tap Install on iPhone in this message."
        blocks = [_section(f"{head}\n{how}"), _tappable(offer), _actions(_again(request))]
        return message(f"{head}\n{how}", blocks)
    link = f"<{_in_mrkdwn(offer.url)}|{offer.leads_to}>"
    return message(f"{head}\n{link}", [_section(head), _actions(_opens(offer), _again(request))])


def waiting(request: LinkRequest) -> Message:
    """Say that the link takes longer, and that nothing has to be done for it."""
    return message(
        f"Applivery is still processing {_named(request)}."
        " I keep asking for two minutes; the link appears here by itself."
    )


def no_link(request: LinkRequest, sentence: str, *, try_again: bool) -> Message:
    """Say why there is no link; `try_again` where a second try can end differently."""
    said = f"No link to {_named(request)}. {escape(lines(sentence))}"
    if not try_again:
        return message(said)
    return message(said, [_section(said), _actions(_again(request, "Try again"))])


def no_answer(request: LinkRequest) -> Message:
    """Say, in the bot's own conversation, that the place of asking could not be answered."""
    sentence = "I could not answer where you asked for it."
    return no_link(request, sentence, try_again=True)


def _named(request: LinkRequest) -> str:
    return f"build `{name(request.build)}` of app `{name(request.app)}`"


def _validity(expires_at: datetime | None) -> str:
    alone = "It is for you alone; for another one press New link."
    if expires_at is None:
        return alone
    fallback = f"{expires_at:%Y-%m-%d %H:%M} UTC"
    until = f"<!date^{int(expires_at.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"
    return f"Valid until {until}. {alone}"


def _in_mrkdwn(url: str) -> str:
    # a Location holds no blanks, and what would end a link comes encoded (applivery/location.py)
    return url.replace("&", "&amp;")


def _tappable(offer: Offer) -> Block:
    link = RichTextElementParts.Link(url=offer.url, text=str(offer.leads_to))
    return RichTextBlock(elements=[RichTextSectionElement(elements=[link])])


def _opens(offer: Offer) -> InteractiveElement:
    return ButtonElement(
        text=str(offer.leads_to), action_id=OPEN_LINK, url=offer.url, style="primary"
    )


def _again(request: LinkRequest, label: str = "New link") -> InteractiveElement:
    return ButtonElement(text=label, action_id=NEW_LINK, value=str(request))


def _actions(*buttons: InteractiveElement) -> Block:
    return ActionsBlock(elements=list(buttons))


def _section(text: str) -> Block:
    return SectionBlock(text=MarkdownTextObject(text=text, verbatim=True))
