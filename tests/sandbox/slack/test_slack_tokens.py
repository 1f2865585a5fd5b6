import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox, demo
from bot.sandbox.slack.installation import Installation
from tests.sandbox.slack.slack_stage import raw_call


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", "", "not_authed"),
        ("auth.test", "xoxb-wrong", "invalid_auth"),
        ("auth.test", "app", "not_allowed_token_type"),
        ("apps.connections.open", "bot", "not_allowed_token_type"),
        ("apps.connections.open", "", "not_authed"),
        ("chat.postMassage", "bot", "unknown_method"),
    ],
)
async def test_a_wrong_token_or_method_is_named(
    slack: SlackSandbox, method: str, token: str, error: str
) -> None:
    real = {"bot": slack.bot_token, "app": slack.app_token}.get(token, token)
    status, answer, _ = await raw_call(slack, method, headers=bearer(real) if real else {})
    assert (status, answer["ok"], answer["error"]) == (200, False, error)


async def test_auth_test_names_the_bot_and_its_scopes(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == slack.workspace.bot.id
    assert answer["bot_id"] == slack.workspace.bot_id
    assert answer["team_id"] == slack.workspace.team_id
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_form_query_and_json_bodies_are_read_alike(slack: SlackSandbox) -> None:
    said = {"channel": demo.BUILDS, "text": "hi"}
    form = {**said, "token": slack.bot_token}
    ways = [{"data": form}, {"params": said}, {"json": said}]
    for way in ways:
        headers = {} if "data" in way else bearer(slack.bot_token)
        _, answer, _ = await raw_call(slack, "chat.postMessage", headers=headers, **way)
        assert answer["message"]["text"] == "hi"
    assert len(slack.workspace.channels[demo.BUILDS].messages) == 3


async def test_a_token_inside_json_is_not_seen(slack: SlackSandbox) -> None:
    _, answer, _ = await raw_call(slack, "auth.test", json={"token": slack.bot_token})
    assert answer["error"] == "not_authed"


@pytest.mark.parametrize(("body", "error"), [("{", "invalid_json"), ("[1]", "json_not_object")])
async def test_a_body_that_is_no_json_object_is_named(
    slack: SlackSandbox, body: str, error: str
) -> None:
    headers = bearer(slack.bot_token) | {"Content-Type": "application/json"}
    _, answer, _ = await raw_call(slack, "chat.postMessage", data=body, headers=headers)
    assert answer["error"] == error


async def test_a_scope_that_is_lacking_is_named(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    slack.core.installation = Installation(scopes=frozenset({"chat:write"}))
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_history(channel=demo.BUILDS)
    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == "channels:history"
    assert caught.value.response["provided"] == "chat:write"


async def test_tokens_can_be_ended(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.core.credentials.ended_by = "token_revoked"
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert caught.value.response["error"] == "token_revoked"


async def test_the_books_hold_calls_without_tokens(slack: SlackSandbox) -> None:
    form = {"token": slack.bot_token, "channel": demo.BUILDS, "text": "hi"}
    await raw_call(slack, "chat.postMessage", data=form)
    await raw_call(slack, "chat.postMessage", data=form | {"channel": "C404"})
    first, second = slack.books.of("chat.postMessage")
    assert first.arguments == {"channel": demo.BUILDS, "text": "hi"}
    assert (first.ok, second.ok) == (True, False)
    assert slack.books.granted("chat.postMessage") == [first]
    assert slack.books.refused("channel_not_found") == [second]
    assert slack.bot_token not in repr(slack.books)


async def test_a_manifest_decides_what_is_installed(slack: SlackSandbox) -> None:
    slack.install(
        {
            "features": {
                "bot_user": {"display_name": "Build Bot"},
                "slash_commands": [
                    {"command": "/build", "description": "d", "should_escape": True}
                ],
                "shortcuts": [{"name": "Rebuild", "type": "message", "callback_id": "rebuild"}],
            },
            "oauth_config": {"scopes": {"bot": ["commands"]}},
            "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
        }
    )
    installation = slack.core.installation
    assert slack.workspace.bot.real_name == "Build Bot"
    assert installation.command("/build") is not None
    assert [each.callback_id for each in installation.shortcuts] == ["rebuild"]
    assert installation.allows("commands")
    assert not installation.allows("chat:write")
    assert installation.events == {"app_mention"}
