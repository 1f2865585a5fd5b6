"""The workspace of the demo and the tests: Lantern Games, four people, four channels."""

from bot.sandbox.slack.workspace import Channel, User, Workspace

ARTIST = "U0MINA00001"
PROGRAMMER = "U0TOMAS0001"
PRODUCER = "U0PRIYA0001"
TESTER = "U0LEO000001"

BUILDS = "C0BUILDS001"
GENERAL = "C0GENERAL01"
ART = "C0ART000001"
PRIVATE = "C0RELEASE01"


def demo_workspace() -> Workspace:
    """Set up the workspace: the bot is in #builds and #general, not in #art nor the private one."""
    workspace = Workspace(
        team_id="T0LANTERN01",
        team_name="Lantern Games",
        domain="lantern-games",
        app_id="A0BUILDBOT1",
        bot=User("U0BUILDBOT1", "builds", "Builds", color="2f855a", is_bot=True),
        bot_id="B0BUILDBOT1",
    )
    for user in (
        User(ARTIST, "mina", "Mina Okafor", "Artist", "b83280"),
        User(PROGRAMMER, "tomas", "Tomas Lindqvist", "Programmer", "2b6cb0"),
        User(PRODUCER, "priya", "Priya Raman", "Producer", "c05621"),
        User(TESTER, "leo", "Leo Castellan", "QA", "6b46c1"),
    ):
        workspace.add_user(user)
    _open_channels(workspace)
    return workspace


def _open_channels(workspace: Workspace) -> None:
    everyone = set(workspace.users)
    for channel in (
        Channel(BUILDS, "builds", "Every build, in the open", set(everyone), bot_in=True),
        Channel(GENERAL, "general", "Whatever is on your mind", set(everyone), bot_in=True),
        Channel(ART, "art", "Sketches and textures", set(everyone)),
        Channel(PRIVATE, "release-plans", "Dates", {PRODUCER, PROGRAMMER, TESTER}, is_private=True),
    ):
        workspace.add_channel(channel)
