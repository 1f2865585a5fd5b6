"""How `/download` is used: the help, the answer to each line, and how to switch it on."""

from collections.abc import Sequence

from bot.builds.apps import NamedApp
from bot.builds.download_command import ADD_EXAMPLE, PostLink
from bot.builds.link_request import LINK_EXAMPLE, LinkRequest
from bot.builds.projects import Known
from bot.builds.usage import UsageError
from bot.slack.messages.install_link import named
from bot.slack.messages.listing import listing
from bot.slack.messages.message import Message, message
from bot.slack.messages.mrkdwn import code
from bot.slack.messages.words import escape, lines, name

_FORMS = (
    ("fruit-ios [build id|latest] [type=auto|file|aab]", "a fresh Applivery link, for you alone"),
    ("post fruit-ios [build id]", "a message for everyone, with a button for a link of one’s own"),
    ("list", "the apps that have a name; also without “list”"),
    (ADD_EXAMPLE, "name an app; finished builds of that project then offer it"),
    ("remove fruit-ios", "forget a name; the app itself stays"),
)
_KINDS = (
    "`type=auto` installs: the APK for Android, over the air for Apple; this if left out",
    "`type=file` is the file itself: .apk, .ipa or .pkg",
    "`type=aab` is the Android App Bundle, when the build is one",
)


def help_text() -> Message:
    """Explain the command with lines that can be pasted."""
    forms = "\n".join(f"• {pasteable(form)} {meaning}" for form, meaning in _FORMS)
    kinds = "\n".join(f"• {kind}" for kind in _KINDS)
    return message(
        f"*/download* gets builds from Applivery onto devices.\n{forms}\n{kinds}\n"
        f"Ids will do instead of names: {pasteable(LINK_EXAMPLE)}. Applivery’s have 24 characters,"
        " 0–9 and a–f."
    )


def usage(error: UsageError) -> Message:
    """Say what was wrong with a line, and how a right one looks."""
    hint = f"\nFor example:\n{pasteable(error.hint)}" if error.hint else ""
    return message(f"{escape(lines(error.problem))}{hint}\nAll about it: `/download help`")


def apps(known: Sequence[NamedApp], projects: Known) -> Message:
    """List the apps that have a name."""
    if not known:
        return message(
            "No app has a name yet. Give one with its id, which stands in its address at"
            f" Applivery:\n{pasteable(ADD_EXAMPLE)}"
        )
    head = "1 app has a name:" if len(known) == 1 else f"{len(known)} apps have names:"
    rows = [f"• {_described(app, projects)}" for app in known]
    foot = f"A link of your own: {pasteable(known[0].name)} · all about it: `/download help`"
    return listing(head, rows, foot)


def added(app: NamedApp, projects: Known) -> Message:
    """Confirm a name, with a line to try."""
    return message(f"Added {_described(app, projects)}. To try it: {pasteable(app.name)}")


def removed(app: NamedApp) -> Message:
    """Confirm that a name is gone, and how it comes back."""
    back = pasteable(f"add {app}")
    return message(f"Removed {code(name(app.name))}; Applivery keeps the app. To undo: {back}")


def taken(app: NamedApp) -> Message:
    """Say that someone else was faster with the same name."""
    return message(f"Nothing was added: {code(name(app.name))} is already the name of an app.")


def gone(app: NamedApp) -> Message:
    """Say that there is nothing to remove any more."""
    return message(f"Nothing was removed: no app is called {code(name(app.name))} any more.")


def accepted(wish: LinkRequest | PostLink) -> Message:
    """Confirm what is now safe in the store; the link follows."""
    if isinstance(wish, PostLink):
        return message(f"Looking up {named(wish.request)}; the message for everyone follows.")
    return message(f"Fetching your link to {named(wish)}; it appears here.")


def repeated(wish: LinkRequest | PostLink) -> Message:
    """Point to what the first delivery brings."""
    if isinstance(wish, PostLink):
        return message(f"The message about {named(wish.request)} is already on its way.")
    return message(f"Your link to {named(wish)} is already on its way.")


def switched_off() -> Message:
    """Say how an admin switches install links on."""
    return message(
        "Install links are switched off. Whoever runs this bot switches them on with the settings"
        " `APPLIVERY_TOKEN` (a Service Account token of Applivery) and `APPLIVERY_ORGANIZATION`"
        " (its id or slug), and a restart."
    )


def pasteable(line: str) -> str:
    """Show what can be typed after `/download`."""
    return code(f"/download {escape(' '.join(lines(line).split()))}")


def _described(app: NamedApp, projects: Known) -> str:
    told = f"{code(name(app.name))} · app {name(app.id)}"
    if app.project is None:
        return told
    known = next((each.name for each in projects.projects if each.id == app.project), None)
    return f"{told} · project {code(name(known)) if known else name(app.project)}"
