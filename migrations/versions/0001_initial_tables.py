"""Initial tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_type", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
        sa.UniqueConstraint("name", name=op.f("uq_api_key_name")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=True),
        sa.Column("user_email", sa.Text(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("ip_address", sa.Text(), nullable=False),
        sa.Column("event_type", sa.String(length=80), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("about", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_about", "audit_event", ["about", "created_at", "id"], unique=False)
    op.create_index("ix_audit_event_page", "audit_event", ["created_at", "id"], unique=False)
    op.create_table(
        "default_scope",
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("model", name=op.f("pk_default_scope")),
        comment="What the organization enables for every linked account; what is not named is enabled.",
    )
    op.create_table(
        "job",
        sa.Column("kind", sa.Text(), nullable=False, comment="Names the handler."),
        sa.Column(
            "key", sa.Text(), nullable=False, comment="What the job is for, for example a linked account."
        ),
        sa.Column("due_at", sa.Double(), nullable=True, comment="When to run; null: only when asked."),
        sa.Column(
            "hold_until",
            sa.Double(),
            server_default=sa.text("0"),
            nullable=False,
            comment="No run before this.",
        ),
        sa.Column(
            "asked", sa.BigInteger(), server_default=sa.text("0"), nullable=False, comment="Asks so far."
        ),
        sa.Column(
            "begun",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Asks the run answers.",
        ),
        sa.Column(
            "running",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="1: begun, not finished.",
        ),
        sa.Column(
            "paused", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="1: must not run."
        ),
        sa.Column(
            "failures",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Failures in a row.",
        ),
        sa.Column(
            "waits",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Waits of no known length in a row.",
        ),
        sa.Column("owner", sa.Text(), nullable=True, comment="The process that runs it."),
        sa.Column("error", sa.Text(), nullable=True, comment="How the last attempt failed, redacted."),
        sa.Column(
            "lease_until",
            sa.Double(),
            server_default=sa.text("0"),
            nullable=False,
            comment="0: nobody runs it.",
        ),
        sa.Column(
            "rung_until",
            sa.Double(),
            server_default=sa.text("0"),
            nullable=False,
            comment="A call is on its way.",
        ),
        sa.Column(
            "fence",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Grows with each claim.",
        ),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_job")),
    )
    op.create_index(
        "ix_job_due_at",
        "job",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_job_failures",
        "job",
        ["failures"],
        unique=False,
        sqlite_where=sa.text("failures > 0"),
        postgresql_where=sa.text("failures > 0"),
    )
    op.create_table(
        "linked_account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("integration", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("status_detail", sa.Text(), nullable=True),
        sa.Column("end_user_origin_id", sa.Text(), nullable=True),
        sa.Column("end_user_organization_name", sa.Text(), nullable=False),
        sa.Column("end_user_email_address", sa.Text(), nullable=False),
        sa.Column("account_type", sa.String(length=20), nullable=False),
        sa.Column("credentials", sa.LargeBinary(), nullable=False),
        sa.Column("credentials_fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("webhook_secret", sa.String(length=64), nullable=False),
        sa.Column("are_syncs_disabled", sa.Boolean(), nullable=False),
        sa.Column("clock", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("completed_at", sa.BigInteger(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=True),
        sa.Column("restrictions", sa.Text(), nullable=True),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_account")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_linked_account_token_hash")),
        sa.UniqueConstraint("webhook_secret", name=op.f("uq_linked_account_webhook_secret")),
    )
    op.create_index(
        "ix_linked_account_fingerprint", "linked_account", ["credentials_fingerprint"], unique=False
    )
    op.create_index("ix_linked_account_page", "linked_account", ["created_at", "id"], unique=False)
    op.create_index(
        "uq_linked_account_origin",
        "linked_account",
        ["end_user_origin_id", "integration", "account_type"],
        unique=True,
    )
    op.create_table(
        "operator",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
        sa.UniqueConstraint("name", name=op.f("uq_operator_name")),
        comment="Who may sign in to the console.",
    )
    op.create_table(
        "superseded_credentials",
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("credentials", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_superseded_credentials")),
        comment="Credentials that were tried and rotated by the trial, but have not led to an account.",
    )
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_type", sa.String(length=20), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("accounts", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
        comment="Where subscribers want to be told of events.",
    )
    op.create_table(
        "webhook_signature",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_signature")),
        comment="The organization's key that deliveries are signed with.",
    )
    op.create_table(
        "access_token",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("minting_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_access_token_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "subject", name=op.f("pk_access_token")),
        comment="Vendor access tokens, and who is asking for a new one at the moment.",
    )
    op.create_table(
        "async_passthrough",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=True),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_async_passthrough_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_async_passthrough")),
        comment="Requests that are sent to vendors by a job, and what was answered.",
    )
    op.create_index("ix_async_passthrough_account", "async_passthrough", ["account_id"], unique=False)
    op.create_table(
        "async_write",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=True),
        sa.Column("record_id", sa.String(length=36), nullable=True),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_async_write_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_async_write")),
        comment="Writes asked for with run_async, and what became of them.",
    )
    op.create_index("ix_async_write_account", "async_write", ["account_id", "record_id"], unique=False)
    op.create_table(
        "ats_activity",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("user_id", sa.String(length=36), nullable=True),
        sa.Column("candidate_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_ats_activity_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_activity")),
    )
    op.create_index(
        "ix_ats_activity_candidate_id",
        "ats_activity",
        ["account_id", "candidate_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_activity_modified", "ats_activity", ["account_id", "modified_at", "id"], unique=False
    )
    op.create_index(
        "ix_ats_activity_origin",
        "ats_activity",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index("ix_ats_activity_page", "ats_activity", ["account_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_ats_activity_user_id", "ats_activity", ["account_id", "user_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "ats_application",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("candidate_id", sa.String(length=36), nullable=True),
        sa.Column("job_id", sa.String(length=36), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("credited_to_id", sa.String(length=36), nullable=True),
        sa.Column("current_stage_id", sa.String(length=36), nullable=True),
        sa.Column("reject_reason_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_ats_application_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_application")),
    )
    op.create_index(
        "ix_ats_application_candidate_id",
        "ats_application",
        ["account_id", "candidate_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_application_credited_to_id",
        "ats_application",
        ["account_id", "credited_to_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_application_current_stage_id",
        "ats_application",
        ["account_id", "current_stage_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_application_job_id",
        "ats_application",
        ["account_id", "job_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_application_modified", "ats_application", ["account_id", "modified_at", "id"], unique=False
    )
    op.create_index(
        "ix_ats_application_origin",
        "ats_application",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index(
        "ix_ats_application_page", "ats_application", ["account_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_ats_application_reject_reason_id",
        "ats_application",
        ["account_id", "reject_reason_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_application_source",
        "ats_application",
        ["account_id", "source", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "ats_attachment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("candidate_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_ats_attachment_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_attachment")),
    )
    op.create_index(
        "ix_ats_attachment_candidate_id",
        "ats_attachment",
        ["account_id", "candidate_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_attachment_modified", "ats_attachment", ["account_id", "modified_at", "id"], unique=False
    )
    op.create_index(
        "ix_ats_attachment_origin",
        "ats_attachment",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index(
        "ix_ats_attachment_page", "ats_attachment", ["account_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "ats_candidate",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_ats_candidate_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_candidate")),
    )
    op.create_index(
        "ix_ats_candidate_first_name",
        "ats_candidate",
        ["account_id", "first_name", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_candidate_last_name",
        "ats_candidate",
        ["account_id", "last_name", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_candidate_modified", "ats_candidate", ["account_id", "modified_at", "id"], unique=False
    )
    op.create_index(
        "ix_ats_candidate_origin",
        "ats_candidate",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index(
        "ix_ats_candidate_page", "ats_candidate", ["account_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "ats_department",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_ats_department_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_department")),
    )
    op.create_index(
        "ix_ats_department_modified", "ats_department", ["account_id", "modified_at", "id"], unique=False
    )
    op.create_index(
        "ix_ats_department_origin",
        "ats_department",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index(
        "ix_ats_department_page", "ats_department", ["account_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "ats_eeoc",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("candidate_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_ats_eeoc_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_eeoc")),
    )
    op.create_index(
        "ix_ats_eeoc_candidate_id",
        "ats_eeoc",
        ["account_id", "candidate_id", "created_at", "id"],
        unique=False,
    )
    op.create_index("ix_ats_eeoc_modified", "ats_eeoc", ["account_id", "modified_at", "id"], unique=False)
    op.create_index(
        "ix_ats_eeoc_origin",
        "ats_eeoc",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index("ix_ats_eeoc_page", "ats_eeoc", ["account_id", "created_at", "id"], unique=False)
    op.create_table(
        "ats_job",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_ats_job_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_job")),
    )
    op.create_index("ix_ats_job_code", "ats_job", ["account_id", "code", "created_at", "id"], unique=False)
    op.create_index("ix_ats_job_modified", "ats_job", ["account_id", "modified_at", "id"], unique=False)
    op.create_index(
        "ix_ats_job_origin",
        "ats_job",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index("ix_ats_job_page", "ats_job", ["account_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_ats_job_status", "ats_job", ["account_id", "status", "created_at", "id"], unique=False
    )
    op.create_table(
        "ats_job_interview_stage",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("job_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_ats_job_interview_stage_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_job_interview_stage")),
    )
    op.create_index(
        "ix_ats_job_interview_stage_job_id",
        "ats_job_interview_stage",
        ["account_id", "job_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_job_interview_stage_modified",
        "ats_job_interview_stage",
        ["account_id", "modified_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_job_interview_stage_origin",
        "ats_job_interview_stage",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index(
        "ix_ats_job_interview_stage_page",
        "ats_job_interview_stage",
        ["account_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "ats_job_posting",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("job_id", sa.String(length=36), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_ats_job_posting_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_job_posting")),
    )
    op.create_index(
        "ix_ats_job_posting_job_id",
        "ats_job_posting",
        ["account_id", "job_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_job_posting_modified", "ats_job_posting", ["account_id", "modified_at", "id"], unique=False
    )
    op.create_index(
        "ix_ats_job_posting_origin",
        "ats_job_posting",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index(
        "ix_ats_job_posting_page", "ats_job_posting", ["account_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_ats_job_posting_status",
        "ats_job_posting",
        ["account_id", "status", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "ats_offer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("application_id", sa.String(length=36), nullable=True),
        sa.Column("creator_id", sa.String(length=36), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_ats_offer_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_offer")),
    )
    op.create_index(
        "ix_ats_offer_application_id",
        "ats_offer",
        ["account_id", "application_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_offer_creator_id", "ats_offer", ["account_id", "creator_id", "created_at", "id"], unique=False
    )
    op.create_index("ix_ats_offer_modified", "ats_offer", ["account_id", "modified_at", "id"], unique=False)
    op.create_index(
        "ix_ats_offer_origin",
        "ats_offer",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index("ix_ats_offer_page", "ats_offer", ["account_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_ats_offer_status", "ats_offer", ["account_id", "status", "created_at", "id"], unique=False
    )
    op.create_table(
        "ats_office",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_ats_office_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_office")),
    )
    op.create_index("ix_ats_office_modified", "ats_office", ["account_id", "modified_at", "id"], unique=False)
    op.create_index(
        "ix_ats_office_origin",
        "ats_office",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index("ix_ats_office_page", "ats_office", ["account_id", "created_at", "id"], unique=False)
    op.create_table(
        "ats_reject_reason",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_ats_reject_reason_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_reject_reason")),
    )
    op.create_index(
        "ix_ats_reject_reason_modified",
        "ats_reject_reason",
        ["account_id", "modified_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_reject_reason_origin",
        "ats_reject_reason",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index(
        "ix_ats_reject_reason_page", "ats_reject_reason", ["account_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "ats_remote_user",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_ats_remote_user_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_remote_user")),
    )
    op.create_index(
        "ix_ats_remote_user_email",
        "ats_remote_user",
        ["account_id", "email", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_remote_user_modified", "ats_remote_user", ["account_id", "modified_at", "id"], unique=False
    )
    op.create_index(
        "ix_ats_remote_user_origin",
        "ats_remote_user",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index(
        "ix_ats_remote_user_page", "ats_remote_user", ["account_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "ats_scheduled_interview",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("application_id", sa.String(length=36), nullable=True),
        sa.Column("job_interview_stage_id", sa.String(length=36), nullable=True),
        sa.Column("organizer_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_ats_scheduled_interview_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_scheduled_interview")),
    )
    op.create_index(
        "ix_ats_scheduled_interview_application_id",
        "ats_scheduled_interview",
        ["account_id", "application_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_scheduled_interview_job_interview_stage_id",
        "ats_scheduled_interview",
        ["account_id", "job_interview_stage_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_scheduled_interview_modified",
        "ats_scheduled_interview",
        ["account_id", "modified_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_scheduled_interview_organizer_id",
        "ats_scheduled_interview",
        ["account_id", "organizer_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_scheduled_interview_origin",
        "ats_scheduled_interview",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index(
        "ix_ats_scheduled_interview_page",
        "ats_scheduled_interview",
        ["account_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "ats_scorecard",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("application_id", sa.String(length=36), nullable=True),
        sa.Column("interview_id", sa.String(length=36), nullable=True),
        sa.Column("interviewer_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_ats_scorecard_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_scorecard")),
    )
    op.create_index(
        "ix_ats_scorecard_application_id",
        "ats_scorecard",
        ["account_id", "application_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_scorecard_interview_id",
        "ats_scorecard",
        ["account_id", "interview_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_scorecard_interviewer_id",
        "ats_scorecard",
        ["account_id", "interviewer_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_scorecard_modified", "ats_scorecard", ["account_id", "modified_at", "id"], unique=False
    )
    op.create_index(
        "ix_ats_scorecard_origin",
        "ats_scorecard",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index(
        "ix_ats_scorecard_page", "ats_scorecard", ["account_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "ats_screening_question",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("job_id", sa.String(length=36), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_ats_screening_question_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_screening_question")),
    )
    op.create_index(
        "ix_ats_screening_question_job_id",
        "ats_screening_question",
        ["account_id", "job_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_screening_question_modified",
        "ats_screening_question",
        ["account_id", "modified_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_screening_question_origin",
        "ats_screening_question",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index(
        "ix_ats_screening_question_page",
        "ats_screening_question",
        ["account_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "ats_screening_question_answer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("application_id", sa.String(length=36), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_ats_screening_question_answer_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_screening_question_answer")),
    )
    op.create_index(
        "ix_ats_screening_question_answer_application_id",
        "ats_screening_question_answer",
        ["account_id", "application_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_screening_question_answer_modified",
        "ats_screening_question_answer",
        ["account_id", "modified_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_screening_question_answer_origin",
        "ats_screening_question_answer",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index(
        "ix_ats_screening_question_answer_page",
        "ats_screening_question_answer",
        ["account_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "ats_screening_question_option",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("question_id", sa.String(length=36), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_ats_screening_question_option_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_screening_question_option")),
    )
    op.create_index(
        "ix_ats_screening_question_option_modified",
        "ats_screening_question_option",
        ["account_id", "modified_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_screening_question_option_origin",
        "ats_screening_question_option",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index(
        "ix_ats_screening_question_option_page",
        "ats_screening_question_option",
        ["account_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ats_screening_question_option_question_id",
        "ats_screening_question_option",
        ["account_id", "question_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "ats_tag",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("shell", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_ats_tag_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_tag")),
    )
    op.create_index("ix_ats_tag_modified", "ats_tag", ["account_id", "modified_at", "id"], unique=False)
    op.create_index(
        "ix_ats_tag_origin",
        "ats_tag",
        ["account_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.create_index("ix_ats_tag_page", "ats_tag", ["account_id", "created_at", "id"], unique=False)
    op.create_table(
        "dangling",
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_dangling_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("target_id", "model", "record_id", name=op.f("pk_dangling")),
        comment="Records that name a record which has not been seen yet.",
    )
    op.create_index("ix_dangling_account", "dangling", ["account_id"], unique=False)
    op.create_index("ix_dangling_record", "dangling", ["record_id"], unique=False)
    op.create_table(
        "idempotent_request",
        sa.Column("scope", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.Double(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_idempotent_request_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_idempotent_request")),
        comment="Answers to requests that carry an idempotency key, to be given again.",
    )
    op.create_index("ix_idempotent_request_account", "idempotent_request", ["account_id"], unique=False)
    op.create_index("ix_idempotent_request_expiry", "idempotent_request", ["expires_at"], unique=False)
    op.create_table(
        "ignored_candidate",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("ignored_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_ignored_candidate_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_ignored_candidate")),
        comment="People of whom nothing is kept, whatever the vendor shows.",
    )
    op.create_table(
        "issue",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("error_description", sa.Text(), nullable=False),
        sa.Column("error_details", sa.Text(), nullable=False),
        sa.Column("first_incident_at", sa.BigInteger(), nullable=False),
        sa.Column("last_incident_at", sa.BigInteger(), nullable=False),
        sa.Column("acted_at", sa.BigInteger(), nullable=False),
        sa.Column("is_muted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_issue_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
    )
    op.create_index("ix_issue_page", "issue", ["first_incident_at", "id"], unique=False)
    op.create_index("ix_issue_status_page", "issue", ["status", "first_incident_at", "id"], unique=False)
    op.create_index(
        "uq_issue_organization_subject",
        "issue",
        ["subject"],
        unique=True,
        sqlite_where=sa.text("account_id is null"),
        postgresql_where=sa.text("account_id is null"),
    )
    op.create_index("uq_issue_subject", "issue", ["account_id", "subject"], unique=True)
    op.create_table(
        "link_session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("integration", sa.String(length=40), nullable=True),
        sa.Column("account_type", sa.String(length=20), nullable=False),
        sa.Column("end_user_origin_id", sa.Text(), nullable=False),
        sa.Column("end_user_organization_name", sa.Text(), nullable=False),
        sa.Column("end_user_email_address", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("authorization", sa.LargeBinary(), nullable=True),
        sa.Column("state_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("linked_at", sa.BigInteger(), nullable=True),
        sa.Column("public_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("public_until", sa.BigInteger(), nullable=True),
        sa.Column("exchanged_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_link_session_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_session")),
        sa.UniqueConstraint("public_hash", name=op.f("uq_link_session_public_hash")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_link_session_state_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_link_session_token_hash")),
    )
    op.create_index("ix_link_session_account_id", "link_session", ["account_id"], unique=False)
    op.create_index("ix_link_session_expires_at", "link_session", ["expires_at"], unique=False)
    op.create_table(
        "operator_session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("operator_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_operator_session_operator_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_operator_session")),
        comment="Who has signed in to the console, and until when.",
    )
    op.create_index("ix_operator_session_expires_at", "operator_session", ["expires_at"], unique=False)
    op.create_index("ix_operator_session_operator_id", "operator_session", ["operator_id"], unique=False)
    op.create_table(
        "record_value",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_record_value_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "model", "field", "value", "record_id", name=op.f("pk_record_value")
        ),
        comment="Values of list fields that are filtered by, such as e-mail addresses.",
    )
    op.create_index("ix_record_value_record", "record_value", ["record_id"], unique=False)
    op.create_table(
        "remapping",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_remapping_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "model", name=op.f("pk_remapping")),
        comment="How far the kept rows have been mapped by the present settings.",
    )
    op.create_table(
        "resource_state",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("resource", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("checkpoint", sa.Text(), nullable=True),
        sa.Column("pass_full", sa.Boolean(), nullable=False),
        sa.Column("pass_started_at", sa.BigInteger(), nullable=True),
        sa.Column("pass_rows", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("fresh_as_of", sa.BigInteger(), nullable=True),
        sa.Column("full_pass_at", sa.BigInteger(), nullable=True),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("full_wanted", sa.Boolean(), nullable=False),
        sa.Column("ever_finished", sa.Boolean(), nullable=False),
        sa.Column("rate_limited", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_resource_state_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "resource", name=op.f("pk_resource_state")),
    )
    op.create_table(
        "sync_condition",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_sync_condition_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_condition")),
        comment="What records must meet to be stored.",
    )
    op.create_index("ix_sync_condition_account", "sync_condition", ["account_id"], unique=False)
    op.create_table(
        "sync_run",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("ever_completed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_sync_run_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_sync_run")),
        comment="The running or last synchronisation of each account.",
    )
    op.create_table(
        "target_field",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_target_field_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_field")),
    )
    op.create_index(
        "uq_target_field_account",
        "target_field",
        ["account_id", "model", "name"],
        unique=True,
        sqlite_where=sa.text("account_id is not null"),
        postgresql_where=sa.text("account_id is not null"),
    )
    op.create_index(
        "uq_target_field_organization",
        "target_field",
        ["model", "name"],
        unique=True,
        sqlite_where=sa.text("account_id is null"),
        postgresql_where=sa.text("account_id is null"),
    )
    op.create_table(
        "vendor_budget",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("held_until", sa.Double(), nullable=False, comment="Nothing is sent before."),
        sa.Column(
            "callers_until",
            sa.Double(),
            nullable=False,
            comment="Only callers' requests are sent before.",
        ),
        sa.Column(
            "spent", sa.Text(), nullable=False, comment="What is used of each limit, by its name, as JSON."
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_vendor_budget_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_vendor_budget")),
        comment="What may be asked of a vendor for an account, by the database's clock, for all processes.",
    )
    op.create_table(
        "vendor_call",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_vendor_call_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_call")),
        comment="The last calls to the vendor of each linked account; no headers, queries or bodies.",
    )
    op.create_index("ix_vendor_call_page", "vendor_call", ["account_id", "created_at", "id"], unique=False)
    op.create_table(
        "vendor_delivery",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_vendor_delivery_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "stamp", name=op.f("pk_vendor_delivery")),
        comment="What vendors delivered: kept until it is taken in, then remembered for a while.",
    )
    op.create_index(
        "ix_vendor_delivery_waiting",
        "vendor_delivery",
        ["account_id", "attempts", "stamp"],
        unique=False,
        sqlite_where=sa.text("content is not null"),
        postgresql_where=sa.text("content is not null"),
    )
    op.create_index("uq_vendor_delivery_mark", "vendor_delivery", ["account_id", "mark"], unique=True)
    op.create_table(
        "vendor_gone",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("resource", sa.String(length=60), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("gone_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_vendor_gone_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "resource", "key", name=op.f("pk_vendor_gone")),
        comment="Rows removed of late: a page asked for before must not bring them back.",
    )
    op.create_table(
        "vendor_index",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("resource", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_vendor_index_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "resource", "name", "value", "key", name=op.f("pk_vendor_index")
        ),
        comment="Values by which mappings find vendor rows of other resources.",
    )
    op.create_index("ix_vendor_index_key", "vendor_index", ["account_id", "resource", "key"], unique=False)
    op.create_table(
        "vendor_row",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("resource", sa.String(length=60), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("data_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["linked_account.id"], name=op.f("fk_vendor_row_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "resource", "key", name=op.f("pk_vendor_row")),
        comment="What vendors sent, as received.",
    )
    op.create_index(
        "ix_vendor_row_changed", "vendor_row", ["account_id", "resource", "changed_at", "key"], unique=False
    )
    op.create_index(
        "ix_vendor_row_due",
        "vendor_row",
        ["account_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("due_at is not null"),
        postgresql_where=sa.text("due_at is not null"),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("endpoint_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=True),
        sa.Column("record_id", sa.String(length=36), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_attempt_at", sa.BigInteger(), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_webhook_delivery_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        comment="The outbox: one row for each event and endpoint, written in the event's own transaction.",
    )
    op.create_index("ix_webhook_delivery_account_id", "webhook_delivery", ["account_id"], unique=False)
    op.create_index(
        "ix_webhook_delivery_due",
        "webhook_delivery",
        ["endpoint_id", "next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("next_attempt_at is not null"),
        postgresql_where=sa.text("next_attempt_at is not null"),
    )
    op.create_index(
        "ix_webhook_delivery_page", "webhook_delivery", ["endpoint_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_webhook_delivery_state",
        "webhook_delivery",
        ["endpoint_id", "state", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "webhook_receiver",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_webhook_receiver_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "event", name=op.f("pk_webhook_receiver")),
        comment="Keys that vendors sign their webhooks with.",
    )
    op.create_table(
        "field_mapping",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("integration", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.Column("url_path", sa.Text(), nullable=False),
        sa.Column("traversal_path", sa.Text(), nullable=False),
        sa.Column("jmes_path", sa.Text(), nullable=True),
        sa.Column("jsonata", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["linked_account.id"],
            name=op.f("fk_field_mapping_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target_field.id"], name=op.f("fk_field_mapping_target_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_mapping")),
    )
    op.create_index("ix_field_mapping_target", "field_mapping", ["target_id"], unique=False)
    op.create_index(
        "uq_field_mapping_account",
        "field_mapping",
        ["account_id", "target_id"],
        unique=True,
        sqlite_where=sa.text("account_id is not null"),
        postgresql_where=sa.text("account_id is not null"),
    )
    op.create_index(
        "uq_field_mapping_integration",
        "field_mapping",
        ["integration", "target_id"],
        unique=True,
        sqlite_where=sa.text("account_id is null"),
        postgresql_where=sa.text("account_id is null"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_field_mapping_integration",
        table_name="field_mapping",
        sqlite_where=sa.text("account_id is null"),
        postgresql_where=sa.text("account_id is null"),
    )
    op.drop_index(
        "uq_field_mapping_account",
        table_name="field_mapping",
        sqlite_where=sa.text("account_id is not null"),
        postgresql_where=sa.text("account_id is not null"),
    )
    op.drop_index("ix_field_mapping_target", table_name="field_mapping")
    op.drop_table("field_mapping")
    op.drop_table("webhook_receiver")
    op.drop_index("ix_webhook_delivery_state", table_name="webhook_delivery")
    op.drop_index("ix_webhook_delivery_page", table_name="webhook_delivery")
    op.drop_index(
        "ix_webhook_delivery_due",
        table_name="webhook_delivery",
        sqlite_where=sa.text("next_attempt_at is not null"),
        postgresql_where=sa.text("next_attempt_at is not null"),
    )
    op.drop_index("ix_webhook_delivery_account_id", table_name="webhook_delivery")
    op.drop_table("webhook_delivery")
    op.drop_index(
        "ix_vendor_row_due",
        table_name="vendor_row",
        sqlite_where=sa.text("due_at is not null"),
        postgresql_where=sa.text("due_at is not null"),
    )
    op.drop_index("ix_vendor_row_changed", table_name="vendor_row")
    op.drop_table("vendor_row")
    op.drop_index("ix_vendor_index_key", table_name="vendor_index")
    op.drop_table("vendor_index")
    op.drop_table("vendor_gone")
    op.drop_index("uq_vendor_delivery_mark", table_name="vendor_delivery")
    op.drop_index(
        "ix_vendor_delivery_waiting",
        table_name="vendor_delivery",
        sqlite_where=sa.text("content is not null"),
        postgresql_where=sa.text("content is not null"),
    )
    op.drop_table("vendor_delivery")
    op.drop_index("ix_vendor_call_page", table_name="vendor_call")
    op.drop_table("vendor_call")
    op.drop_table("vendor_budget")
    op.drop_index(
        "uq_target_field_organization",
        table_name="target_field",
        sqlite_where=sa.text("account_id is null"),
        postgresql_where=sa.text("account_id is null"),
    )
    op.drop_index(
        "uq_target_field_account",
        table_name="target_field",
        sqlite_where=sa.text("account_id is not null"),
        postgresql_where=sa.text("account_id is not null"),
    )
    op.drop_table("target_field")
    op.drop_table("sync_run")
    op.drop_index("ix_sync_condition_account", table_name="sync_condition")
    op.drop_table("sync_condition")
    op.drop_table("resource_state")
    op.drop_table("remapping")
    op.drop_index("ix_record_value_record", table_name="record_value")
    op.drop_table("record_value")
    op.drop_index("ix_operator_session_operator_id", table_name="operator_session")
    op.drop_index("ix_operator_session_expires_at", table_name="operator_session")
    op.drop_table("operator_session")
    op.drop_index("ix_link_session_expires_at", table_name="link_session")
    op.drop_index("ix_link_session_account_id", table_name="link_session")
    op.drop_table("link_session")
    op.drop_index("uq_issue_subject", table_name="issue")
    op.drop_index(
        "uq_issue_organization_subject",
        table_name="issue",
        sqlite_where=sa.text("account_id is null"),
        postgresql_where=sa.text("account_id is null"),
    )
    op.drop_index("ix_issue_status_page", table_name="issue")
    op.drop_index("ix_issue_page", table_name="issue")
    op.drop_table("issue")
    op.drop_table("ignored_candidate")
    op.drop_index("ix_idempotent_request_expiry", table_name="idempotent_request")
    op.drop_index("ix_idempotent_request_account", table_name="idempotent_request")
    op.drop_table("idempotent_request")
    op.drop_index("ix_dangling_record", table_name="dangling")
    op.drop_index("ix_dangling_account", table_name="dangling")
    op.drop_table("dangling")
    op.drop_index("ix_ats_tag_page", table_name="ats_tag")
    op.drop_index(
        "ix_ats_tag_origin",
        table_name="ats_tag",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_tag_modified", table_name="ats_tag")
    op.drop_table("ats_tag")
    op.drop_index("ix_ats_screening_question_option_question_id", table_name="ats_screening_question_option")
    op.drop_index("ix_ats_screening_question_option_page", table_name="ats_screening_question_option")
    op.drop_index(
        "ix_ats_screening_question_option_origin",
        table_name="ats_screening_question_option",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_screening_question_option_modified", table_name="ats_screening_question_option")
    op.drop_table("ats_screening_question_option")
    op.drop_index("ix_ats_screening_question_answer_page", table_name="ats_screening_question_answer")
    op.drop_index(
        "ix_ats_screening_question_answer_origin",
        table_name="ats_screening_question_answer",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_screening_question_answer_modified", table_name="ats_screening_question_answer")
    op.drop_index(
        "ix_ats_screening_question_answer_application_id", table_name="ats_screening_question_answer"
    )
    op.drop_table("ats_screening_question_answer")
    op.drop_index("ix_ats_screening_question_page", table_name="ats_screening_question")
    op.drop_index(
        "ix_ats_screening_question_origin",
        table_name="ats_screening_question",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_screening_question_modified", table_name="ats_screening_question")
    op.drop_index("ix_ats_screening_question_job_id", table_name="ats_screening_question")
    op.drop_table("ats_screening_question")
    op.drop_index("ix_ats_scorecard_page", table_name="ats_scorecard")
    op.drop_index(
        "ix_ats_scorecard_origin",
        table_name="ats_scorecard",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_scorecard_modified", table_name="ats_scorecard")
    op.drop_index("ix_ats_scorecard_interviewer_id", table_name="ats_scorecard")
    op.drop_index("ix_ats_scorecard_interview_id", table_name="ats_scorecard")
    op.drop_index("ix_ats_scorecard_application_id", table_name="ats_scorecard")
    op.drop_table("ats_scorecard")
    op.drop_index("ix_ats_scheduled_interview_page", table_name="ats_scheduled_interview")
    op.drop_index(
        "ix_ats_scheduled_interview_origin",
        table_name="ats_scheduled_interview",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_scheduled_interview_organizer_id", table_name="ats_scheduled_interview")
    op.drop_index("ix_ats_scheduled_interview_modified", table_name="ats_scheduled_interview")
    op.drop_index("ix_ats_scheduled_interview_job_interview_stage_id", table_name="ats_scheduled_interview")
    op.drop_index("ix_ats_scheduled_interview_application_id", table_name="ats_scheduled_interview")
    op.drop_table("ats_scheduled_interview")
    op.drop_index("ix_ats_remote_user_page", table_name="ats_remote_user")
    op.drop_index(
        "ix_ats_remote_user_origin",
        table_name="ats_remote_user",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_remote_user_modified", table_name="ats_remote_user")
    op.drop_index("ix_ats_remote_user_email", table_name="ats_remote_user")
    op.drop_table("ats_remote_user")
    op.drop_index("ix_ats_reject_reason_page", table_name="ats_reject_reason")
    op.drop_index(
        "ix_ats_reject_reason_origin",
        table_name="ats_reject_reason",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_reject_reason_modified", table_name="ats_reject_reason")
    op.drop_table("ats_reject_reason")
    op.drop_index("ix_ats_office_page", table_name="ats_office")
    op.drop_index(
        "ix_ats_office_origin",
        table_name="ats_office",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_office_modified", table_name="ats_office")
    op.drop_table("ats_office")
    op.drop_index("ix_ats_offer_status", table_name="ats_offer")
    op.drop_index("ix_ats_offer_page", table_name="ats_offer")
    op.drop_index(
        "ix_ats_offer_origin",
        table_name="ats_offer",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_offer_modified", table_name="ats_offer")
    op.drop_index("ix_ats_offer_creator_id", table_name="ats_offer")
    op.drop_index("ix_ats_offer_application_id", table_name="ats_offer")
    op.drop_table("ats_offer")
    op.drop_index("ix_ats_job_posting_status", table_name="ats_job_posting")
    op.drop_index("ix_ats_job_posting_page", table_name="ats_job_posting")
    op.drop_index(
        "ix_ats_job_posting_origin",
        table_name="ats_job_posting",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_job_posting_modified", table_name="ats_job_posting")
    op.drop_index("ix_ats_job_posting_job_id", table_name="ats_job_posting")
    op.drop_table("ats_job_posting")
    op.drop_index("ix_ats_job_interview_stage_page", table_name="ats_job_interview_stage")
    op.drop_index(
        "ix_ats_job_interview_stage_origin",
        table_name="ats_job_interview_stage",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_job_interview_stage_modified", table_name="ats_job_interview_stage")
    op.drop_index("ix_ats_job_interview_stage_job_id", table_name="ats_job_interview_stage")
    op.drop_table("ats_job_interview_stage")
    op.drop_index("ix_ats_job_status", table_name="ats_job")
    op.drop_index("ix_ats_job_page", table_name="ats_job")
    op.drop_index(
        "ix_ats_job_origin",
        table_name="ats_job",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_job_modified", table_name="ats_job")
    op.drop_index("ix_ats_job_code", table_name="ats_job")
    op.drop_table("ats_job")
    op.drop_index("ix_ats_eeoc_page", table_name="ats_eeoc")
    op.drop_index(
        "ix_ats_eeoc_origin",
        table_name="ats_eeoc",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_eeoc_modified", table_name="ats_eeoc")
    op.drop_index("ix_ats_eeoc_candidate_id", table_name="ats_eeoc")
    op.drop_table("ats_eeoc")
    op.drop_index("ix_ats_department_page", table_name="ats_department")
    op.drop_index(
        "ix_ats_department_origin",
        table_name="ats_department",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_department_modified", table_name="ats_department")
    op.drop_table("ats_department")
    op.drop_index("ix_ats_candidate_page", table_name="ats_candidate")
    op.drop_index(
        "ix_ats_candidate_origin",
        table_name="ats_candidate",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_candidate_modified", table_name="ats_candidate")
    op.drop_index("ix_ats_candidate_last_name", table_name="ats_candidate")
    op.drop_index("ix_ats_candidate_first_name", table_name="ats_candidate")
    op.drop_table("ats_candidate")
    op.drop_index("ix_ats_attachment_page", table_name="ats_attachment")
    op.drop_index(
        "ix_ats_attachment_origin",
        table_name="ats_attachment",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_attachment_modified", table_name="ats_attachment")
    op.drop_index("ix_ats_attachment_candidate_id", table_name="ats_attachment")
    op.drop_table("ats_attachment")
    op.drop_index("ix_ats_application_source", table_name="ats_application")
    op.drop_index("ix_ats_application_reject_reason_id", table_name="ats_application")
    op.drop_index("ix_ats_application_page", table_name="ats_application")
    op.drop_index(
        "ix_ats_application_origin",
        table_name="ats_application",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_application_modified", table_name="ats_application")
    op.drop_index("ix_ats_application_job_id", table_name="ats_application")
    op.drop_index("ix_ats_application_current_stage_id", table_name="ats_application")
    op.drop_index("ix_ats_application_credited_to_id", table_name="ats_application")
    op.drop_index("ix_ats_application_candidate_id", table_name="ats_application")
    op.drop_table("ats_application")
    op.drop_index("ix_ats_activity_user_id", table_name="ats_activity")
    op.drop_index("ix_ats_activity_page", table_name="ats_activity")
    op.drop_index(
        "ix_ats_activity_origin",
        table_name="ats_activity",
        sqlite_where=sa.text("origin is not null"),
        postgresql_where=sa.text("origin is not null"),
    )
    op.drop_index("ix_ats_activity_modified", table_name="ats_activity")
    op.drop_index("ix_ats_activity_candidate_id", table_name="ats_activity")
    op.drop_table("ats_activity")
    op.drop_index("ix_async_write_account", table_name="async_write")
    op.drop_table("async_write")
    op.drop_index("ix_async_passthrough_account", table_name="async_passthrough")
    op.drop_table("async_passthrough")
    op.drop_table("access_token")
    op.drop_table("webhook_signature")
    op.drop_table("webhook_endpoint")
    op.drop_table("superseded_credentials")
    op.drop_table("operator")
    op.drop_index("uq_linked_account_origin", table_name="linked_account")
    op.drop_index("ix_linked_account_page", table_name="linked_account")
    op.drop_index("ix_linked_account_fingerprint", table_name="linked_account")
    op.drop_table("linked_account")
    op.drop_index(
        "ix_job_failures",
        table_name="job",
        sqlite_where=sa.text("failures > 0"),
        postgresql_where=sa.text("failures > 0"),
    )
    op.drop_index(
        "ix_job_due_at",
        table_name="job",
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.drop_table("job")
    op.drop_table("default_scope")
    op.drop_index("ix_audit_event_page", table_name="audit_event")
    op.drop_index("ix_audit_event_about", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_table("api_key")
