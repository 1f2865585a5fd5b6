"""The post: a build for everyone, with a button that gives each their own link; who took one."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, ButtonElement

from bot.builds.apps import NamedApp
from bot.builds.link_post import Origin, Post, Taken, offer
from bot.builds.link_request import LinkRequest
from bot.slack.messages.build_facts import changelog, heading
from bot.slack.messages.install_link import named
from bot.slack.messages.message import Message, message
from bot.slack.messages.mrkdwn import code
from bot.slack.messages.sections import section
from bot.slack.messages.words import clip, clock, name

GET_LINK = "get_link"
_MOST_BUTTONS = 5
GETS = (GET_LINK, *(f"{GET_LINK}_{number}" for number in range(_MOST_BUTTONS)))
"""Slack wants the buttons of one message told apart."""
# With more of them there is no room for what else is said.
_MOST_LISTED = 50


def post(posted: Post, alias: str | None) -> Message:
    """Offer a build to everyone; it carries no URL, which a link preview could spend."""
    facts = posted.facts
    by = f"by <@{posted.asker.user_id}> · each link works once, so get your own"
    head = "\n".join(filter(None, [heading(facts, alias), changelog(facts), by]))
    wanted = LinkRequest(facts.app, facts.build, posted.request.kind)
    value = offer(Origin(post_id=posted.id), wanted)
    button = ButtonElement(text="Get my link", action_id=GET_LINK, value=value, style="primary")
    return message(head, [section(head), ActionsBlock(elements=[button])])


def taken(links: Sequence[Taken]) -> Message:
    """List who took a link, and when."""
    left = len(links) - _MOST_LISTED
    earlier = f"{left} earlier, " if left > 0 else ""
    each = ", ".join(f"<@{link.user_id}> {clock(link.at)}" for link in links[-_MOST_LISTED:])
    return message(f"Links taken: {len(links)} ({earlier}{each})")


def not_posted(posted: Post, code_of_slack: str) -> Message:
    """Tell the asker alone that the channel takes no message of the bot's."""
    invite = (
        "Invite me with `/invite @Build Bot`, and try again."
        if code_of_slack in {"not_in_channel", "channel_not_found"}
        else f"Slack said {code(name(code_of_slack))}."
    )
    return message(f"I may not post {named(posted.request)} in this channel. {invite}")


def get_my_link(job_id: int, apps: Sequence[NamedApp]) -> list[ButtonElement]:
    """Offer, below a build that is ready, links to the apps that are made of its project."""
    alone = len(apps) == 1
    return [
        ButtonElement(
            text="Get my link" if alone else f"Get my link: {clip(app.name, 40)}",
            action_id=GET_LINK if alone else f"{GET_LINK}_{number}",
            value=offer(Origin(job_id=job_id), LinkRequest(app.id)),
        )
        for number, app in enumerate(apps[:_MOST_BUTTONS])
    ]
