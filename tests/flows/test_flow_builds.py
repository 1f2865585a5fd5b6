"""/builds and steering, through the whole bot: lists, one build, pages, joining, stop, retry."""

import pytest

from bot.builds.job import Asker, JobState
from bot.sandbox.faults import Freeze
from bot.sandbox.slack.demo import BUILDS, GENERAL, PROGRAMMER, TESTER
from bot.sandbox.slack.messages import Message
from bot.slack.messages.builds_list import NEWER, OLDER
from bot.slack.messages.card import DETAILS, WATCH_AGAIN
from bot.slack.messages.steered import BUILD_ANYWAY
from tests.flows.flows_stage import BOTH_WAYS, LEVEL_3, Stage, eventually

SOCKET = pytest.mark.parametrize("mode", ["socket"], indirect=True)
ENDLESS = "/build 543988 Endless"


def whispers(stage: Stage, user: str = PROGRAMMER) -> list[Message]:
    ephemerals = stage.sandbox.slack.core.posting.ephemerals.values()
    return [each for each in ephemerals if each.for_user == user]


async def asked(stage: Stage, line: str, user: str = PROGRAMMER) -> str:
    """Type a line and read what is answered to it."""
    await stage.say(line, user=user)
    assert stage.failures() == []
    return whispers(stage, user)[-1].text


async def ready(stage: Stage, number: int, channel: str = BUILDS) -> None:
    for _ in range(number):
        await stage.build("/build 543988 Instant", channel)


async def test_a_channel_lists_what_runs_and_what_is_over(stage: Stage) -> None:
    assert "There are none yet." in await asked(stage, "/builds")
    await ready(stage, 1)
    await ready(stage, 1, GENERAL)
    await stage.say(ENDLESS)
    await stage.reaches(JobState.RUNNING)
    head, under_way, gap, over = (await asked(stage, "/builds")).split("\n")
    assert head == "*Builds in this channel*"
    assert "*#3* Project 543988 · Endless — building" in under_way
    assert gap == ""
    assert "*#1* Project 543988 · Instant — ready in" in over
    assert whispers(stage, TESTER) == []


@SOCKET
async def test_pages_take_each_others_place(stage: Stage) -> None:
    await ready(stage, 5)
    assert "#5" in await asked(stage, "/builds 2")
    shown = whispers(stage)[-1]
    for action, numbers in [(OLDER, "32"), (OLDER, "10"), (NEWER, "32"), (NEWER, "54")]:
        await stage.press(action, shown)
        listed = [line for line in shown.text.split("\n") if "*#" in line]
        assert [f"*#{n}*" in "".join(listed) for n in "54321"] == [n in numbers for n in "54321"]
    assert len([each for each in whispers(stage) if "*Builds" in each.text]) == 1
    assert stage.failures() == []


@SOCKET
async def test_a_list_of_a_state_is_of_that_state(stage: Stage) -> None:
    await ready(stage, 1)
    await stage.build('/build 543988 "Broken Shaders"')
    failed = await asked(stage, "/builds 543988 failed 20")
    assert "*#2*" in failed
    assert "*#1*" not in failed
    assert "There are none." in await asked(stage, "/builds mine", TESTER)
    assert "*#1*" in await asked(stage, "/builds mine")
    assert "Did you mean failed?" in await asked(stage, "/builds faild")
    assert "`/builds show 142`" in await asked(stage, "/builds help")


async def test_one_build_is_shown_whole_by_line_button_and_menu(stage: Stage) -> None:
    await stage.build('/build 543988 "Level 3" branch=dev version=1.4 notes="Fixes <b>" minify=no')
    shown = await asked(stage, "/builds show #1")
    job = await stage.job()
    for part in (
        "• branch: dev",
        "• version: 1.4",
        "• minify: no",
        ">Fixes &lt;b&gt;",
        f"• job `{job.remote_id}`",
        "• scene Level 3 `",
        "• project `543988`",
        "accepted\n",
        "queued\n",
        "running\n",
        "ready",
        "|Download zip>",
    ):
        assert part in shown
    assert shown.count("<!date^") == 6
    await stage.press(DETAILS, stage.one_card(), TESTER)
    assert whispers(stage, TESTER)[-1].text == shown
    await asked(stage, "/builds")
    await stage.sandbox.slack.press(PROGRAMMER, whispers(stage)[-1].ts, DETAILS, "1")
    await stage.whispered()
    assert whispers(stage)[-1].text == shown
    assert "I don’t know a build #7" in await asked(stage, "/builds show 7")


