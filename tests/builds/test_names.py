"""Names are found, unknown or ambiguous; never guessed."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.builds.names import Ambiguous, Found, Unknown, find, fold, nearest


@dataclass(frozen=True)
class Scene:
    id: int | str
    name: str


def scenes(*names: str) -> list[Scene]:
    return [Scene(1000 + at, name) for at, name in enumerate(names)]


def found(wanted: str, items: list[Scene]) -> str:
    answer = find(wanted, items)
    assert isinstance(answer, Found), answer
    return answer.item.name


def test_by_id() -> None:
    assert found("1001", scenes("Menu", "Boss")) == "Boss"
    assert found("b-1", [Scene("b-1", "main"), Scene("b-2", "b-10")]) == "main"


@pytest.mark.parametrize(
    "wanted",
    [
        "Café 3",
        "cafe 3",
        "CAFÉ 3",
        "Cafe\u0301 3",
        "ｃａｆｅ　３",
        " café   3 ",
        "café\u00a03",
        "caf",
    ],
)
def test_case_accents_width_and_space_do_not_matter(wanted: str) -> None:
    assert found(wanted, scenes("Menu", "Café 3", "Boss")) == "Café 3"


def test_what_phones_make_of_quotes_and_dashes_does_not_matter() -> None:
    items = scenes("Bob's Level", 'The "Big" One', "End--Credits", "Łódź", "Straße")
    assert found("Bob’s Level", items) == "Bob's Level"
    assert found("the “big” one", items) == 'The "Big" One'
    assert found("End—Credits", items) == "End--Credits"
    assert found("lodz", items) == "Łódź"
    assert found("STRASSE", items) == "Straße"


def test_what_nobody_sees_does_not_matter() -> None:
    items = scenes("❤️ Menu", "Bo\u00adss\u200b", "\u202eLevel\u2069\x073")
    assert found("❤ menu", items) == "❤️ Menu"
    assert found("boss", items) == "Bo\u00adss\u200b"
    assert found("level 3", items) == "\u202eLevel\u2069\x073"


def test_the_exact_spelling_may_be_encoded_in_two_ways() -> None:
    items = scenes("Café 3", "café 3")
    assert found("Cafe\u0301\u00a03", items) == "Café 3"


def test_the_exact_spelling_decides_between_two_that_differ_in_case() -> None:
    items = scenes("Menu", "menu")
    assert found("menu", items) == "menu"
    assert found("Menu", items) == "Menu"
    assert find("MENU", items) == Ambiguous("MENU", ("Menu", "menu"), ("Menu", "menu"))


def test_a_whole_name_goes_before_a_beginning() -> None:
    items = scenes("Level 10", "Level 1")
    assert found("level 1", items) == "Level 1"
    assert find("level", items) == Ambiguous(
        "level", ("Level 10", "Level 1"), ("Level 10", "Level 1")
    )
    assert found("level 10", items) == "Level 10"


def test_a_beginning_has_to_be_the_only_one() -> None:
    assert found("me", scenes("Menu", "Boss")) == "Menu"
    assert find("me", scenes("Menu", "Médaille")) == Ambiguous(
        "me", ("Menu", "Médaille"), ("Menu", "Médaille")
    )


def test_twins_are_told_apart_by_id() -> None:
    items = scenes("Menu", "Menu")
    assert find("Menu", items) == Ambiguous(
        "Menu", ("Menu (id 1000)", "Menu (id 1001)"), ("1000", "1001")
    )
    assert found("1001", items) == "Menu"


def test_what_nobody_would_type_is_meant_by_its_id() -> None:
    answer = find("m", scenes("Menu", "M" * 201, "M\u202eap", "M" * 200))
    assert isinstance(answer, Ambiguous)
    assert answer.typed == ("Menu", "1001", "1002", "M" * 200)


def test_a_scene_called_by_the_id_of_another() -> None:
    items = [Scene(12, "Menu"), Scene(13, "12")]
    assert find("12", items) == Ambiguous("12", ("Menu", "12"), ("Menu", "13"))
    assert found("13", items) == "12"


@pytest.mark.parametrize("wanted", ["", "  ", "\u0301", "\u200b"])
def test_nothing_is_the_beginning_of_nothing(wanted: str) -> None:
    assert isinstance(find(wanted, scenes("Menu")), Unknown)


def test_other_letters_are_not_accents() -> None:
    assert isinstance(find("カ", scenes("ガ")), Unknown)
    assert isinstance(find("कि", scenes("कु")), Unknown)


def test_the_unknown_comes_with_the_nearest_three() -> None:
    items = scenes("Boss", "Level 1", "Level 2", "Level 3", "LEVEL 30")
    assert find("Levle 3", items) == Unknown("Levle 3", ("Level 3", "LEVEL 30", "Level 2"))
    assert find("Menu", []) == Unknown("Menu", ())
    assert len(nearest("qqq", ["a", "b", "c", "d"])) == 3
    assert nearest("qqq", ["a", "b"], likeness=0.5) == ()
    assert nearest("brnach", ["name", "branch"], most=1) == ("branch",)


def test_endless_names_are_compared_quickly() -> None:
    assert nearest("ab" * 500, ["ba" * 499 + str(number) for number in range(300)])


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1), st.data())
def test_a_name_as_it_is_spelt_never_finds_another(names: list[str], data: st.DataObject) -> None:
    wanted = data.draw(st.sampled_from(names))
    answer = find(wanted, scenes(*names))
    if isinstance(answer, Found):
        assert answer.item.name == wanted or fold(answer.item.name) == fold(wanted)
