"""Who this bot is in its workspace: asked once, then known."""

import asyncio

from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient


class Identity:
    """The answer of auth.test; a failure is asked again by the next one who needs it."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: AuthorizeResult | None = None
        self._turn = asyncio.Lock()

    async def get(self) -> AuthorizeResult:
        """Say whose token this is; raises what the Slack SDK raises."""
        async with self._turn:
            if self._known is None:
                answer = await self._client.auth_test()
                self._known = AuthorizeResult.from_auth_test_response(
                    auth_test_response=answer, bot_token=self._client.token
                )
        return self._known
