"""The tables: every state and event with its arrow, the rules as indexes; a subject, a file."""

from bot.store.tables.audit_trail import audit
from bot.store.tables.catalogue import apps, projects, seen
from bot.store.tables.columns import UtcDateTime, metadata
from bot.store.tables.errand import errands
from bot.store.tables.job import events, jobs, joins
from bot.store.tables.job_indexes import is_active, is_amiss
from bot.store.tables.link import links, posts
from bot.store.tables.notice import lanes, notices
from bot.store.tables.rate_budget import buckets
from bot.store.tables.schedule import schedules
from bot.store.tables.slack import channels, deliveries, homes, user_groups, whispers

__all__ = [
    "UtcDateTime",
    "apps",
    "audit",
    "buckets",
    "channels",
    "deliveries",
    "errands",
    "events",
    "homes",
    "is_active",
    "is_amiss",
    "jobs",
    "joins",
    "lanes",
    "links",
    "metadata",
    "notices",
    "posts",
    "projects",
    "schedules",
    "seen",
    "user_groups",
    "whispers",
]
