import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox, demo
from bot.sandbox.slack.http import SignedHttp
from bot.sandbox.slack.wire import utc_now
from tests.sandbox.slack.slack_stage import Json, bolt, listening, over_http

AT_ONCE = (timedelta(), timedelta(milliseconds=1), timedelta(milliseconds=2))


class Stubborn:
    """An app that answers with the statuses it was given, and remembers what it got."""

    def __init__(self, *statuses: int, **headers: str) -> None:
        self.got: list[tuple[dict[str, str], str]] = []
        self._statuses = list(statuses)
        self._headers = headers

    async def answer(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.text()))
        status = self._statuses.pop(0) if self._statuses else 200
        return web.Response(status=status, headers=self._headers)


async def test_every_request_is_signed(slack: SlackSandbox) -> None:
    app = Stubborn()
    async with listening(app.answer) as url:
        slack.deliver_to(url)
        await slack.say(demo.ARTIST, demo.BUILDS, "/build “Café” & co")
    [(headers, body)] = app.got
    assert SignatureVerifier(slack.signing_secret).is_valid_request(body, headers)
    assert not SignatureVerifier("another").is_valid_request(body, headers)
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(body)["text"] == ["“Café” & co"]


async def test_signatures_can_be_made_for_tests(slack: SlackSandbox) -> None:
    verifier = SignatureVerifier(slack.signing_secret)
    old = utc_now() - timedelta(minutes=6)
    assert verifier.is_valid_request("body", slack.signed("body"))
    assert not verifier.is_valid_request("other", slack.signed("body"))
    assert not verifier.is_valid_request("body", slack.signed("body", old))
    at = datetime(2026, 1, 2, tzinfo=UTC)
    assert slack.signed("x", at)["X-Slack-Request-Timestamp"] == str(int(at.timestamp()))


async def test_bolt_refuses_what_is_signed_wrongly_or_long_ago(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    app = bolt(client, slack)

    @app.command("/build")
    async def build(ack: AsyncAck) -> None:
        await ack()

    async with over_http(app, slack) as url:
        carrier = SignedHttp(url, slack.signing_secret, utc_now)
        body = "command=%2Fbuild&user_id=U1&team_id=T1"
        fresh = await carrier.send(body)
        old = await carrier.send(body, at=utc_now() - timedelta(minutes=6))
        forged = await carrier.send(body, slack.signed("another body"))
        await carrier.close()
    assert fresh.acked
    assert (old.error, forged.error) == ("dispatch_failed", "dispatch_failed")


async def test_slack_checks_urls_and_certificates(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    async with over_http(bolt(client, slack), slack):
        assert (await slack.verify_url("abc123")).body == {"challenge": "abc123"}
        assert (await slack.check_ssl()).acked


async def test_an_event_is_retried_three_times_and_says_so(slack: SlackSandbox) -> None:
    slack.core.courier.event_retries = AT_ONCE
    app = Stubborn(500, 500, 500, 500, 500)
    async with listening(app.answer) as url:
        slack.deliver_to(url)
        await slack.say(demo.ARTIST, demo.BUILDS, "@builds hello")
        await slack.core.courier.settled()
    retries = [headers.get("X-Slack-Retry-Num") for headers, _ in app.got]
    assert retries == [None, "1", "2", "3"]
    assert {headers.get("X-Slack-Retry-Reason") for headers, _ in app.got[1:]} == {"http_error"}
    assert len({body for _, body in app.got}) == 1
    for headers, body in app.got:
        assert SignatureVerifier(slack.signing_secret).is_valid_request(body, headers)


async def test_retries_end_with_an_ack_or_when_they_are_not_wanted(slack: SlackSandbox) -> None:
    slack.core.courier.event_retries = AT_ONCE
    for app, tries in ((Stubborn(500), 2), (Stubborn(500, **{"X-Slack-No-Retry": "1"}), 1)):
        async with listening(app.answer) as url:
            slack.deliver_to(url)
            await slack.say(demo.ARTIST, demo.BUILDS, "@builds hello")
            await slack.core.courier.settled()
        assert len(app.got) == tries


async def test_a_silent_app_is_retried_because_of_the_time(slack: SlackSandbox) -> None:
    slack.core.courier.event_retries = AT_ONCE
    slack.core.courier.ack_within = timedelta(milliseconds=50)
    let_go = asyncio.Event()

    async def wait(_: web.Request) -> web.Response:
        await let_go.wait()
        return web.Response()

    async with listening(wait) as url:
        slack.deliver_to(url)
        await slack.say(demo.ARTIST, demo.BUILDS, "@builds hello")
        await slack.core.courier.settled()
        let_go.set()
    assert [each.error for each in slack.books.deliveries] == ["operation_timeout"] * 4


async def test_slack_waits_between_retries(slack: SlackSandbox) -> None:
    minutes = [pause.total_seconds() / 60 for pause in slack.core.courier.event_retries]
    assert minutes == [0, 1, 5]


async def test_bolt_takes_an_event_as_often_as_it_comes(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    app: AsyncApp = bolt(client, slack)
    heard: list[str] = []

    @app.event("app_home_opened")
    async def opened(body: Json) -> None:
        heard.append(body["event_id"])

    async with over_http(app, slack):
        slack.open_home(demo.ARTIST)
        await slack.core.courier.settled()
        await slack.redeliver()
    assert len(heard) == 2
    assert len(set(heard)) == 1
