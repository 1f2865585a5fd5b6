"""Slack's signature. https://docs.slack.dev/authentication/verifying-requests-from-slack/."""

import hashlib
import hmac
from datetime import datetime


def signed(secret: str, body: str, at: datetime) -> dict[str, str]:
    """Return the headers that prove that Slack sent this body at this time."""
    timestamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
    }
