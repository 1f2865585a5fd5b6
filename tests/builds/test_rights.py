from itertools import product

import pytest

from bot.builds.rights import Lack, Refusal, Right, Rights

MEMBERS = {"SADMINS": frozenset({"UBOSS"}), "SDEVS": frozenset({"UDEV"})}


@pytest.mark.parametrize(("right", "user"), list(product(Right, ["U1", "UBOSS"])))
def test_without_rules_everyone_may_do_everything(right: Right, user: str) -> None:
    assert Rights().refusal(right, user, "C1") is None


def test_builds_are_started_in_some_channels_only_by_admins_too() -> None:
    rights = Rights(channels=frozenset({"C1", "C2"}), admins=frozenset({"UBOSS"}))
    assert rights.refusal(Right.BUILD, "U1", "C2") is None
    for user in ("U1", "UBOSS"):
        refused = Refusal(Right.BUILD, Lack.PLACE, ("C1", "C2"))
        assert rights.refusal(Right.BUILD, user, "C3") == refused
    # What is not a build is done anywhere.
    assert rights.refusal(Right.CHANGE, "UBOSS", "C3") is None


def test_those_who_may_build_are_listed_and_the_admins_are_with_them() -> None:
    rights = Rights(people=frozenset({"U1"}), admins=frozenset({"UBOSS"}))
    assert rights.refusal(Right.BUILD, "U1", "C1") is None
    assert rights.refusal(Right.BUILD, "UBOSS", "C1") is None
    refused = Refusal(Right.BUILD, Lack.PERSON, admins=("UBOSS",))
    assert rights.refusal(Right.BUILD, "U2", "C1") == refused


@pytest.mark.parametrize("right", [Right.CHANGE, Right.STOP, Right.AUDIT])
def test_the_rest_is_for_admins(right: Right) -> None:
    rights = Rights(people=frozenset({"U1"}), admins=frozenset({"UBOSS"}))
    assert rights.refusal(right, "UBOSS", "C1") is None
    assert rights.refusal(right, "U1", "C1") == Refusal(right, Lack.PERSON, admins=("UBOSS",))
    # Without any named, whoever may build is one.
    nobody_named = Rights(people=frozenset({"U1"}))
    assert nobody_named.refusal(right, "U1", "C1") is None
    assert nobody_named.refusal(right, "U2", "C1") == Refusal(right, Lack.PERSON)
    assert Rights(admins=frozenset({"UBOSS"})).refusal(Right.BUILD, "U2", "C1") is None


def test_a_group_lets_in_who_is_known_to_be_in_it() -> None:
    rights = Rights(people=frozenset({"SDEVS"}), admins=frozenset({"SADMINS"}))
    assert rights.groups == {"SDEVS", "SADMINS"}
    assert rights.refusal(Right.BUILD, "UDEV", "C1", MEMBERS) is None
    assert rights.refusal(Right.BUILD, "UBOSS", "C1", MEMBERS) is None
    assert rights.refusal(Right.STOP, "UBOSS", "C1", MEMBERS) is None
    assert rights.refusal(Right.STOP, "UDEV", "C1", MEMBERS) == Refusal(Right.STOP, Lack.PERSON)


def test_a_group_that_is_unknown_lets_nobody_in_but_bars_nobody_else() -> None:
    rights = Rights(people=frozenset({"SDEVS", "U1"}), admins=frozenset({"SADMINS"}))
    known = {"SADMINS": MEMBERS["SADMINS"]}
    assert rights.refusal(Right.BUILD, "U1", "C1", known) is None
    assert rights.refusal(Right.BUILD, "UBOSS", "C1", known) is None
    refused = Refusal(Right.BUILD, Lack.GROUP, ("SDEVS",))
    assert rights.refusal(Right.BUILD, "UDEV", "C1", known) == refused