@SOCKET
async def test_a_press_is_acked_while_slack_takes_no_answers(stage: Stage) -> None:
    await stage.build()
    stage.sandbox.slack.faults.add("response/*", act=Freeze())
    await stage.sandbox.slack.press(PROGRAMMER, stage.one_card().ts, DETAILS)
    delivered = stage.sandbox.slack.books.deliveries[-1]
    assert (delivered.kind, delivered.acked) == ("interactive", True)
    assert len(whispers(stage)) == 1
    stage.sandbox.slack.faults.clear()
    await stage.whispered()
    assert "*At PlayCanvas*" in whispers(stage)[-1].text


@SOCKET
async def test_the_servers_words_are_shown(stage: Stage) -> None:
    await stage.build('/build 543988 "Broken Shaders"')
    assert ">Could not export\n>Shader" in await asked(stage, "/builds show 1")


@SOCKET
async def test_the_latest_good_build_of_a_branch_comes_with_its_link(stage: Stage) -> None:
    await stage.build('/build 543988 "Level 3" branch=dev')
    await stage.build(LEVEL_3)
    await stage.build('/build 543988 "Broken Shaders"')
    assert "*#2*" in await asked(stage, "/builds latest 543988")
    assert "*#1*" in await asked(stage, "/builds latest 543988 branch=DEV")
    assert "*#2*" in await asked(stage, "/builds latest 543988 branch=main")
    assert "no build of project 543988 on branch art" in await asked(
        stage, "/builds latest 543988 branch=art"
    )


@SOCKET
async def test_a_line_retries_what_is_over_once(stage: Stage) -> None:
    await stage.build('/build 543988 "Broken Shaders"')
    assert "#2 accepted: Project 543988 · Broken Shaders once more, after #1." in await asked(
        stage, "/builds retry 1"
    )
    await stage.sandbox.slack.redeliver()
    await stage.settled()
    assert await stage.count() == 2
    await stage.say(ENDLESS)
    await stage.reaches(JobState.RUNNING)
    assert "`/builds stop 3`" in await asked(stage, "/builds retry 3")


@BOTH_WAYS
async def test_a_running_build_is_left_and_watched_again(stage: Stage) -> None:
    await stage.say(ENDLESS)
    await stage.reaches(JobState.RUNNING)
    await stage.shows("building")
    said = await asked(stage, "/builds stop 1")
    assert "PlayCanvas has no way to cancel it and will finish it unseen." in said
    await stage.settled()
    assert "no longer watched; PlayCanvas will finish it unseen" in stage.one_card().text
    card = stage.one_card()
    await stage.press(WATCH_AGAIN, card, TESTER)
    await stage.press(WATCH_AGAIN, card, TESTER)
    assert "#2 is already on its way" in whispers(stage, TESTER)[-1].text
    await stage.end_remotely()
    await stage.settled()
    assert len(stage.submitted) == 1
    assert (await stage.job(2)).remote_id == (await stage.job(1)).remote_id
    assert "ready in" in stage.cards()[-1].text
    assert stage.replies()[-1].text.startswith(f"<@{TESTER}> #2 is ready: ")
    assert "no longer watched" in card.text


@SOCKET
async def test_a_waiting_build_is_cancelled_by_a_line(stage: Stage) -> None:
    await stage.hold_starts()
    await stage.say(LEVEL_3)
    await stage.reaches(JobState.QUEUED)
    assert "is cancelled; PlayCanvas was not asked for it." in await asked(stage, "/builds stop 1")
    assert "#1 is already over" in await asked(stage, "/builds stop 1")
    await stage.settled()
    assert stage.submitted == []


