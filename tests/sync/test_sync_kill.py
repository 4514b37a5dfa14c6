"""A worker that is killed in the middle of a synchronisation costs nothing but time."""

from collections import Counter

from killing import end_lease, kill_when, rows_read
from sqlalchemy import func, select
from world import World, reseed

from app.common.models import MODELS
from app.records.tables import RECORD_TABLES, vendor_row

KILLS = (0.15, 0.4, 0.7)  # the shares of all vendor rows after which a worker is killed


def test_killed_workers_lose_nothing_and_double_nothing(world: World) -> None:
    reseed(world.sandbox, candidates=1500, interviews=9000)
    tables = {name: len(table.rows) for name, table in world.sandbox.tables.items()}
    read = ("candidates", "applications", "interviews", "interviewers", "notes", "attachments")
    everything = sum(tables[name] for name in read)
    account = world.link("v3", sync=False)
    world.sandbox.controls.received.clear()
    for share in KILLS:
        wanted = int(everything * share)
        kill_when(world, lambda wanted=wanted: rows_read(world, account) >= wanted)
        end_lease(world, account)
    world.service.jobs.run_due()

    pages = world.sent("GET", "/v3/")
    assert len(pages) >= 50
    asked = Counter((request.path, request.query) for request in pages)
    repeated = sum(count - 1 for count in asked.values())
    assert repeated <= len(KILLS), "at most the page in flight is read twice"

    with world.service.reader.connect() as connection:
        for model, table in {
            "Candidate": "candidates",
            "Application": "applications",
            "ScheduledInterview": "interviews",
            "Activity": "notes",
            "Attachment": "attachments",
        }.items():
            records = RECORD_TABLES[MODELS[model].name]
            stored = list(connection.scalars(select(records.c.remote_id).where(records.c.shell.is_(False))))
            assert len(stored) == len(set(stored)), model
            assert set(stored) == {str(key) for key in world.sandbox.tables[table].rows}, model
        kept = connection.scalar(
            select(func.count()).select_from(vendor_row).where(vendor_row.c.resource == "interviewers")
        )
        assert kept == tables["interviewers"]
    statuses = account.get("/sync-status").json()["results"]
    assert {row["status"] for row in statuses} == {"DONE"}
