from dataclasses import replace

import pytest

from bot.builds.form import BY_ITSELF, Answers, FormErrors, read, texts_of, ticked_by
from bot.builds.options import BuildOptions
from bot.builds.projects import Known, Project
from bot.builds.request import BuildRequest, parse

KNOWN = Known((Project("fruit", "543988", engine="2.20.6", branch="dev"), Project("odd", "7")))
SENT = Answers("fruit", ("Level 3",))


def wrong(answers: Answers) -> dict[str, str]:
    found = read(answers, KNOWN)
    assert isinstance(found, FormErrors)
    return dict(found.sentences)


def right(answers: Answers) -> BuildRequest:
    found = read(answers, KNOWN)
    assert isinstance(found, BuildRequest)
    return found


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        (SENT, 'fruit "Level 3"'),
        (Answers(" 99 ", ("B", "A")), "99 B A"),
        (replace(SENT, texts={"branch": "main", "engine": "v2.21.0"}), "engine=2.21.0 branch=main"),
        (replace(SENT, texts={"version": " 1.4 ", "name": "", "notes": "  "}), "version=1.4"),
        (replace(SENT, texts={"format": "npm"}), "format=npm"),
        (replace(SENT, texts={"format": "npm"}, ticked=frozenset()), "format=npm"),
        (
            replace(SENT, texts={"format": "npm"}, ticked=frozenset({"minify", "preload"})),
            "format=npm preload=yes",
        ),
        (replace(SENT, ticked=frozenset()), "minify=no"),
        (replace(SENT, ticked=frozenset({"optimize"})), "minify=no optimize=yes"),
        (
            replace(SENT, ticked=frozenset({"minify", "concatenate", "sourcemaps"})),
            "minify=yes concatenate=yes sourcemaps=yes",
        ),
    ],
)
def test_a_form_means_what_a_line_means(answers: Answers, line: str) -> None:
    whole = line if line[0] in "f9" and "=" not in line else f'fruit "Level 3" {line}'
    assert right(answers) == parse(whole, KNOWN)


def test_a_text_of_several_lines_and_with_quotes_needs_no_quoting() -> None:
    notes = "Fixes “the\" jump\nand = more, 'as' it <is>"
    assert right(replace(SENT, texts={"notes": notes})).options.notes == notes


def test_every_field_says_what_is_wrong_with_it() -> None:
    texts = {
        "branch": "a\nb",
        "version": "1" * 21,
        "engine": "two",
        "notes": "n" * 10_001,
        "description": "d" * 10_000,
        "name": "n" * 1_000,
    }
    sentences = wrong(Answers("melon", (), texts))
    assert set(sentences) == {"project", "scenes", *texts}
    assert sentences["engine"].startswith("“two” is no engine version.")
    assert sentences["scenes"].startswith("Which scene?")
    assert sentences["project"].startswith("“melon” is neither")


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        (replace(SENT, project=""), "project", "Which project?"),
        (replace(SENT, scenes=("A", "A")), "scenes", "given twice"),
        (replace(SENT, scenes=(" ",)), "scenes", "Which scene?"),
        (replace(SENT, scenes=("s" * 1_000,)), "scenes", "1,000 characters"),
        (replace(SENT, scenes=tuple(map(str, range(101)))), "scenes", "101 scenes"),
        (replace(SENT, ticked=frozenset({"sourcemaps"})), "options", "concatenated and minified"),
        (
            replace(SENT, texts={"format": "npm"}, ticked=frozenset({"optimize"})),
            "options",
            "An npm build takes no optimize=yes",
        ),
    ],
)
def test_one_field_is_wrong(answers: Answers, field: str, words: str) -> None:
    sentences = wrong(answers)
    assert set(sentences) == {field}
    assert words in sentences[field]


@pytest.mark.parametrize("char", ["\0", "\x1b", "\u202e", "\u2066", "\ud800"])
def test_control_characters_are_refused_in_every_field(char: str) -> None:
    fields = ("branch", "name", "version", "description", "notes", "engine")
    sentences = wrong(Answers(f"9{char}", (f"a{char}b",), dict.fromkeys(fields, f"a{char}b")))
    assert set(sentences) == {"project", "scenes", *fields}
    for sentence in sentences.values():
        assert f"U+{ord(char):04X}" in sentence
        assert char not in sentence


@pytest.mark.parametrize(
    "line",
    [
        "fruit A B",
        'fruit A branch=main name="Fruit Rush" version=1 notes=N description=D engine=2.21.0',
        "fruit A minify=no",
        "fruit A concatenate=yes minify=yes sourcemaps=yes optimize=yes preload=yes",
        "fruit A format=npm",
        "fruit A format=npm preload=yes",
        "fruit A format=static minify=no optimize=yes",
    ],
)
def test_a_form_that_was_filled_in_from_a_build_asks_for_the_same(line: str) -> None:
    request = parse(line, KNOWN)
    assert isinstance(request, BuildRequest)
    ticked = ticked_by(request.options)
    again = Answers("fruit", request.scenes, texts_of(request), ticked)
    assert right(again) == request


def test_boxes_show_what_was_given() -> None:
    assert ticked_by(BuildOptions()) == BY_ITSELF
    assert ticked_by(BuildOptions(minify=False, preload=True)) == {"preload"}
    assert ticked_by(BuildOptions(minify=False, format="npm")) == BY_ITSELF
