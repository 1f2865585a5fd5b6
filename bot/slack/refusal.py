"""Slack's word for a refusal, whatever the SDK makes of the answer."""

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse


def code_of(error: SlackApiError) -> str:
    """Name the error as Slack does; `HTTP 502` where it did not say.

    For a body that is no JSON the SDK hands out aiohttp's response in place of its own.
    """
    response = error.response
    if not isinstance(response, AsyncSlackResponse):
        return f"HTTP {response.status}"
    said = response.data.get("error") if isinstance(response.data, dict) else None
    return str(said or f"HTTP {response.status_code}")
