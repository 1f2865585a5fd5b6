import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.builds.names import fold
from bot.builds.projects import is_id
from bot.builds.short_name import LONGEST, RESERVED, made_of, wrong_with
from bot.builds.words import quote


@pytest.mark.parametrize(
    "name",
    ["fruit", "Fruit-Rush_2", "2048-game", "level.io", "Café", "果物", "हिन्दी", "x" * LONGEST],
)
def test_a_short_name(name: str) -> None:
    assert wrong_with(name) is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "is no short name"),
        ("Fruit Rush", "one word"),
        ("-fruit", "begins with"),
        ("fruit!", "one word"),
        ("fruit`", "one word"),
        ("<fruit>", "one word"),
        ("a=b", "one word"),
        ("🍓berry", "one word"),
        ("543988", "reads like an id"),
        ("2.20", "reads like an id"),
        ("x" * (LONGEST + 1), "at most 40"),
        ("Mine", "own commands"),
        ("ARCHIVE", "own commands"),
        ("failed", "own commands"),
        ("hélp", "own commands"),
    ],
)
def test_no_short_name(name: str, problem: str) -> None:
    assert problem in (wrong_with(name) or "")


def test_what_the_commands_mean_by_a_word_is_reserved() -> None:
    assert {"help", "list", "add", "all", "mine", "latest", "ready", "queued"} <= RESERVED


@pytest.mark.parametrize(
    ("text", "name"),
    [("Fruit Rush", "fruit-rush"), ("-fruit!", "fruit"), ("x" * 60, "x" * 40), ("42", None)],
)
def test_a_short_name_is_made_of_another(text: str, name: str | None) -> None:
    assert made_of(text) == name


@given(st.text())
def test_what_is_made_will_do(text: str) -> None:
    made = made_of(text)
    assert made is None or wrong_with(made) is None


@given(st.text(min_size=1, max_size=45))
def test_a_short_name_needs_no_quotes_and_is_no_id(name: str) -> None:
    if wrong_with(name) is None:
        assert quote(name) == name
        assert fold(name)
        assert not is_id(name)
