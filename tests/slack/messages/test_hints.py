import pytest

from bot.slack.messages.hints import hint


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Could not export", "`.mjs`"),
        ("Error: Cannot find module './jump.mjs'", "check its path"),
        ("Module not found: jump.mjs", "check its path"),
        ("Could not resolve './a.mjs' from main.mjs", "check its path"),
        ("PlayCanvas refused this (403): “Invalid plan”.", "ask an admin"),
    ],
)
def test_what_is_known_to_help(said: str, words: str) -> None:
    assert words in (hint(["Something before", said]) or "")


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert hint(["Out of memory"]) is None
    assert hint([]) is None
