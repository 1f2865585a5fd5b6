"""Bad input through the whole stack: an answer or a 401, nothing stored, nothing unescaped."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.builds.job import JobState
from bot.sandbox.playcanvas.demo import ODD_NAMES
from bot.sandbox.playcanvas.jobs import Behaviour
from bot.sandbox.slack.demo import BUILDS, PROGRAMMER
from bot.sandbox.slack.messages import Message
from tests.flows.flows_stage import Json, Stage

SOCKET = pytest.mark.parametrize("mode", ["socket"], indirect=True)
NASTY = "<!channel> <@U0MINA00001> *b* _i_ `c` ~s~ <https://evil.example|click> &lt;!here&gt;"
# What the bot itself writes in mrkdwn: mentions of people, times, and links under a label.
OURS = re.compile(r"<@U\w+>|<!date\^\d+\^\{time\}\|\d\d:\d\d UTC>|<http[^<>|]+\|Download zip>")

WRONG = {
    "543988": "Which scene?",
    "Fruit Main": "“Fruit” is neither the id of a project nor",
    '543988 "Level 3': "is never closed",
    "543988 “Level 3": "is never closed",
    '543988 ""': "quotes with nothing in them",
    "543988 Level\x003": "control character (U+0000)",
    "543988 a\u202eb": "control character (U+202E)",
    "543988 a verzion=2": "version",
    "543988 a version=1 version=2": "version",
    "543988 a version=" + "9" * 21: "at most 20 are allowed",
    "543988 a engine=old": "engine",
    "543988 a format=exe": "format",
    "543988 a minify=perhaps": "minify",
    "543988 a name=": "name",
    "0 a": "“0” is neither the id of a project",
    "9" * 40 + " a": "is neither the id of a project",
    "-5 a": "“-5” is neither the id of a project",
    "543988 " + " ".join(f"s{n}" for n in range(500)): "Those are 500 scenes",
    "543988 " + "x" * 60_000: "too long to read",
    "543988 <!channel>": "mention",
}


@SOCKET
async def test_a_line_that_cannot_be_read_is_answered_and_not_stored(stage: Stage) -> None:
    for line, problem in WRONG.items():
        before = len(stage.told())
        await _command(stage, line)
        [told] = stage.told()[before:]
        assert problem in told, line[:60]
        assert "/build" in told
        assert not _unescaped(told), told
    assert stage.failures() == []
    assert await stage.count() == 0
    assert stage.said() == []


async def test_help_can_be_pasted_and_every_example_builds(stage: Stage) -> None:
    await stage.say("/build help")
    [told] = stage.told()
    examples = [each for each in re.findall(r"`(/build [^`]*)`", told) if "…" not in each]
    assert len(examples) >= 2
    for example in examples:
        await stage.say(example.replace("&lt;", "<"))
        assert "accepted" in stage.told()[-1]


FIELDS = ("name", "description", "notes", "engine", "format", "target", "version", "branch")


async def test_nothing_that_someone_typed_is_markup_in_a_channel(stage: Stage) -> None:
    stage.sandbox.playcanvas.world.projects[0].branches[1].name = "<!channel> *b*"
    for field in (
        "name",
        "description",
        "notes",
        "engine",
        "format",
        "target",
        "version",
        "branch",
    ):
        # Version has the least room, and the branch is one that there is.
        typed = {"version": "<!channel>", "branch": "<!channel> *b*"}.get(field, NASTY)
        await _command(stage, f'543988 "Level 3" {field}="{_escaped(typed)}"')
        assert stage.told()
    await stage.settled()
    assert len(stage.cards()) == len(stage.replies()) >= 5
    assert _leaks(stage) == []


async def test_no_name_at_playcanvas_is_markup_in_a_channel(stage: Stage) -> None:
    for name in [scene.name for scene in stage.sandbox.playcanvas.world.projects[1].scenes]:
        scenes = stage.sandbox.playcanvas.world.projects[1].scenes
        [scene_id] = [scene.id for scene in scenes if scene.name == name]
        await _command(stage, f"{ODD_NAMES} {scene_id}")
    await stage.settled()
    assert len(stage.cards()) == len(stage.replies()) == 9
    assert _leaks(stage) == []
    assert not [job for job in range(1, 10) if (await stage.job(job)).state is not JobState.READY]


async def test_no_error_of_playcanvas_is_markup_in_a_channel(stage: Stage) -> None:
    scenes = stage.sandbox.playcanvas.jobs.scenes
    words = (NASTY, "x" * 9_000, "\u202egnp.exe", "a\x00b", "```\n<!here>\n```")
    scenes["Level 3"] = Behaviour(1, failure=True, messages=words)
    await _command(stage, '543988 "Level 3"')
    await stage.settled()
    assert _leaks(stage) == []
    assert "\u202e" not in json.dumps(_shown(stage.one_reply()), ensure_ascii=False)
    assert stage.one_reply().text.count("x") > 2_000


async def test_a_scene_that_does_not_exist_is_quoted_without_markup(stage: Stage) -> None:
    await _command(stage, f'543988 "{_escaped(NASTY)}"')
    await stage.settled()
    assert len(stage.told()) == 2
    assert _leaks(stage) == []


@SOCKET
async def test_a_hundred_scenes_are_one_build(stage: Stage) -> None:
    project = stage.sandbox.playcanvas.world.projects[0]
    template = project.scenes[0]
    project.scenes[:] = [type(template)(n, f"s{n}", template.modified) for n in range(1, 101)]
    await stage.build("/build 543988 " + " ".join(f"s{n}" for n in range(1, 101)))
    assert (await stage.job()).state is JobState.READY
    assert "s1 +99 more" in stage.one_card().text


@pytest.mark.parametrize("prior", [timedelta(minutes=-6), timedelta(minutes=6)])
async def test_an_old_or_early_signature_is_refused(stage: Stage, prior: timedelta) -> None:
    body = urlencode(_payload(stage, '543988 "Level 3"'))
    status, _ = await stage.post(body, at=datetime.now(UTC) + prior)
    assert status == 401
    assert await stage.count() == 0


async def test_what_slack_did_not_sign_is_refused(stage: Stage) -> None:
    body = urlencode(_payload(stage, '543988 "Level 3"'))
    good = stage.sandbox.slack.signed(body)
    name = "X-Slack-Signature"
    wrong = [
        {},
        {name: good[name]},
        good | {name: "v0=" + "0" * 64},
        good | {name: "v0=é"},
        good | {name: ""},
        good | {"X-Slack-Request-Timestamp": "now"},
        good | {"X-Slack-Request-Timestamp": "1" * 40},
        stage.sandbox.slack.signed(body + " "),
    ]
    for headers in wrong:
        status, answer = await stage.post(body, headers, sign=False)
        assert (status, "accepted" in answer) == (401, False), headers
    assert await stage.count() == 0
    assert (await stage.post(body))[0] == 200
    assert await stage.count() == 1


UNREADABLE: list[tuple[bytes, str]] = [
    (b"\xff\xfe", "application/x-www-form-urlencoded"),
    (b"text=\xff", "application/x-www-form-urlencoded"),
    (b"payload=%ff", "application/x-www-form-urlencoded"),
    (b"payload=", "application/x-www-form-urlencoded"),
    (b"payload={", "application/x-www-form-urlencoded"),
    (b"payload=[]", "application/x-www-form-urlencoded"),
    (b"payload=null", "application/x-www-form-urlencoded"),
    (b'payload="x"', "application/x-www-form-urlencoded"),
    (b'payload={"team":5,"user":[],"channel":"C"}', "application/x-www-form-urlencoded"),
    (b'payload={"type":"block_actions","actions":5}', "application/x-www-form-urlencoded"),
    (b'payload={"type":"block_actions","actions":[]}', "application/x-www-form-urlencoded"),
    (b"[1]", "application/json"),
    (b"5", "application/json"),
    (b"null", "application/json"),
    (b'"x"', "application/json"),
    (b"{", "application/json"),
    (b"[" * 100_000, "application/json"),
    (b'{"team_id":{},"authorizations":5,"event":[]}', "application/json"),
    (b'{"authorizations":[5],"event":{"type":7}}', "application/json"),
    (b"command=/build", "application/x-www-form-urlencoded; charset=rubbish"),
    (b"command=/build", "application/x-www-form-urlencoded; charset=utf-16"),
    (b"command=/build", "multipart/form-data"),
    (b"", "text/plain"),
]


@pytest.mark.parametrize("sign", [True, False])
async def test_bodies_of_the_wrong_type_are_refused_without_a_stumble(
    stage: Stage, caplog: pytest.LogCaptureFixture, *, sign: bool
) -> None:
    for body, content_type in UNREADABLE:
        status, _ = await stage.post(body, {"Content-Type": content_type}, sign=sign)
        assert status < 500, body[:80]
        assert sign or status == 401, body[:80]
    assert await stage.count() == 0
    assert "Error handling request" not in caplog.text


async def test_a_huge_body_is_refused(stage: Stage) -> None:
    for sign in (True, False):
        status, _ = await stage.post(b"text=" + b"x" * 2_000_000, sign=sign)
        assert status == 413
    assert await stage.count() == 0


async def test_commands_without_what_slack_always_sends_store_nothing(stage: Stage) -> None:
    whole = _payload(stage, '543988 "Level 3"')
    for missing in ("trigger_id", "channel_id", "user_id", "team_id"):
        left = {name: value for name, value in whole.items() if name != missing}
        status, _ = await stage.post(urlencode(left))
        assert status < 500
        if missing != "team_id":
            assert status == (await stage.post(urlencode(left | {missing: ""})))[0] == 400
    assert await stage.count() == 0


@pytest.mark.parametrize(
    "foreign",
    [
        {"team_id": "T0ELSEWHERE"},
        {"team_id": "T0ELSEWHERE", "enterprise_id": "E0ELSEWHERE"},
        {"team_id": ""},
    ],
)
async def test_another_workspaces_command_starts_nothing(
    stage: Stage, foreign: dict[str, str]
) -> None:
    body = urlencode(_payload(stage, '543988 "Level 3"') | foreign)
    status, answer = await stage.post(body)
    assert status == 200
    assert "set up for another workspace" in json.loads(answer)["text"]
    assert await stage.count() == 0


async def test_an_unknown_command_is_not_acked_and_does_nothing(stage: Stage) -> None:
    body = urlencode(_payload(stage, "x") | {"command": "/deploy"})
    assert (await stage.post(body))[0] == 404
    assert await stage.count() == 0


async def test_an_ssl_probe_is_answered(stage: Stage) -> None:
    reply = await stage.sandbox.slack.check_ssl()
    assert reply.error is None


async def test_paths_and_methods_that_are_none_are_refused(stage: Stage, mode: str) -> None:
    status, _ = await stage.get("/slack/events")
    assert status == (405 if mode == "http" else 404)
    for path in ("/", "/slack", "/slack/events/", "/metrics/x", "/..%2f..%2fetc%2fpasswd"):
        assert (await stage.get(path))[0] == 404
    if mode == "socket":
        # Nothing is signed for a bot in Socket Mode, so nothing is taken.
        body = urlencode(_payload(stage, '543988 "Level 3"'))
        assert (await stage.post(body))[0] == 404
        assert await stage.count() == 0


async def _command(stage: Stage, text: str) -> None:
    """Deliver a command's text as it stands, escaped or not, by way of Slack."""
    core = stage.sandbox.slack.core
    [known] = [each for each in core.installation.commands if each.command == "/build"]
    core.installation = type(core.installation)(
        commands=(type(known)("/build", should_escape=False),), scopes=core.installation.scopes
    )
    await stage.sandbox.slack.say(PROGRAMMER, BUILDS, f"/build {text}")


