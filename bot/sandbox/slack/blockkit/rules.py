"""Rules that Block Kit is checked with: small functions that report what is wrong, and where."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit


class Report:
    """What is wrong with a payload, in the words and pointers that Slack answers with."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def add(self, problem: str, at: str) -> None:
        """Note a problem at a JSON pointer."""
        self.problems.append(f"{problem} [json-pointer:{at}]")


Rule = Callable[[Any, str, Report], None]
Check = Callable[[dict[str, Any], str, Report], None]


def string(most: int, least: int = 1) -> Rule:
    """Require a string of so many characters."""

    def rule(value: Any, at: str, report: Report) -> None:  # noqa: ANN401 - JSON
        if not isinstance(value, str):
            report.add("must be a string", at)
        elif len(value) < least:
            report.add(f"must be more than {least - 1} characters", at)
        elif len(value) > most:
            report.add(f"must be less than {most + 1} characters", at)

    return rule


def pattern(expression: str, problem: str) -> Rule:
    """Require a string that matches wholly."""

    def rule(value: Any, at: str, report: Report) -> None:  # noqa: ANN401 - JSON
        if not isinstance(value, str) or not re.fullmatch(expression, value):
            report.add(problem, at)

    return rule


def boolean(value: Any, at: str, report: Report) -> None:  # noqa: ANN401 - JSON
    """Require true or false."""
    if not isinstance(value, bool):
        report.add("must be a boolean", at)


def integer(least: int, most: int | None = None) -> Rule:
    """Require a whole number in a range."""

    def rule(value: Any, at: str, report: Report) -> None:  # noqa: ANN401 - JSON
        if not isinstance(value, int) or isinstance(value, bool):
            report.add("must be an integer", at)
        elif value < least:
            report.add(f"must be greater than or equal to {least}", at)
        elif most is not None and value > most:
            report.add(f"must be less than or equal to {most}", at)

    return rule


def choice(*values: str) -> Rule:
    """Require one of these words."""

    def rule(value: Any, at: str, report: Report) -> None:  # noqa: ANN401 - JSON
        if value not in values:
            report.add("must be a valid enum value", at)

    return rule


def url(value: Any, at: str, report: Report) -> None:  # noqa: ANN401 - JSON
    """Require an http or https URL that fits."""
    string(3000)(value, at, report)
    if isinstance(value, str) and value and not _is_url(value):
        report.add("must be a valid URL", at)


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", value)
    )


def items(rule: Rule, most: int, least: int = 1) -> Rule:
    """Require a list of so many items that keep a rule each."""

    def check(value: Any, at: str, report: Report) -> None:  # noqa: ANN401 - JSON
        if not isinstance(value, list):
            report.add("must be an array", at)
            return
        if len(value) < least:
            report.add(f"no fewer than {least} items allowed", at)
        if len(value) > most:
            report.add(f"no more than {most} items allowed", at)
        for index, item in enumerate(value):
            rule(item, f"{at}/{index}", report)

    return check


def shape(
    required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *checks: Check
) -> Rule:
    """Require an object with these properties and no others; `checks` see it as a whole."""
    allowed = {**required, **(optional or {})}

    def rule(value: Any, at: str, report: Report) -> None:  # noqa: ANN401 - JSON
        if not isinstance(value, dict):
            report.add("must be an object", at)
            return
        for name in required:
            if value.get(name) is None:
                report.add(f"missing required field: {name}", at)
        for name, part in value.items():
            if name in allowed:
                if part is not None:
                    allowed[name](part, f"{at}/{name}", report)
            elif name != "type":
                report.add(f"invalid additional property: {name}", at)
        for check in checks:
            check(value, at, report)

    return rule


def by_type(kinds: Mapping[str, Rule]) -> Rule:
    """Require an object of one of these types, and check it as such."""

    def rule(value: Any, at: str, report: Report) -> None:  # noqa: ANN401 - JSON
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(value, dict):
            report.add("must be an object", at)
        elif kind is None:
            report.add("missing required field: type", at)
        elif not isinstance(kind, str) or kind not in kinds:
            report.add(f"unsupported type: {kind}", f"{at}/type")
        else:
            kinds[kind](value, at, report)

    return rule


def as_list(value: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """Return a list as it is, and nothing for anything else: its own rule reports that."""
    return value if isinstance(value, list) else []


def one_of(*names: str) -> Check:
    """Require exactly one of these properties."""

    def check(value: dict[str, Any], at: str, report: Report) -> None:
        if sum(value.get(name) is not None for name in names) != 1:
            wanted = " or ".join(f"`{name}`" for name in names)
            report.add(f"must define either {wanted}", at)

    return check


def some_of(*names: str) -> Check:
    """Require at least one of these properties."""

    def check(value: dict[str, Any], at: str, report: Report) -> None:
        if all(value.get(name) is None for name in names):
            wanted = " or ".join(f"`{name}`" for name in names)
            report.add(f"must define either {wanted}", at)

    return check
