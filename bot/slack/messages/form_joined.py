"""What the form becomes when the same is being built already."""

from datetime import datetime
from typing import Any, Final

from slack_sdk.models.views import View

from bot.builds.job import Job
from bot.slack.messages.sections import section
from bot.slack.messages.steered import joined
from bot.slack.messages.words import title

FORM_ANYWAY: Final = "build_form_anyway"


def form_joined(
    job: Job, user_id: str, channel_id: str, now: datetime, private_metadata: str
) -> dict[str, Any]:
    """Say that nothing new was started, and offer to start it all the same."""
    said = f"*{title(job)}*\n{joined(job, user_id, channel_id, now).text}"
    view = View(
        type="modal",
        callback_id=FORM_ANYWAY,
        title="Already building",
        submit="Build anyway",
        close="Fine",
        private_metadata=private_metadata,
        blocks=[section(said)],
    )
    shown: dict[str, Any] = view.to_dict()
    return shown