def _escaped(text: str) -> str:
    """Escape as Slack does what is typed by hand; an entity in it stays one."""
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _payload(stage: Stage, text: str) -> dict[str, str]:
    core = stage.sandbox.slack.core
    channel = core.workspace.channels[BUILDS]
    hook = core.hooks.issue(PROGRAMMER, channel)
    return {
        "team_id": core.workspace.team_id,
        "channel_id": BUILDS,
        "channel_name": channel.name,
        "user_id": PROGRAMMER,
        "command": "/build",
        "text": text,
        "response_url": f"{core.url}/response/{hook.id}",
        "trigger_id": core.triggers.issue(PROGRAMMER),
        "api_app_id": core.workspace.app_id,
    }


def _leaks(stage: Stage) -> list[str]:
    """Every text that was shown and has markup in it that is not the bot's own."""
    slack = stage.sandbox.slack
    whispered = list(slack.core.posting.ephemerals.values())
    shown = [_shown(message) for message in [*stage.said(), *whispered]]
    shown += [call.arguments for call in slack.books.calls if "blocks" in call.arguments]
    return [text for each in shown for text in _texts(each) if _unescaped(text)]


def _unescaped(text: str) -> bool:
    """Say whether a text has what Slack would read as a mention, a link or a command."""
    left = OURS.sub("", text)
    return "<" in left or ">" in re.sub(r"(?m)^>", "", left)


