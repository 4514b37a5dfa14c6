"""What the tests of faults look at: all that a customer sees, before, during and after a fault.

The account `hurt` is of Harvest v3 and meets the fault; `other` is of v1, beside it in the same process and
at the same vendor. What the vendor has is changed while the fault lasts: at its end both must have it.
"""

import re
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import insert, select, update
from world import Account, Json, Synced, World

from app.common.models import COLLECTIONS
from app.common.times import now
from app.jobs import job_table
from app.webhooks.tables import webhook_delivery, webhook_endpoint

SMALL_PAGE = 14  # rows, so that the list of interviews has two pages
ROOM = "Room Kyōto"
PASSING = ("created_at", "modified_at", "file_url")  # when we stored it; an address signed anew each time
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
WATCHED = ("ScheduledInterview", "Candidate", "Application", "Attachment")


@dataclass
class Scene:
    """One account that meets a fault, and one that must not notice.

    Attributes:
        world: the service.
        hurt: the account that meets it.
        other: the other one.
        changed: the vendor's id of the interview that is changed meanwhile.
    """

    world: World
    hurt: Account
    other: Account
    changed: str

    @staticmethod
    def of(synced: Synced) -> "Scene":
        world = synced.world
        with world.service.engine.begin() as connection:
            connection.execute(
                insert(webhook_endpoint).values(**_SUBSCRIBER, created_at=now(), modified_at=now())
            )
        scheduled = (row for row in synced.v3.list("/interviews") if row["status"] == "SCHEDULED")
        return Scene(world, synced.v3, synced.v1, next(scheduled)["remote_id"])

    # ---- what happens

    def change(self) -> None:
        """Somebody moves an interview to another room, at the vendor."""
        self.world.sandbox.change("interviews", int(self.changed), location=ROOM)

    def fail(self, path: str, **options: Any) -> None:
        """Make the vendor's next answers to a list others; see `sandboxes.controls.Fault`."""
        self.world.sandbox.controls.fail(path, **{"method": "GET", "times": 99} | options)

    def mend(self) -> None:
        """The vendor is well again."""
        self.world.sandbox.controls.faults.clear()

    def run(self, *accounts: Account, full: bool = False) -> None:
        """The next synchronisation of some accounts, or of both, now."""
        for account in accounts or (self.hurt, self.other):
            if full:
                assert account.http.post("/sync-status/resync").status_code == 200
            with self.world.service.engine.begin() as connection:
                connection.execute(
                    update(job_table)
                    .where(job_table.c.kind == "sync", job_table.c.key == account.id)
                    .values(due_at=0, hold_until=0, lease_until=0)
                )
        assert self.world.service.jobs.run_due()

    def recovers(self) -> None:
        """A day after the end of the fault."""
        self.mend()
        self.world.a_day_passes()
        self.run(self.hurt)

    # ---- what is seen

    def status(self, model: str = "ScheduledInterview", account: Account | None = None) -> Json:
        (row,) = [r for r in statuses(account or self.hurt) if r["model_name"] == model]
        return row

    def issues(self, account: Account | None = None) -> list[tuple[str, str]]:
        """The label of each open issue with its last detail."""
        wanted = (account or self.hurt).id
        answer = self.world.http.get("/issues", params={"linked_account_id": wanted, "status": "ONGOING"})
        assert answer.status_code == 200, answer.text
        return [(one["error_description"], one["error_details"][0]) for one in answer.json()["results"]]

    def told(self, event: str, account: Account | None = None) -> list[Json]:
        """What subscribers are told of an account, by an event."""
        query = select(webhook_delivery.c.data).where(
            webhook_delivery.c.event == event,
            webhook_delivery.c.account_id == (account or self.hurt).id,
        )
        with self.world.service.reader.connect() as connection:
            return [orjson.loads(data) for data in connection.scalars(query)]

    def room(self, account: Account | None = None) -> str | None:
        """Where the changed interview is, as it is served."""
        place = (account or self.hurt).one("/interviews", remote_id=self.changed)["location"]
        return None if place is None else str(place)

    def other_is_well(self) -> None:
        """The other account has been read, with what changed meanwhile, and has no issue."""
        assert self.room(self.other) == ROOM
        assert self.issues(self.other) == []
        assert {row["status"] for row in statuses(self.other)} == {"DONE"}

    def is_whole(self, before: "Content", *, changed: bool = True) -> None:
        """Nothing is lost, nothing is doubled, and nothing is complained of."""
        assert self.issues() == []
        assert {row["status"] for row in statuses(self.hurt)} == {"DONE"}
        if changed:
            assert self.room() == ROOM
        assert content(self.hurt, but=self.changed) == before


Content = dict[str, list[Json]]

_SUBSCRIBER = {
    "id": "00000000-0000-4000-8000-0000000000ee",
    "target": "https://subscriber.example/",
    "events": '["*"]',
    "account_type": "PRODUCTION",
    "state": "DISABLED",  # events gather and are not sent
    "failures": 0,
}


def statuses(account: Account) -> list[Json]:
    answer = account.get("/sync-status")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


def content(account: Account, but: str = "", *, names: bool = False) -> Content:
    """What an account is served of the models that have most in them.

    Args:
        account: the linked account.
        but: the vendor's id of an interview that changes meanwhile.
        names: write the vendor's ids in the place of ours, which differ between accounts.
    """
    wanted = [model for model in COLLECTIONS if names or model.name in WATCHED]
    found = {model.name: account.list(f"/{model.path}") for model in wanted}
    told = orjson.dumps(found).decode()
    if names:
        for model, rows in found.items():
            for row in rows:
                told = told.replace(row["id"], f"{model} {row['remote_id']}")
        told = re.sub(UUID, "an id of a part", told)
    made: Content = {
        model: [
            _bare(row)
            for row in sorted(rows, key=lambda row: str(row["remote_id"]))
            if (model, row["remote_id"]) != ("ScheduledInterview", but)
        ]
        for model, rows in orjson.loads(told).items()
    }
    assert all(len(rows) == len({row["id"] for row in rows}) for rows in made.values()), "nothing is doubled"
    return made


def _bare(value: Any) -> Any:
    """Without what passes, and with lists of ids in an order that does not hang on our ids."""
    if isinstance(value, dict):
        return {name: _bare(item) for name, item in value.items() if name not in PASSING}
    if not isinstance(value, list):
        return value
    texts = all(isinstance(item, str) for item in value)
    return sorted(value) if texts else [_bare(item) for item in value]