@SOCKET
async def test_a_build_is_cancelled_while_its_names_are_looked_up(stage: Stage) -> None:
    stage.sandbox.playcanvas.faults.add("scenes", times=2, act=Freeze())
    await stage.say(LEVEL_3)
    await stage.say(ENDLESS)
    await eventually(lambda: len(stage.asked("/scenes")) == 2)
    assert "is cancelled; PlayCanvas was not asked for it." in await asked(stage, "/builds stop 1")
    assert "#2 (Project 543988 · Endless) is cancelled" in await asked(
        stage, "/builds stop 2", TESTER
    )
    stage.sandbox.playcanvas.faults.clear()
    await stage.settled()
    await stage.reaches_all(JobState.CANCELLED, JobState.CANCELLED)
    # Who cancelled it knows; who asked for it hears of it, and the channel never saw a card.
    assert stage.told()[3:] == [
        f"#2 was cancelled by <@{TESTER}> before it started: Project 543988 · Endless."
    ]
    assert stage.said() == []
    assert stage.submitted == []


async def test_two_people_who_ask_for_the_same_get_one_build(stage: Stage) -> None:
    await stage.say(ENDLESS)
    await stage.reaches(JobState.RUNNING)
    said = await asked(stage, "/build 543988 endless", TESTER)
    assert said.startswith("#1 is already building this (")
    assert said.endswith(" in); I’ll mention you too.")
    again = await stage.sandbox.slack.redeliver()
    assert isinstance(again.body, dict)
    assert "nothing was started twice" in again.body["text"]
    await stage.end_remotely()
    await stage.settled()
    assert await stage.count() == len(stage.submitted) == 1
    assert stage.one_reply().text.startswith(f"<@{PROGRAMMER}> <@{TESTER}> #1 is ready: ")


@SOCKET
async def test_who_asks_elsewhere_is_told_where(stage: Stage) -> None:
    await stage.hold_starts()
    await stage.say(LEVEL_3)
    await stage.reaches(JobState.QUEUED)

    async def known_to_be_public() -> object:
        stranger = Asker("T1", GENERAL, TESTER)
        return await stage.app.store.history.find(1, stranger)

    await eventually(known_to_be_public)
    await stage.say(LEVEL_3, GENERAL, TESTER)
    assert stage.told(TESTER) == [
        f"#1 is already waiting in line to build this in <#{BUILDS}>; I’ll mention you there too."
    ]
    assert "I’ll mention you." in await asked(stage, LEVEL_3)


@SOCKET
async def test_who_wants_their_own_gets_it_once(stage: Stage) -> None:
    await stage.say(ENDLESS)
    await stage.reaches(JobState.RUNNING)
    await stage.say(ENDLESS, user=TESTER)
    question = whispers(stage, TESTER)[-1]
    await stage.press(BUILD_ANYWAY, question, TESTER)
    assert question.text == "#2 accepted: Project 543988 · Endless, beside #1."
    assert question.blocks is None
    await stage.reaches_all(JobState.RUNNING, JobState.RUNNING)
    assert len(whispers(stage, TESTER)) == 1


@SOCKET
async def test_who_joined_a_build_that_is_rejected_hears_it_too(stage: Stage) -> None:
    stage.sandbox.playcanvas.faults.add("scenes", act=Freeze())
    await stage.say('/build 543988 "Levle 3"')
    await stage.say('/build 543988 "Levle 3"', user=TESTER)
    stage.sandbox.playcanvas.faults.clear()
    await stage.settled()
    workspace = stage.sandbox.slack.workspace
    direct = [each for each in workspace.channels.values() if each.is_im]
    [told] = [message for each in direct for message in each.messages.values()]
    assert "There is no scene “Levle 3”." in told.text
    assert stage.said() == []
