"""`/projects add`: a short name, an id, and what is wrong when it is something else."""

from collections.abc import Sequence

from bot.builds.errand import AddProject
from bot.builds.projects import Known, Project, is_id
from bot.builds.projects_line import ADDRESS, EXAMPLE, Line, misuse, named, read_line
from bot.builds.short_name import made_of, wrong_with
from bot.builds.usage import MisuseError, clip
from bot.builds.words import Word


def add(words: Sequence[Word], known: Known) -> AddProject:
    """Read what follows `add`, or raise MisuseError."""
    line = read_line("add", words, ["engine", "branch"])
    if not line.names:
        problem = "Give a short name, then the id of the project."
        raise misuse(problem, EXAMPLE)
    if len(line.names) == 1:
        raise _half(line, known)
    name, project = _name_and_id(line, known)
    if taken := named(name, known):
        raise _taken(taken[0], project, line, known)
    return AddProject(name, project, line.given.get("engine"), line.given.get("branch"))


def _half(line: Line, known: Known) -> MisuseError:
    """Ask for what is missing: the id, or the name."""
    [given] = line.names
    if is_id(given):
        problem = f"What is project {given} to be called? The short name comes first."
        return misuse(problem, line.naming(_free("fruit", known), given))
    problem = f"Give the id of the project after the short name. {ADDRESS}"
    return misuse(problem, line.naming(given, "543988"))


def _name_and_id(line: Line, known: Known) -> tuple[str, str]:
    *names, project = line.names
    name = " ".join(names)
    better = _free(made_of(name) or "fruit", known)
    if not is_id(project):
        if is_id(names[0]):
            swapped = made_of(" ".join([*names[1:], project])) or "fruit"
            problem = "The short name comes first, then the id."
            raise misuse(problem, line.naming(swapped, names[0]))
        problem = f"“{clip(project)}” is not the id of a project. {ADDRESS}"
        raise misuse(problem, line.naming(better, "543988"))
    if wrong := wrong_with(name):
        raise misuse(wrong, line.naming(better, project))
    return name, project


def _taken(owner: Project, project: str, line: Line, known: Known) -> MisuseError:
    if owner.id == project:
        problem = f"{owner.name} is already the short name of project {project}."
        options = " ".join(map(str, line.options))
        return misuse(problem, f"set {owner.name} {options}" if options else f"scenes {owner.name}")
    problem = f"{owner.name} is already the short name of project {owner.id}. Choose another."
    return misuse(problem, line.naming(_free(owner.name, known), project))


def _free(name: str, known: Known) -> str:
    """Put a number behind a name that is not free."""
    numbered = (f"{name[:36]}-{n}" for n in range(2, len(known.projects) + 3))
    return next(each for each in (name, *numbered) if not named(each, known))
