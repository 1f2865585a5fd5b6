from dataclasses import replace
from time import process_time

from bot.builds.job import Item, Resolved
from bot.builds.menu import Offer, branch_of, offers, project_offers, scenes_of
from bot.builds.projects import Known, Project
from bot.builds.request import BuildRequest
from tests.slack.messages.seen_jobs import QUEUED

LEVELS = [Item(str(470_000 + n), name) for n, name in enumerate(("Boss", "Level 1", "My level"))]


def values(typed: str, items: list[Item]) -> list[str]:
    return [offer.value for offer in offers(typed, items)]


def test_nothing_typed_offers_everything() -> None:
    assert values("", LEVELS) == values("  ", LEVELS) == ["Boss", "Level 1", "My level"]


def test_what_begins_so_comes_first_and_what_was_typed_last() -> None:
    assert values("LEV", LEVELS) == ["Level 1", "My level", "LEV"]
    assert values("evel", LEVELS) == ["Level 1", "My level", "evel"]
    assert values("4700", LEVELS) == ["Boss", "Level 1", "My level", "4700"]
    assert values("Niveau 9", []) == ["Niveau 9"]


def test_a_name_that_was_typed_whole_is_not_offered_twice() -> None:
    assert values("boss", LEVELS) == ["Boss"]
    assert values("470001", LEVELS) == ["Level 1"]


def test_an_id_stands_for_a_name_that_would_not_do() -> None:
    items = [
        Item("1", "Same"),
        Item("2", "Same"),
        Item("3", "4"),
        Item("4", "Four"),
        Item("5", ""),
        Item("6", "x" * 151),
        Item("7", "x" * 150),
        Item("8", "case"),
        Item("9", "CASE"),
        Item("10", "\u202e3 leveL"),
        Item("11", "a\tb"),
    ]
    named = ["1", "2", "3", "Four", "5", "6", "x" * 150, "case", "CASE", "10", "11"]
    assert values("", items) == named
    assert offers("", items)[0] == Offer("Same", "1", "id 1")


def test_there_are_never_more_than_slack_takes() -> None:
    many = [Item(str(n), f"Level {n}") for n in range(300)]
    assert len(offers("", many)) == 100
    assert values("lev", many)[-1] == "lev"
    assert len(values("lev", many)) == 100
    assert offers("x" * 151, many) == ()


def test_thousands_of_long_names_are_gone_through_at_once() -> None:
    many = [Item(str(n), f"Crème {n} " + "brûlée " * 140) for n in range(1_000)]
    began = process_time()
    assert len(offers("brulee", many)) == 100
    assert process_time() - began < 0.3


def test_projects_are_offered_by_name_then_by_id() -> None:
    known = Known((Project("fruit", "543988"), Project("Café", "7")))
    built = ("620001", "543988")

    def offered(typed: str) -> list[str]:
        return [offer.value for offer in project_offers(typed, known, built)]

    assert offered("") == ["fruit", "Café", "620001"]
    assert offered("cafe") == ["Café"]
    assert offered("5439") == ["fruit", "5439"]
    assert offered("543988") == ["fruit"]
    assert offered("melon") == []
    assert project_offers("", known, built)[0] == Offer("fruit", "fruit", "project 543988")


def test_the_scenes_of_a_build_are_offered_by_the_names_they_have() -> None:
    request = BuildRequest("1", ("lev", "12"), branch="d")
    found = Resolved((Item("7", "Level 3"), Item("12", "Arena")), Item("b", "dev"))
    job = replace(QUEUED, request=request, resolved=found)
    assert scenes_of(job) == (Offer("Level 3", "Level 3"), Offer("Arena", "12"))
    assert branch_of(job) == Offer("dev", "dev")
    long = replace(found, scenes=(Item("7", "x" * 151), Item("12", "Arena")))
    assert scenes_of(replace(job, resolved=long))[0].value == "7"


def test_a_build_that_was_not_looked_up_yet_is_offered_as_it_was_typed() -> None:
    job = replace(QUEUED, request=BuildRequest("1", ("Lev", "M"), branch="d"), resolved=None)
    assert scenes_of(job) == (Offer("Lev", "Lev"), Offer("M", "M"))
    assert branch_of(job) == Offer("d", "d")
    assert branch_of(replace(job, request=BuildRequest("1", ("A",)))) is None
    # Half of the scenes would be another build.
    assert scenes_of(replace(job, request=BuildRequest("1", ("A", "x" * 151)))) == ()
    assert branch_of(replace(job, request=BuildRequest("1", ("A",), branch="b" * 151))) is None
