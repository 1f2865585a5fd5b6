from dataclasses import replace
from datetime import timedelta
from typing import Any

from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.form import BOX_NAMES
from bot.builds.job import Item
from bot.builds.menu import Offer, offers, project_offers
from bot.builds.projects import Known, Project
from bot.sandbox.slack.blockkit import check_options, check_view
from bot.slack.messages.form import Beginning, field_of, form, menu, project_in
from bot.slack.messages.form_joined import form_joined
from tests.clock import NOON
from tests.slack.messages.seen_jobs import RUNNING

FRUIT = Project("fruit", "543988", engine="2.20.6", branch="dev")
LAST = Beginning(
    Offer("fruit", "fruit", "project 543988"),
    FRUIT,
    scenes=(Offer("Level 3", "Level 3"), Offer("Menu", "470001", "id 470001")),
    branch=Offer("dev", "dev"),
    texts={"version": "1.4.0", "notes": "One\nTwo", "format": "npm", "name": "Fruit Rush"},
    ticked=frozenset({"minify", "preload"}),
    like=142,
)
LONG = "<!channel> :tada: \u202e" + "very " * 200 + "long"


def shown(begin: Beginning) -> dict[str, Any]:
    return form(begin, "C1", '{"channel": "C1"}')


def test_the_first_form(snapshot: SnapshotAssertion) -> None:
    assert shown(Beginning(menu=False)) == snapshot.use_extension(JSONSnapshotExtension)


def test_filled_in_from_the_last_build(snapshot: SnapshotAssertion) -> None:
    assert shown(LAST) == snapshot.use_extension(JSONSnapshotExtension)


def test_already_building(snapshot: SnapshotAssertion) -> None:
    view = form_joined(RUNNING, "U9", "C1", NOON + timedelta(seconds=20), "{}")
    assert check_view(view, "modal") == []
    assert view == snapshot.use_extension(JSONSnapshotExtension)


def test_slack_takes_the_longest() -> None:
    scenes = tuple(Offer(f"{LONG} {n}", f"{n:03}" * 50) for n in range(100))
    texts = dict.fromkeys(("notes", "description", "name", "version", "engine"), "x" * 3000)
    begin = replace(
        LAST,
        project=Offer(LONG, "9" * 16, LONG),
        defaults=Project(LONG, "9" * 16, LONG, LONG),
        scenes=scenes,
        branch=Offer(LONG, "b" * 150),
        texts=texts,
        ticked=frozenset(BOX_NAMES),
    )
    view = form(begin, "C1", "m" * 3_000)
    assert check_view(view, "modal") == []
    [chosen] = [b for b in view["blocks"] if field_of(b["block_id"]) == "scenes"]
    assert len(chosen["element"]["initial_options"]) == 100
    # A name is a name: no emoji is made of it, nothing turns the text around.
    label = chosen["element"]["initial_options"][0]["text"]
    assert label["emoji"] is False
    assert label["text"].startswith("<!channel> :tada: very very")


def test_a_text_that_slack_cannot_hold_is_left_out_and_not_cut() -> None:
    view = shown(replace(LAST, texts={"notes": "x" * 3_001}))
    [notes] = [b for b in view["blocks"] if field_of(b["block_id"]) == "notes"]
    assert "initial_value" not in notes["element"]


def test_slack_takes_every_menu() -> None:
    items = [Item(str(n), f"{n} {LONG}") for n in range(300)] + [Item("x", " ")]
    known = Known(tuple(Project(f"{n} {LONG}", str(n)) for n in range(1, 120)))
    for offered in (
        offers("", items),
        offers("very", items),
        offers("y" * 150, items),
        project_offers("", known, ()),
    ):
        assert check_options({"options": menu(offered)}) == []
    [blank] = menu(offers("", items[-1:]))
    assert blank["text"]["text"] == "(no name)"


def test_a_conversation_of_two_has_no_name_to_show() -> None:
    [where] = form(Beginning(), "D1", "{}")["blocks"][0]["elements"]
    assert where["text"] == "The build gets its card in this conversation."


def test_a_field_knows_its_project() -> None:
    ids = [block["block_id"] for block in shown(LAST)["blocks"]]
    assert {project_in(block_id) for block_id in ids} == {"", "543988"}
    assert len({field_of(block_id) for block_id in ids}) == len(ids)
    other = shown(replace(LAST, defaults=Project("", "7")))
    kept = {block["block_id"] for block in other["blocks"]} & set(ids)
    assert kept == {"where", "project"}
