"""How Alembic reaches the database and what it compares it with."""

from alembic import context

from app.database import open_engine
from app.migrate import ours
from app.tables import metadata

config = context.config


def migrate() -> None:
    """Run the migrations in one transaction."""
    engine = open_engine(config.get_main_option("sqlalchemy.url", ""))
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=metadata, compare_type=True, include_name=ours
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


migrate()
