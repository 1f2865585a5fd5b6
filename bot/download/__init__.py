"""Download: a zip by its link, whole or not at all, and unpacked; imports nothing of the bot."""

from bot.download.errors import DownloadError, Hostile, LinkRefused, NotWhole, Unwritable
from bot.download.fetch import Progress, fetch, ignore
from bot.download.folder import beside, replace_folder, unfit
from bot.download.save import fetched, save, temporary
from bot.download.unzip import Limits, unzip

__all__ = [
    "DownloadError",
    "Hostile",
    "Limits",
    "LinkRefused",
    "NotWhole",
    "Progress",
    "Unwritable",
    "beside",
    "fetch",
    "fetched",
    "ignore",
    "replace_folder",
    "save",
    "temporary",
    "unfit",
    "unzip",
]
