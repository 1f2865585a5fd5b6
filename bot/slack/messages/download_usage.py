"""How `/download` is used: the help, the answer to each line, and how to switch it on."""

from bot.builds.link_request import LINK_EXAMPLE, LinkRequest
from bot.builds.usage import UsageError
from bot.slack.messages.message import Message, message
from bot.slack.messages.words import escape, lines, name

_KINDS = (
    "• `type=auto` installs: the APK for Android, over the air for Apple; this if left out",
    "• `type=file` the file itself: .apk, .ipa or .pkg",
    "• `type=aab` the Android App Bundle, when the build is one",
)


def help_text() -> Message:
    """Explain the command with a line that can be pasted."""
    kinds = "\n".join(_KINDS)
    return message(
        "*/download* `&lt;app id&gt; &lt;build id&gt; [type=auto|file|aab]` fetches a fresh"
        f" Applivery link, for you alone.\n`/download {LINK_EXAMPLE}`\n{kinds}\n"
        "Applivery’s ids have 24 characters, 0–9 and a–f."
    )


def usage(error: UsageError) -> Message:
    """Say what was wrong with a line, and how a right one looks."""
    hint = f"\nFor example:\n`/download {escape(error.hint)}`" if error.hint else ""
    return message(f"{escape(lines(error.problem))}{hint}\nAll about it: `/download help`")


def accepted(request: LinkRequest) -> Message:
    """Confirm what is now safe in the store; the link follows."""
    return message(f"Fetching your link to build `{name(request.build)}`; it appears here.")


def repeated(request: LinkRequest) -> Message:
    """Point to the link that the first delivery made."""
    return message(f"Your link to build `{name(request.build)}` is already on its way.")


def switched_off() -> Message:
    """Say how an admin switches install links on."""
    return message(
        "Install links are switched off. Whoever runs this bot switches them on with the settings"
        " `APPLIVERY_TOKEN` (a Service Account token of Applivery) and `APPLIVERY_ORGANIZATION`"
        " (its id or slug), and a restart."
    )
