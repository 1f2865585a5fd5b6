"""Talking: plain messages, mentions, slash commands, and the invitation of the bot."""

import re

from bot.sandbox.slack import payloads
from bot.sandbox.slack.answers import put_up
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.delivery import Reply
from bot.sandbox.slack.installation import Command
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.refusals import Refused
from bot.sandbox.slack.response_urls import Hook
from bot.sandbox.slack.wire import escaped
from bot.sandbox.slack.workspace import Channel, User

CHANNEL = re.compile(r"(?<![\w#@])#[\w.-]*\w")
URL = re.compile(r"https?://[^\s<>|]+")


async def say(core: Core, user: User, channel: Channel, text: str, thread_ts: str | None) -> None:
    """Send what someone typed: a command when it begins with a slash, else a message."""
    if not text.startswith("/"):
        speak(core, user, channel, text, thread_ts)
        return
    name, _, rest = text.partition(" ")
    if thread_ts is not None:
        core.notice(user.id, channel.id, f"`{name}` is not supported in threads. Sorry!")
    elif name == "/invite":
        invite(core, user, channel, rest)
    else:
        await command(core, user, channel, name, rest.strip())


def speak(
    core: Core, user: User, channel: Channel, text: str, thread_ts: str | None = None
) -> Message:
    """Post a person's message, and tell the app when it is mentioned."""
    typed = _with_mentions(core, escaped(text), "<@{0.id}>")
    message = core.posting.post(channel, user.id, {"text": typed, "thread_ts": thread_ts})
    if f"<@{core.workspace.bot.id}>" in typed:
        _tell_of_mention(core, user, channel, message)
    return message


async def command(core: Core, user: User, channel: Channel, name: str, text: str) -> None:
    """Run a slash command and show its answer, or Slack's own words about its failure."""
    known = core.installation.command(name)
    if known is None:
        core.notice(
            user.id,
            channel.id,
            f"`{name}` is not a valid command. In Slack, all messages that start with the"
            ' "/" character are interpreted as slash commands.',
        )
        return
    hook = core.hooks.issue(user.id, channel)
    typed = _escaped_text(core, text) if known.should_escape else text
    reply = await core.courier.deliver(payloads.command(core, user, name, typed, hook))
    _take_answer(core, known, hook, reply)


def invite(core: Core, user: User, channel: Channel, who: str) -> None:
    """Do `/invite @bot`, which Slack handles itself."""
    bot = core.workspace.bot
    called = who.strip().removeprefix("@").casefold()
    if called not in (bot.name, bot.real_name.casefold(), f"<@{bot.id}>".casefold()):
        core.notice(user.id, channel.id, f"No such person to invite: {who.strip() or 'nobody'}")
        return
    if channel.bot_in:
        core.notice(user.id, channel.id, f"@{bot.name} is already in this channel.")
        return
    channel.bot_in = True
    event = {"type": "channel", "channel": core.outline(channel)}
    core.audience.tell(core.workspace.audience(channel), event)
    parts = {"text": f"<@{bot.id}> has joined the channel", "subtype": "channel_join"}
    core.posting.post(channel, bot.id, parts)


def _take_answer(core: Core, known: Command, hook: Hook, reply: Reply) -> None:
    if reply.error is not None:
        _failed(core, known, hook, reply.error)
        return
    body = {"text": reply.body} if isinstance(reply.body, str) else reply.body
    if not body or not (body.get("text") or body.get("blocks")):
        return
    try:
        put_up(core, hook, body)
    except Refused:
        _failed(core, known, hook, "invalid_command_response")


def _failed(core: Core, known: Command, hook: Hook, error: str) -> None:
    core.notice(hook.user, hook.channel.id, f'{known.command} failed with the error "{error}"')


def _tell_of_mention(core: Core, user: User, channel: Channel, message: Message) -> None:
    bot = core.workspace.bot
    if not channel.bot_in:
        text = f"@{bot.name} is not in this channel: invite it with `/invite @{bot.name}`."
        core.notice(user.id, channel.id, text)
        return
    allowed = core.installation.allows("app_mentions:read")
    if "app_mention" not in core.installation.events or not allowed or channel.is_im:
        return
    inner = {
        "type": "app_mention",
        "user": user.id,
        "text": message.text,
        "ts": message.ts,
        "channel": channel.id,
        "event_ts": message.ts,
        "team": core.workspace.team_id,
    }
    if message.thread_ts is not None:
        inner["thread_ts"] = message.thread_ts
    core.courier.publish(payloads.event(core, inner))


def _with_mentions(core: Core, text: str, form: str) -> str:
    """Turn `@name` into a mention where there is such a person, as Slack's clients do.

    The name is the short one or the one that is shown: @builds and @Build Bot.
    """
    everyone = [*core.workspace.users.values(), core.workspace.bot]
    named = {escaped(n).casefold(): user for user in everyone for n in (user.real_name, user.name)}
    longest_first = "|".join(map(re.escape, sorted(named, key=len, reverse=True)))
    at_name = re.compile(rf"(?<![\w@])@({longest_first})(?![\w-]|\.\w)", re.IGNORECASE)
    return at_name.sub(lambda match: form.format(named[match[1].casefold()]), text)


def _escaped_text(core: Core, text: str) -> str:
    """Escape people, channels and URLs in a command's text, for apps that asked for it."""

    def reference(match: re.Match[str]) -> str:
        channel = core.workspace.channel(match[0])
        return f"<#{channel.id}|{channel.name}>" if channel else match[0]

    def referring(words: str) -> str:
        mentioning = _with_mentions(core, escaped(words), "<@{0.id}|{0.name}>")
        return CHANNEL.sub(reference, mentioning)

    parts = []
    start = 0
    for url in URL.finditer(text):
        parts.append(referring(text[start : url.start()]))
        parts.append(f"<{escaped(url[0])}>")
        start = url.end()
    return "".join([*parts, referring(text[start:])])
