"""How `/projects` is used: the help, and the first answer to each line."""

from bot.builds.errand import AddProject, ChangeProject, Errand, ListScenes
from bot.builds.projects_command import SUBCOMMANDS
from bot.builds.usage import UsageError
from bot.slack.messages.message import Message, message
from bot.slack.messages.words import escape, lines, name


def help_text() -> Message:
    """Explain the command with lines that can be pasted."""
    forms = "\n".join(
        f"• {pasteable(f'{each.name} {each.form}')} {escape(each.meaning)}" for each in SUBCOMMANDS
    )
    return message(
        '*/projects* gives PlayCanvas projects short names, for `/build fruit "Level 3"`.\n'
        f"{forms}\n"
        "Instead of its short name a project can be given by its id, to look at its scenes and"
        " branches. What stands in brackets can be left out."
    )


def usage(error: UsageError) -> Message:
    """Say what was wrong with a line, and how a right one looks."""
    hint = f"\nFor example: {pasteable(error.hint)}" if error.hint else ""
    return message(f"{escape(lines(error.problem))}{hint}\nAll about it: `/projects help`")


def asking(errand: Errand) -> Message:
    """Confirm what is now safe in the store; the answer follows."""
    match errand:
        case AddProject():
            doing = f"Looking at project {errand.project}, to call it {code(errand.name)}"
        case ChangeProject():
            doing = f"Looking for that branch in {code(errand.name)}"
        case ListScenes():
            doing = f"Looking up the scenes of {called(errand.alias, errand.project)}"
        case _:
            doing = f"Looking up the branches of {called(errand.alias, errand.project)}"
    return message(f"{doing}; the answer appears here.")


def called(alias: str | None, project: str) -> str:
    """Name a project: by its short name, or by its id."""
    return code(alias) if alias else f"project {project}"


def code(text: str, most: int = 80) -> str:
    """Show a foreign name as it is typed, without any formatting of Slack's."""
    # a backtick would end the code; names are found with either sign
    shown = name(text, most).replace("`", "’")
    return f"`{shown}`" if shown else "(no name)"


def pasteable(line: str) -> str:
    """Show what can be typed after `/projects`."""
    shown = escape(" ".join(lines(line).split())).replace("`", "’")
    return f"`/projects {shown}`"
