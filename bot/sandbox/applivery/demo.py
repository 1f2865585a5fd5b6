"""The demo's organization: an Android and an iOS app, with builds in every condition."""

from datetime import timedelta

from bot.sandbox.applivery.workspace import App, Build, Clock, Credential, Workspace

ORGANIZATION_ID = "5f00000000000000000000c0"
ORGANIZATION = "fruit-studio"
TOKEN = "applivery-sandbox-service-account"  # noqa: S105 - opens nothing but the sandbox

ANDROID = App("5f0000000000000000000a01", "Fruit Rush", "fruit-android", "com.example.fruit")
IOS = App("5f0000000000000000000a02", "Fruit Rush", "fruit-ios", "com.example.fruit.ios")

ANDROID_BUILD = "5f0000000000000000000b03"
ANDROID_PROCESSING = "5f0000000000000000000b04"
ANDROID_STUCK = "5f0000000000000000000b05"
ANDROID_AAB = "5f0000000000000000000b02"
IOS_OLD_BUILD = "5f0000000000000000000d02"
IOS_BUILD = "5f0000000000000000000d03"
IOS_BROKEN = "5f0000000000000000000d04"

_SLOW = timedelta(seconds=12)
_FOREVER = timedelta(days=365)


def demo_workspace(clock: Clock) -> Workspace:
    """Return the organization, its newest builds some minutes old."""
    workspace = Workspace(clock, ORGANIZATION_ID, ORGANIZATION)
    workspace.credentials[TOKEN] = Credential()
    for build in (*_android(clock), *_ios(clock)):
        workspace.add(build)
    return workspace


def _android(clock: Clock) -> tuple[Build, ...]:
    now, minute = clock(), timedelta(minutes=1)

    def build(build_id: str, version: str, number: int, age: timedelta, log: str) -> Build:
        return Build(build_id, ANDROID, "android", version, number, now - age, log)

    old = build(ANDROID_AAB, "1.3.0", 51, 4000 * minute, "Store candidate, signed as a bundle.")
    old.is_aab = True
    new = build(ANDROID_BUILD, "1.4.0", 57, 30 * minute, "Level 3 has its ending.\nFaster loading.")
    new.version_name, new.tags = "RC-1", ["qa"]
    slow = build(ANDROID_PROCESSING, "1.4.1", 58, 10 * minute, "Still being processed.")
    slow.processing = _SLOW
    stuck = build(ANDROID_STUCK, "1.4.2", 59, 5 * minute, "Processing never ends.")
    stuck.processing = _FOREVER
    return old, new, slow, stuck


def _ios(clock: Clock) -> tuple[Build, ...]:
    now, minute = clock(), timedelta(minutes=1)
    old = Build(IOS_OLD_BUILD, IOS, "ios", "1.3.0", 40, now - 4000 * minute, "First on TestFlight.")
    new = Build(IOS_BUILD, IOS, "ios", "1.4.0", 44, now - 25 * minute, "Level 3 has its ending.")
    broken = Build(
        IOS_BROKEN, IOS, "ios", "1.4.1", 45, now - 3 * minute, "Not signed.", broken=True
    )
    return old, new, broken
