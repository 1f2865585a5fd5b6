"""Quotes of every keyboard, apostrophes, spaces nobody sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.builds.escapes import escape
from bot.builds.usage import MisuseError
from bot.builds.words import Word, quote, split


def texts(line: str) -> list[str]:
    return [word.text for word in split(line)]


@pytest.mark.parametrize("opening", '"“”„‟″＂')
@pytest.mark.parametrize("closing", '"“”„‟″＂')
def test_double_quotes_of_any_keyboard(opening: str, closing: str) -> None:
    assert texts(f"a {opening}Level 3{closing} b") == ["a", "Level 3", "b"]


@pytest.mark.parametrize("opening", "'‘’‚‛′`´＇")
@pytest.mark.parametrize("closing", "'‘’‚‛′`´＇")
def test_single_quotes_of_any_keyboard(opening: str, closing: str) -> None:
    assert texts(f"a {opening}Bob's Level{closing} b") == ["a", "Bob's Level", "b"]


@pytest.mark.parametrize(
    "quoted", ["«Level 3»", "»Level 3«", "« Level 3 »", "‹Level 3›", "「Level 3」"]
)
def test_other_quotes(quoted: str) -> None:
    assert texts(f"a {quoted} b") == ["a", "Level 3", "b"]


@pytest.mark.parametrize("apostrophe", "'’‘´`′")
def test_an_apostrophe_inside_a_word_is_no_quote(apostrophe: str) -> None:
    name = f"Bob{apostrophe}s"
    assert texts(f"{name} Level") == [name, "Level"]
    assert texts(f"{apostrophe}{name} Level{apostrophe}") == [f"{name} Level"]
    assert texts(f"notes={name} x") == [name, "x"]


@pytest.mark.parametrize(
    "name",
    ["The “Big” One", "“Big” One", "The “Big”", 'say "hi" now', "it's", "5 feet 6' high", "«a» b"],
)
def test_quotes_in_quotes(name: str) -> None:
    assert texts(f'"{name}" x') == [name, "x"]


def test_the_other_kind_of_quote_is_only_text() -> None:
    assert texts("""'12" disc' "it's 'so'" x""") == ['12" disc', "it's 'so'", "x"]


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u3000", "\t", "\n", "\u2028", "\u2009"])
def test_every_space_separates(space: str) -> None:
    assert texts(f"{space}a{space}{space}b{space}") == ["a", "b"]


def test_hard_spaces_in_quotes_stay_inside_and_unseen_ones_go() -> None:
    assert texts("“\u00a0Level\u00a03\u00a0” a\u200bb\ufeff") == ["Level\u00a03", "ab"]
    assert texts("“one\u2028two”") == ["one\ntwo"]


def test_keys() -> None:
    assert split("branch=dev notes=“a b” x==y =z w=") == (
        Word("dev", "branch"),
        Word("a b", "notes", quoted=True),
        Word("=y", "x"),
        Word("z", ""),
        Word("", "w"),
    )


@pytest.mark.parametrize(
    ("line", "opened"),
    [
        ("a 'Level 3", "The quote ' before Level 3"),
        ("a “Level 3'", "The quote “ before Level 3'"),
        ("a «Level 3 name=x", "The quote « before Level 3 name=x"),
        ("a notes=‘x", "The quote ‘ before x"),
        ('a "', 'The quote " at the end'),
        (f"a “{'x' * 100}", f"The quote “ before {'x' * 59}… is"),
    ],
)
def test_an_unclosed_quote_is_named(line: str, opened: str) -> None:
    with pytest.raises(MisuseError) as raised:
        split(line)
    assert raised.value.error.problem.startswith(opened)
    assert "never closed" in raised.value.error.problem


@pytest.mark.parametrize("line", ['"Level 3","Level 4"', '"a"b"', "«a»b»", '"a"branch=x'])
def test_a_closing_quote_wants_a_space_behind_it(line: str) -> None:
    with pytest.raises(MisuseError, match="in the middle of a word"):
        split(line)


def test_a_heap_of_quotes_is_read_in_reasonable_time() -> None:
    with pytest.raises(MisuseError):
        split("“" * 40_000)
    with pytest.raises(MisuseError):
        split("<@" * 20_000 + "“")


@given(st.lists(st.text(alphabet="ab 3'’\"“”=&<>é🍓—-`", min_size=1).map(str.strip)))
def test_words_come_back_as_they_were_quoted(names: list[str]) -> None:
    line = " ".join(quote(name) for name in names)
    assert split(escape(line)) == tuple(Word(name, quoted=quote(name) != name) for name in names)


def test_the_plainest_quotes_that_will_do() -> None:
    assert [quote(name) for name in ("a", "a b", 'a "b', "its' \"x", "—a", "a=b")] == [
        *("a", '"a b"', "'a \"b'", "«its' \"x»", '"—a"', '"a=b"'),
    ]
