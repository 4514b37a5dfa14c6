"""Jobs: work that survives a crash. State is in rows, calls to the workers are carried by Huey.

A job is `(kind, key)`, for example `("sync", account_id)`; it never has two runs at a time. Ask for
one in the transaction that makes its work:

    jobs = Jobs(engine, queue_url(settings), secret, redact=redact)

    with jobs.begin() as connection:           # the bell rings after the commit
        connection.execute(...)                # your rows
        ask(connection, "sync", account_id)    # or delay=60.0

A handler does one run, page by page, each page one transaction that begins with `fence`:

    @jobs.handler("sync")
    def sync(job: Job) -> float | None:
        cursor = ...                           # read the checkpoint; no transaction during HTTP
        while cursor is not None:
            jobs.turn(job)                     # between pages: may raise Later, let it pass
            page = fetch(cursor)               # every HTTP call has a timeout
            with jobs.begin() as connection:
                fence(connection, job)         # FIRST: renews the lease, or raises Lost
                ...                            # upserts, then the checkpoint
            cursor = page.next
        return 900.0                           # seconds until the next run, or None

* `raise Later(seconds)`: go on from the checkpoint later (Retry-After); no ask shortens it. `Later(None)`
  where nobody says when: after 5, 15, 45 ... seconds, until a page's transaction says that it `got_on`.
* `Lost`: taken over, paused or removed; let it pass.
* Any other exception is a failure: held for 5, 15, 45 ... seconds, at most an hour, then tried
  again from the checkpoint; `job.failures` counts them, the row's `error` is the redacted text.
* Asked while running: exactly one more run follows. Asked ten times before a run: one run.
* `ask_last` asks just before the commit: for a job that many transactions ask for.

In a server's lifespan `jobs.start(threads)`, at its end `await asyncio.to_thread(jobs.stop)`; as a
process of its own `jobs.start(threads, embedded=False)`, which returns after SIGTERM. A test needs no
worker: `jobs.run_due()` runs what is due in its own thread.

`pause`, `resume` and `remove` take `(connection, kind, key)`, `remove_all` a key. To delete what a job
works on, remove the job first and its data after, in one transaction.

Functions that take a connection work in any transaction of the same database; where `Jobs.begin` did
not open it, no bell rings and the sweeper finds the row within seconds.
"""

from app.jobs.dispatch import queue_url
from app.jobs.engine import Jobs
from app.jobs.leases import Job, Later, Lost, ask, ask_last, fence, got_on, pause, remove, remove_all, resume
from app.jobs.runs import Handler
from app.jobs.table import job_table

__all__ = [
    "Handler",
    "Job",
    "Jobs",
    "Later",
    "Lost",
    "ask",
    "ask_last",
    "fence",
    "got_on",
    "job_table",
    "pause",
    "queue_url",
    "remove",
    "remove_all",
    "resume",
]
