"""The store as one value: each room of it, on one database."""

from collections.abc import Callable

from bot.builds.bucket import SHARE
from bot.store.absences import Absences
from bot.store.apps import Apps
from bot.store.audit import Audit
from bot.store.budget import Budget
from bot.store.catalog import Catalog
from bot.store.channels import Channels
from bot.store.clocks import Clocks
from bot.store.deliveries import Deliveries
from bot.store.engine import Database
from bot.store.errands import Errands
from bot.store.families import Families
from bot.store.groups import Groups
from bot.store.health import Health
from bot.store.history import History
from bot.store.homes import Homes
from bot.store.jobs import Jobs
from bot.store.links import Links
from bot.store.outbox import Outbox
from bot.store.overviews import Overviews
from bot.store.pace import Pace
from bot.store.posts import Posts
from bot.store.precedents import Precedents
from bot.store.projects import Projects
from bot.store.schedules import Schedules
from bot.store.watching import Watching
from bot.store.whispers import Whispers


class Store:
    """Everything that has to survive. `ring` is told the topic of each change, after its commit."""

    def __init__(
        self, url: str, account: str, ring: Callable[[str], None], *, share: float = SHARE
    ) -> None:
        self.database = Database(url)
        self.health = Health(self.database)
        self.clocks = Clocks(self.database)
        self.jobs = Jobs(self.database, ring)
        self.watching = Watching(self.database, ring)
        self.history = History(self.database)
        self.outbox = Outbox(self.database, ring)
        self.absences = Absences(self.database)
        self.links = Links(self.database, ring)
        self.posts = Posts(self.database, ring)
        self.apps = Apps(self.database)
        self.errands = Errands(self.database, ring)
        self.families = Families(self.database)
        self.budget = Budget(self.database, account, share)
        self.pace = Pace(self.database, self.budget)
        self.catalog = Catalog(self.database)
        self.channels = Channels(self.database)
        self.precedents = Precedents(self.database)
        self.projects = Projects(self.database)
        self.schedules = Schedules(self.database, ring)
        self.deliveries = Deliveries(self.database)
        self.whispers = Whispers(self.database, ring)
        self.homes = Homes(self.database, ring)
        self.overviews = Overviews(self.database)
        self.audit = Audit(self.database)
        self.groups = Groups(self.database)
