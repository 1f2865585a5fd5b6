"""Slack's words for refusals, which of them are for good, whatever the SDK makes of the answer."""

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

# Asking again would get the same answer (docs.slack.dev, errors of chat.postMessage).
PERMANENT = frozenset(
    {
        "access_denied",
        "account_inactive",
        "as_user_not_supported",
        "attachment_payload_limit_exceeded",
        "cannot_dm_bot",
        "cannot_reply_to_message",
        "cant_update_message",
        "channel_not_found",
        "deprecated_endpoint",
        "edit_window_closed",
        "ekm_access_denied",
        "invalid_arguments",
        "invalid_auth",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "invalid_thread_ts",
        "is_archived",
        "message_not_found",
        "messages_tab_disabled",
        "metadata_must_be_sent_from_app",
        "metadata_too_large",
        "method_deprecated",
        "missing_scope",
        "msg_too_long",
        "no_permission",
        "no_such_subteam",
        "no_text",
        "not_allowed_token_type",
        "not_authed",
        "not_enabled",
        "not_in_channel",
        "org_login_required",
        "plan_upgrade_required",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "team_access_not_granted",
        "team_not_found",
        "thread_not_found",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
        "user_not_found",
        "user_not_in_channel",
        "view_too_large",
    }
)


# What Slack says of trouble of its own, which passes.
TRANSIENT = frozenset(
    {
        "accesslimited",
        "external_channel_migrating",
        "fatal_error",
        "internal_error",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)


def code_of(error: SlackApiError) -> str:
    """Name the error as Slack does; `HTTP 502` where it did not say.

    For a body that is no JSON the SDK hands out aiohttp's response in place of its own.
    """
    response = error.response
    if not isinstance(response, AsyncSlackResponse):
        return f"HTTP {response.status}"
    said = response.data.get("error") if isinstance(response.data, dict) else None
    return str(said or f"HTTP {response.status_code}")
