from dataclasses import dataclass

import pytest

from bot.builds.changes import changes_since, is_main
from bot.builds.job import Change, Changes


@dataclass(frozen=True)
class Made:
    id: str
    author: str | None = "Ana"
    description: str = "fixes the jump"


def test_only_what_came_after_the_earlier_build_is_listed() -> None:
    newest_first = [Made("3", "Bo", "\n  second \nrest"), Made("2"), Made("1")]
    assert changes_since(140, "1", newest_first) == Changes(
        140, (Change("Bo", "second"), Change("Ana", "fixes the jump"))
    )


def test_nothing_new_is_nothing_to_tell() -> None:
    assert changes_since(140, "1", [Made("1"), Made("0")]) is None
    assert changes_since(140, "1", []) is None


def test_ten_are_listed_and_the_rest_counted() -> None:
    made = [Made(str(n)) for n in range(20)]
    seen = changes_since(140, "17", made)
    assert seen is not None
    assert (len(seen.listed), seen.more, seen.uncounted) == (10, 7, False)


def test_without_the_earlier_one_the_newest_are_all_new() -> None:
    seen = changes_since(140, "gone", [Made(str(n)) for n in range(12)])
    assert seen is not None
    assert (len(seen.listed), seen.more, seen.uncounted) == (10, 2, True)


def test_who_and_what_may_be_missing() -> None:
    seen = changes_since(140, "1", [Made("2", None, " \n"), Made("1")])
    assert seen is not None
    assert seen.listed == (Change("someone", "no description"),)


@pytest.mark.parametrize(("name", "main"), [("main", True), (" Master", True), ("maintain", False)])
def test_the_main_branch(name: str, *, main: bool) -> None:
    assert is_main(name) is main
