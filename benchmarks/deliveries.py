"""Deliveries to a subscriber that fails a third of the time: how fast, whether all came, and how many twice.

The yardstick of the same run posts a body of the same size to the same receiver, over as many connections,
and keeps nothing.
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
from sqlalchemy import func, select

from app.audit.trail import SYSTEM
from app.common.models import TAG
from app.jobs import remove
from app.records.drafts import draft
from app.service import Service
from app.sync.state import KIND as SYNC
from app.webhooks.deliver import IN_FLIGHT
from app.webhooks.endpoints import create
from app.webhooks.outbox import DELIVERED, changing
from app.webhooks.signing import first_signature_key
from app.webhooks.tables import webhook_delivery
from benchmarks.world import free_port, process, sandbox, service

RECEIVER = """
import random, sys, uvicorn
from collections import Counter
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
chance, counts, accepted = random.Random(1), {"requests": 0, "failed": 0}, Counter()
share = float(sys.argv[2])

async def hooks(request):
    record = (await request.json())["data"]
    counts["requests"] += 1
    if chance.random() < share:
        counts["failed"] += 1
        return Response(status_code=500)
    accepted[record["id"]] += 1
    return Response(status_code=200)

async def told(request):
    again = accepted.total() - len(accepted)
    return JSONResponse({**counts, "records": len(accepted), "again": again})

app = Starlette(routes=[Route("/hooks", hooks, methods=["POST"]), Route("/counts", told)])
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
"""


def plain(target: str, requests: int) -> float:
    """Requests a second, posted and forgotten."""
    padding = "x" * 850

    def post(number: int) -> None:
        client.post(target, json={"data": {"id": f"yardstick {number}", "padding": padding}})

    with httpx.Client() as client, ThreadPoolExecutor(IN_FLIGHT) as threads:
        started = time.perf_counter()
        list(threads.map(post, range(requests)))
        return requests / (time.perf_counter() - started)


def subscribed(made: Service, target: str, events: int) -> None:
    """A webhook with so many events waiting for it."""
    with made.jobs.begin() as connection:
        create(connection, SYSTEM, "PRODUCTION", target, ["Tag.*"], None, is_active=True)
        first_signature_key(connection, made.vault)
    with made.engine.connect() as connection:
        account_id = connection.exec_driver_sql("select id from linked_account").scalar_one()
    with made.jobs.begin() as connection, changing(connection, account_id) as store:
        remove(connection, SYNC, account_id)  # no other events than these
        store.put([draft(account_id, TAG, {"remote_id": n, "name": f"tag {n}"}) for n in range(events)])


def delivered(made: Service) -> int:
    """How many deliveries were accepted."""
    with made.reader.connect() as connection:
        query = select(func.count()).select_from(webhook_delivery)
        return int(connection.scalar(query.where(webhook_delivery.c.state == DELIVERED)) or 0)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--failing", type=float, default=1 / 3)
    parser.add_argument("--database", default="", help="a PostgreSQL server's URL; SQLite without it")
    wanted = parser.parse_args()
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    receiver = ("-c", RECEIVER, str(port), str(wanted.failing))
    with (
        process(*receiver, ready=f"{base}/counts"),
        sandbox(1, 1) as origin,
        service(origin, wanted.database, allow_private_targets=True) as (made, _, _),
    ):
        yardstick = plain(f"{base}/hooks", 2_000)
        before = httpx.get(f"{base}/counts").json()
        subscribed(made, f"{base}/hooks", wanted.events)
        marks = measure(made, wanted.events)
        counts = {name: n - before[name] for name, n in httpx.get(f"{base}/counts").json().items()}
    lost = wanted.events - counts["records"]
    print(f"events                {wanted.events:>10,}  ({lost:,} lost, {counts['again']:,} came again)")
    print(f"requests              {counts['requests']:>10,}  ({counts['failed']:,} not accepted)")
    for share, seconds in marks.items():
        print(f"delivered {share:>6.1%}     {seconds:>10.1f}  seconds")
    rate = 0.5 * wanted.events / (1 - wanted.failing) / marks[0.5]
    print(f"requests a second     {rate:>10,.0f}  while there was no waiting")
    print(f"                      {yardstick:>10,.0f}  only posting, keeping nothing")
    print(f"ratio                 {rate / yardstick:>10.2f}  of the yardstick")


def measure(made: Service, events: int) -> dict[float, float]:
    """The seconds after which each share of the events was delivered."""
    marks: dict[float, float] = {}
    made.jobs.start(4)
    started = time.perf_counter()
    while 1.0 not in marks:
        time.sleep(0.05)  # between two looks at the log
        done = delivered(made) / events
        for share in (0.5, 0.9, 0.99, 0.999, 1.0):
            if done >= share:
                marks.setdefault(share, time.perf_counter() - started)
    made.jobs.stop()
    return marks


if __name__ == "__main__":
    main()
