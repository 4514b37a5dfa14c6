"""The service's parts, put together once: what the API, the worker and the command line share."""

import gc

from sqlalchemy import Engine

from app.accounts.connect import Connector
from app.accounts.removal import Purge
from app.accounts.vault import Vault, open_vault
from app.calls.log import CallLog
from app.database import open_engine, reading
from app.idempotency.store import Idempotency
from app.jobs import Jobs, queue_url
from app.outbound import Outbound
from app.passthrough.receipts import Receipts
from app.readiness import Readiness
from app.redaction import redact
from app.settings import Settings
from app.sync.freshness import Freshness
from app.sync.remapping import Remapping
from app.sync.reread import Refresher
from app.sync.run import Sync
from app.telemetry.facts import registry
from app.throttle import Throttle
from app.webhooks.deliver import Deliverer
from app.webhooks.taking import Taking
from app.writes.deferred import DeferredWrites
from app.writes.files import Files
from app.writes.perform import Writing

SIGN_INS = 10  # attempts a minute from one address: guessing is hopeless, but each costs memory
GARBAGE = 10_000  # objects after which garbage is looked for: the rows of one page are many


class Service:
    """Everything a process needs, from its settings.

    Attributes:
        settings: what was configured.
        engine: the database; `reader` is the same for transactions that only read.
        metrics: what Prometheus is told.
        vault: encrypts credentials.
        jobs: the job engine.
        readiness: knows whether this process can do its work.
        throttle: counts requests; `sign_ins` attempts to sign in to the console.
        idempotency: keeps what requests with an idempotency key were answered.
        connector: opens vendor clients.
        outbound: opens clients for addresses that callers gave us.
        writing: what writes need.
        deferred_writes: carries out writes that are answered at once.
        freshness: knows how fresh stored records are.
        refresher: makes single records fresher.
        receipts: passthrough requests that jobs send.
        sync: synchronises accounts.
        deliverer: delivers events to subscribers.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engine: Engine = open_engine(settings.resolved_database_url)
        self.reader: Engine = reading(self.engine)
        self.metrics = registry(self.engine, per_account=settings.metrics_per_account)
        self.vault: Vault = open_vault(settings)
        queue = queue_url(settings)
        name = f"omniats_{self.vault.derive('installation')[:16]}"  # among others that share a Redis
        self.jobs = Jobs(self.engine, queue, self.vault.derive("queue"), name=name, redact=redact)
        self.readiness = Readiness(self.engine, self.vault, self.jobs, settings)
        self.throttle = Throttle(settings.rate_limit, queue, name)
        self.sign_ins = Throttle(SIGN_INS, queue, name)
        self.idempotency = Idempotency(self.engine, self.vault)
        self.outbound = Outbound(allow_private=settings.allow_private_targets)
        calls = CallLog(self.engine, settings.call_log_size)
        self.connector = Connector(
            self.engine, self.vault, settings, calls, self.outbound, self.idempotency.note_sent
        )
        files = Files(self.outbound, settings.max_file_size)
        self.writing = Writing(self.jobs, self.reader, self.connector, files)
        self.deferred_writes = DeferredWrites(self.writing, self.vault)
        self.freshness = Freshness(self.connector)
        self.refresher = Refresher(self.jobs, self.reader, self.connector, self.freshness)
        self.sync = Sync(self.jobs, self.connector, settings)
        Taking(self.jobs, self.connector, self.vault)
        self.receipts = Receipts(self.jobs, self.reader, self.connector, self.vault)
        Purge(self.jobs)
        Remapping(self.jobs, self.connector)
        self.deliverer = Deliverer(self.jobs, self.outbound, self.vault, settings)

    def settle(self) -> None:
        """Let the garbage collector pass over what is there now. For a process that is about to work.

        All that has been imported stays as long as the process: looking at it time and again, at every
        request and every page, takes a fifth of what a synchronisation takes.
        """
        gc.collect()
        gc.freeze()
        gc.set_threshold(GARBAGE)
