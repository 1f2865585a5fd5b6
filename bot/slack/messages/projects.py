"""What `/projects` answers: the short names, and how adding and changing them went."""

from collections.abc import Sequence

from bot.builds.errand import AddProject, ChangeProject, Errand, ListBranches, ListScenes
from bot.builds.job import Item
from bot.builds.names import Ambiguous, Unknown
from bot.builds.projects import Project
from bot.builds.words import quote
from bot.slack.messages.listing import listing
from bot.slack.messages.message import Message, message
from bot.slack.messages.projects_usage import called, code, pasteable
from bot.slack.messages.words import clip, escape, lines, name

_TYPED_AT_MOST = 60
_SAID_AT_MOST = 600
_MOST_OFFERS = 5


def projects(known: Sequence[Project]) -> Message:
    """List the short names, with ids and defaults."""
    if not known:
        return message(
            "No project has a short name yet. Give one with its id, the number in its address:"
            " `/projects add fruit 543988`"
        )
    head = "1 project has a short name:" if len(known) == 1 else f"{len(known)} short names:"
    rows = [f"• {_described(project)}" for project in known]
    return listing(head, rows, "All about it: `/projects help`")


def added(project: Project, scenes: Sequence[Item]) -> Message:
    """Confirm a short name, with a line to try."""
    count = f"{len(scenes)} scene{'' if len(scenes) == 1 else 's'}"
    return message(f"Added {_described(project)}. I see {count} in it.{_to_try(project, scenes)}")


def changed(project: Project) -> Message:
    """Show what a project's builds get from now on."""
    return message(f"Changed {_described(project)}.")


def removed(project: Project) -> Message:
    """Confirm that a short name is gone, and how it comes back."""
    back = AddProject(project.name, project.id, project.engine, project.branch)
    return message(
        f"Removed {code(project.name)}; PlayCanvas keeps the project."
        f" To undo: {pasteable(str(back))}"
    )


def taken(project: Project) -> Message:
    """Say that someone else was faster with the same short name."""
    change = pasteable(f"set {project.name} engine=2.20.6")
    return message(
        f"Nothing was added: there already is {_described(project)}. Change it: {change}"
    )


def gone(short_name: str) -> Message:
    """Say that there is nothing to change any more."""
    return message(f"Nothing was changed: there is no short name {code(short_name)} any more.")


def repeated() -> Message:
    """Point to the answer that the first delivery brings."""
    return message("That is already being looked up; the answer appears here.")


def wrong_branch(errand: Errand, found: Unknown | Ambiguous, instead: Sequence[Errand]) -> Message:
    """Say that a branch is not there, and offer the wishes that could be meant."""
    if isinstance(found, Unknown):
        problem = f"There is no open branch “{name(found.wanted)}”."
    else:
        problem = f"“{name(found.wanted)}” fits more than one branch."
    said = f"{_undone(errand)}{problem}"
    offers = [f"• {pasteable(str(each))}" for each in instead[:_MOST_OFFERS]]
    if len(instead) > _MOST_OFFERS:
        offers.append(f"… and {len(instead) - _MOST_OFFERS} more")
    return listing(f"{said} Did you mean:", offers) if offers else message(said)


def no_answer(errand: Errand, sentence: str) -> Message:
    """Say why nothing came of it, in PlayCanvas's words."""
    return message(f"{_undone(errand)}{_said(sentence)}\nAgain: {pasteable(str(errand))}")


def not_found(errand: Errand, sentence: str) -> Message:
    """Say that the token sees no such project, and what the reason may be."""
    return message(
        f"{_undone(errand)}{_said(sentence)}\nIs {errand.project} the number in the"
        " project's address? If so, an admin must let the account behind the bot's token into"
        " the project's team."
    )


def waiting(sentence: str) -> Message:
    """Say that the answer takes longer, and that nothing has to be done for it."""
    return message(f"{_said(sentence)} I keep asking for 25 minutes; the answer appears here.")


def _said(sentence: str) -> str:
    return escape(clip(lines(sentence), _SAID_AT_MOST))


def _described(project: Project) -> str:
    parts = [f"{code(project.name)} · project {project.id}"]
    if project.engine:
        parts.append(f"engine {name(project.engine)}")
    if project.branch:
        parts.append(f"branch {code(project.branch)}")
    return " · ".join(parts)


def _to_try(project: Project, scenes: Sequence[Item]) -> str:
    names = (" ".join(scene.name.split()) for scene in scenes)
    typed = next((each for each in names if each and len(each) <= _TYPED_AT_MOST), None)
    if typed is None:
        return ""
    return f" Try {code(f'/build {project.name} {quote(typed)}', 200)}"


def _undone(errand: Errand) -> str:
    match errand:
        case AddProject():
            return f"{code(errand.name)} was not added. "
        case ChangeProject():
            return f"{code(errand.name)} was not changed. "
        case ListScenes():
            return f"No scenes of {called(errand.alias, errand.project)}. "
        case ListBranches():
            return f"No branches of {called(errand.alias, errand.project)}. "
