"""Who may do what, from every place where it can be asked for."""

import pytest

from bot.builds.job import JobState
from bot.sandbox.slack.demo import BUILDS, GENERAL, PRODUCER, PROGRAMMER, TESTER
from bot.slack.listeners.shortcut import REBUILD_MESSAGE
from tests.flows.flows_stage import LEVEL_3, Stage, eventually

pytestmark = pytest.mark.parametrize("mode", ["socket"], indirect=True)
MAY_NOT_BUILD = f"You may not start builds, so nothing was done. Ask <@{PRODUCER}>."
MAY_NOT_CHANGE = f"You may not change the catalogue, so nothing was done. Ask <@{PRODUCER}>."
MAY_NOT_STOP = (
    f"You may not stop what someone else asked for, so nothing was done. Ask <@{PRODUCER}>."
)


@pytest.fixture
def env() -> dict[str, str]:
    return {
        "ALLOWED_CHANNELS": BUILDS,
        "ALLOWED_USERS": PROGRAMMER,
        "ADMIN_USERS": PRODUCER,
    }


async def test_who_may_not_build_starts_nothing_by_any_way(stage: Stage) -> None:
    await stage.build()
    slack, card = stage.sandbox.slack, stage.one_card()
    for line in (LEVEL_3, "/build", "/builds retry 1", "/projects archive 543988"):
        await stage.say(line, user=TESTER)
        assert stage.told(TESTER)[-1] == MAY_NOT_BUILD, line
    assert not slack.core.forms.stacks.get(TESTER), "no form is shown for nothing"
    await slack.shortcut(TESTER, card.ts, REBUILD_MESSAGE)
    await stage.press("rebuild", card, TESTER)
    assert stage.told(TESTER) == 6 * [MAY_NOT_BUILD]
    await slack.say(TESTER, BUILDS, '@builds build 543988 "Level 3"')
    await eventually(lambda: stage.told(TESTER)[6:] == [MAY_NOT_BUILD])
    assert await stage.count() == 1
    assert stage.failures() == []
    # What is there may be looked at.
    await stage.say("/builds show 1", user=TESTER)
    assert "#1" in stage.told(TESTER)[-1]


async def test_builds_are_started_where_that_is_allowed(stage: Stage) -> None:
    for user in (PROGRAMMER, PRODUCER):
        await stage.say(LEVEL_3, GENERAL, user)
        elsewhere = "Builds are not started in this channel, so nothing was started."
        assert stage.told(user) == [f"{elsewhere} Ask in <#{BUILDS}>."]
    assert await stage.count() == 0
    await stage.say(LEVEL_3, BUILDS, PRODUCER)
    assert await stage.count() == 1


async def test_ones_own_build_can_be_stopped_and_others_by_admins(stage: Stage) -> None:
    for number, user in ((1, PROGRAMMER), (2, PRODUCER)):
        await stage.say("/build 543988 Endless")
        await stage.reaches(JobState.RUNNING)
        await stage.say(f"/builds stop {number}", user=TESTER)
        await stage.says(*number * ["Endless"])
        await stage.press("stop", stage.cards()[-1], TESTER)
        assert stage.told(TESTER)[-2:] == [MAY_NOT_STOP, MAY_NOT_STOP]
        await stage.press("stop", stage.cards()[-1], user)
        await stage.settled()
    assert (await stage.job(2)).state is JobState.UNWATCHED


async def test_the_catalogue_is_changed_by_admins(stage: Stage) -> None:
    await stage.say("/projects add fruit 543988", user=PROGRAMMER)
    assert stage.told() == [MAY_NOT_CHANGE]
    await stage.say("/projects add fruit 543988", GENERAL, PRODUCER)
    await eventually(lambda: len(stage.told(PRODUCER)) == 2)
    for line in ("/projects set fruit engine=2.20.6", "/projects remove fruit"):
        await stage.say(line)
        assert stage.told()[-1] == MAY_NOT_CHANGE
    [fruit] = await stage.app.store.projects.all()
    assert fruit.engine is None
    await stage.say("/projects")
    assert "fruit" in stage.told()[-1]


async def test_admins_read_who_did_what(stage: Stage) -> None:
    await stage.say("/build 543988 Endless")
    await stage.reaches(JobState.RUNNING)
    await stage.say("/builds stop 1", user=PRODUCER)
    await stage.settled()
    await stage.say("/builds audit")
    assert stage.told()[-1] == (
        f"You may not read who did what, so nothing was done. Ask <@{PRODUCER}>."
    )
    await stage.say("/builds audit 543988 1d", GENERAL, PRODUCER)
    head, *rows = stage.told(PRODUCER)[-1].splitlines()
    assert head == "*Who did what in project 543988, the last 1 day*"
    assert [row.partition("> ")[2] for row in rows] == [
        f"<@{PRODUCER}> stopped #1 project 543988 · Endless in <#{BUILDS}>",
        f"<@{PROGRAMMER}> started #1 project 543988 · Endless in <#{BUILDS}>",
    ]


class TestGroups:
    @pytest.fixture
    def env(self) -> dict[str, str]:
        return {"ALLOWED_USERS": "SDEVS"}

    async def test_a_group_lets_its_people_in_as_soon_as_it_is_known(self, stage: Stage) -> None:
        await stage.say(LEVEL_3)
        assert "I don’t know yet who is in the user group SDEVS" in stage.told()[-1]
        await stage.app.store.groups.saw("SDEVS", frozenset({PROGRAMMER}), stage.now())
        await stage.say(LEVEL_3)
        await stage.say(LEVEL_3, user=TESTER)
        assert stage.told()[-1].startswith("#1 accepted")
        assert "You may not start builds" in stage.told(TESTER)[-1]
        assert await stage.count() == 1