def _shown(message: Message) -> Json:
    return {"text": message.text, "blocks": message.blocks}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            # These go to the app again and are not shown; a URL is escaped by whoever shows it.
            if name not in {"url", "value", "metadata"}:
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        try:
            inner = json.loads(value)
        except ValueError:
            yield value
        else:
            yield from _texts(inner) if isinstance(inner, dict | list) else [value]


async def test_noise_of_any_kind_is_refused_and_nothing_of_the_inside_is_told(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """Signature, time, team and size hold whatever the path, method, headers and bytes are."""
    chance = Random(7)  # noqa: S311 - the same noise each time
    good = urlencode(_payload(stage, '543988 "Level 3"')).encode()
    types = ["application/json", "application/x-www-form-urlencoded", "text/html", "\u00e9/x", ""]
    for number in range(60):
        at = chance.randrange(len(good))
        body = [chance.randbytes(at), good[:at], good[:at] + b"\xff" + good[at:], good][number % 4]
        headers = stage.sandbox.slack.signed(good.decode()) | {"Content-Type": chance.choice(types)}
        spoilt = chance.choice(["X-Slack-Signature", "X-Slack-Request-Timestamp"])
        if body == good:
            headers[spoilt] = chance.choice(["", "v0=", "-1", "\u0661" * 10, "9" * 4_000, "nan"])
        method = chance.choice(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
        path = chance.choice(["/slack/events", "/healthz", "/metrics", "/readyz", "/", "/%00%ff"])
        async with stage.session.request(
            method, stage.url + path, data=io.BytesIO(body), headers=headers
        ) as answer:
            said = await answer.text(errors="replace")
        read = method in {"GET", "HEAD"} and path in {"/healthz", "/metrics", "/readyz"}
        wanted = {200} if read else {400, 401, 404, 405}
        assert answer.status in wanted, (method, path, headers)
        assert "Traceback" not in said
        assert 'File "' not in said
    assert "Error handling request" not in caplog.text
    # What is no HTTP aiohttp refuses by itself.
    for big in ({"X-Huge": "x" * 9_000}, {f"X-{n}": "x" * 100 for n in range(2_000)}):
        with suppress(aiohttp.ClientError):
            async with stage.session.post(f"{stage.url}/slack/events", headers=big) as answer:
                assert answer.status in {400, 401, 431}
                assert "Traceback" not in await answer.text()
    assert (await stage.get("/healthz"))[0] == 200
    assert await stage.count() == 0
