"""The `job` table: what is due, who runs it, and whose writes count."""

from sqlalchemy import BigInteger, Column, Double, Index, Integer, Table, Text, text

from app.database import metadata

job_table = Table(
    "job",
    metadata,
    Column("kind", Text, primary_key=True, comment="Names the handler."),
    Column("key", Text, primary_key=True, comment="What the job is for, for example a linked account."),
    Column("due_at", Double, comment="When to run; null: only when asked."),
    Column("hold_until", Double, nullable=False, server_default=text("0"), comment="No run before this."),
    Column("asked", BigInteger, nullable=False, server_default=text("0"), comment="Asks so far."),
    Column("begun", BigInteger, nullable=False, server_default=text("0"), comment="Asks the run answers."),
    Column("running", Integer, nullable=False, server_default=text("0"), comment="1: begun, not finished."),
    Column("paused", Integer, nullable=False, server_default=text("0"), comment="1: must not run."),
    Column("failures", Integer, nullable=False, server_default=text("0"), comment="Failures in a row."),
    Column(
        "waits",
        Integer,
        nullable=False,
        server_default=text("0"),
        comment="Waits of no known length in a row.",
    ),
    Column("owner", Text, comment="The process that runs it."),
    Column("error", Text, comment="How the last attempt failed, redacted."),
    Column("lease_until", Double, nullable=False, server_default=text("0"), comment="0: nobody runs it."),
    Column("rung_until", Double, nullable=False, server_default=text("0"), comment="A call is on its way."),
    Column("fence", BigInteger, nullable=False, server_default=text("0"), comment="Grows with each claim."),
)

_scheduled = job_table.c.due_at.is_not(None)
Index("ix_job_due_at", job_table.c.due_at, sqlite_where=_scheduled, postgresql_where=_scheduled)

_failing = job_table.c.failures > 0
Index("ix_job_failures", job_table.c.failures, sqlite_where=_failing, postgresql_where=_failing)
