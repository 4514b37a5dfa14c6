"""Every page of the console with data, and every button."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import event, insert, select, update
from subscriber import Subscriber, accept
from visitor import Visitor, new_operator
from world import Account, Synced, World, served

from app.accounts.connect import IDLE, RELINK_NEEDED
from app.accounts.tables import linked_account
from app.audit.tables import audit_event
from app.calls.log import CallLog
from app.common.models import COLLECTIONS
from app.common.times import now
from app.console.accounts import SOME
from app.console.lists import SIZE
from app.console.visits import COOKIE
from app.console.webhooks import shown_target
from app.issues import store
from app.issues.tables import issue
from app.jobs import job_table
from app.sync import state
from app.sync.tables import resource_state
from app.webhooks.outbox import announce
from app.webhooks.tables import vendor_delivery, webhook_delivery, webhook_endpoint
from providers.kit import Call
from providers.registry import PROVIDERS
from sandboxes import CREDENTIALS

MARKUP = "<script>alert('x')</script>&\"'"
DAY = 86_400_000_000


@pytest.fixture
def insider(synced: Synced) -> Visitor:
    """Anna, where accounts have been read."""
    visitor = Visitor(synced.world)
    visitor.sign_in("Anna", new_operator(synced.world, "Anna"))
    return visitor


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    made = Subscriber()
    with served(made) as url:
        made.url = f"{url}/hooks?token=planted-target-token"
        yield made


@pytest.fixture
def private_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMNIATS_ALLOW_PRIVATE_TARGETS", "true")


def change(world: World, account: Account, **values: object) -> None:
    with world.service.engine.begin() as connection:
        connection.execute(update(linked_account).where(linked_account.c.id == account.id).values(**values))


def trouble(world: World, account: Account | None, subject: str, label: str, *details: str) -> str:
    with world.service.jobs.begin() as connection:
        store.report(connection, account and account.id, subject, label, *details)
        return str(connection.scalar(select(issue.c.id).where(issue.c.subject == subject)))


def subscribe(world: World, target: str) -> str:
    made = world.http.post("/webhooks", json={"target": target, "events": ["Issue.*"]})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def rows_of(page: str) -> list[str]:
    """The table rows of a page, as text."""
    body = re.sub(r"<thead>.*?</thead>", "", page, flags=re.DOTALL)
    rows = re.findall(r"<tr[ >].*?</tr>", body, flags=re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]


def row_of(page: str, text: str) -> str:
    return next(row for row in rows_of(page) if text in row)


# ---- accounts


def test_accounts(synced: Synced, insider: Visitor) -> None:
    world = synced.world
    change(world, synced.v1, end_user_organization_name="Well & Co", end_user_origin_id="well-1")
    change(world, synced.v3, end_user_organization_name="Refused", status=RELINK_NEEDED)
    change(world, synced.other, end_user_organization_name="Idle", status=IDLE, account_type="TEST")
    for subject in ("credentials", "resource:jobs"):
        trouble(world, synced.v3, subject, "Invalid login credentials")
    page = insider.page("/console")
    assert [row.split()[0] for row in rows_of(page)] == ["Idle", "Refused", "Well"]  # the newest first
    assert re.search(r"^Well &amp; Co well-1 Greenhouse linked well \d+ (s|min) ago 0$", row_of(page, "Well"))
    assert re.search(r"link again must be linked again .* 2$", row_of(page, "Refused"))
    assert "Idle test" in row_of(page, "Idle")
    for text in ("3 in all", "1 link again", "1 rests", "1 linked"):
        assert text in page


def test_search_and_filters(synced: Synced, insider: Visitor) -> None:
    world = synced.world
    change(world, synced.v1, end_user_organization_name="Alpha 100%", end_user_origin_id="a_1")
    change(world, synced.v3, end_user_organization_name="Beta", status=RELINK_NEEDED)
    change(world, synced.other, end_user_organization_name="Gamma", end_user_email_address="g@gamma.example")
    trouble(world, synced.other, "credentials", "Invalid login credentials")

    def found(query: str) -> list[str]:
        return sorted(row.split()[0] for row in rows_of(insider.page(f"/console?{query}")))

    assert found("q=alPHA") == ["Alpha"]
    assert found("q=%25") == ["Alpha"], "what stands for any text is looked for as it is"
    assert found("q=a_1") == ["Alpha"]
    assert found("q=g@gamma") == ["Gamma"]
    assert found(f"q={synced.v3.id}") == ["Beta"]
    assert found("q=nobody") == []
    assert found("status=RELINK_NEEDED") == ["Beta"]
    assert found("status=nonsense") == ["Alpha", "Beta", "Gamma"]
    assert found("integration=greenhouse") == ["Alpha", "Beta", "Gamma"]
    assert found("integration=%00") == []
    assert found("issues=open") == ["Gamma"]
    assert found("q=%00a&issues=open") == ["Gamma"]
    assert "No account is like that." in insider.page("/console?q=nobody")


def test_pages_keep_the_filters(world: World, anna: Visitor) -> None:
    template = world.link("v1", sync=False)
    with world.service.engine.begin() as connection:
        row = connection.execute(select(linked_account).where(linked_account.c.id == template.id)).one()
        connection.execute(
            insert(linked_account),
            [
                row._asdict()
                | {
                    "id": f"00000000-0000-4000-8000-{number:012}",
                    "token_hash": bytes([number]) * 32,
                    "webhook_secret": f"secret {number}",
                    "end_user_origin_id": f"many {number}",
                    "created_at": row.created_at + number,
                }
                for number in range(SIZE * 2)
            ],
        )
    seen: list[str] = []
    place, back = "/console?q=many", ""
    while True:
        page = anna.page(place)
        seen += re.findall(r"many \d+", page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        if following is None:
            break
        back, place = place, following[1].replace("&amp;", "&")
    assert seen == [f"many {number}" for number in reversed(range(SIZE * 2))]
    previous = re.search(r'href="([^"]+)" rel="prev"', page)
    assert previous is not None
    assert rows_of(anna.page(previous[1].replace("&amp;", "&"))) == rows_of(anna.page(back))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": state.FAILED}, "1 of"),
        ({"status": state.DISABLED, "detail": "no permission"}, "lists closed to us"),
        ({"status": state.DISABLED, "detail": "disabled in the scopes"}, "well"),
        ({"fresh_as_of": None}, "first sync"),
        ({"fresh_as_of": 1}, "behind"),
    ],
)
def test_health(synced: Synced, insider: Visitor, values: dict[str, object], words: str) -> None:
    mine = resource_state.c.account_id == synced.v3.id
    with synced.world.service.engine.begin() as connection:
        one = connection.scalar(select(resource_state.c.resource).where(mine).limit(1))
        connection.execute(
            update(resource_state).where(mine, resource_state.c.resource == one).values(**values)
        )
    change(synced.world, synced.v3, end_user_organization_name="Looked-at")
    assert words in row_of(insider.page("/console"), "Looked-at")
    assert words in insider.page(f"/console/accounts/{synced.v3.id}")


def test_an_account_that_is_being_deleted_is_gone(synced: Synced, insider: Visitor) -> None:
    assert synced.v1.http.post("/delete-account").status_code == 200
    assert len(rows_of(insider.page("/console"))) == 2
    assert insider.get(f"/console/accounts/{synced.v1.id}").status_code == 404
    assert insider.get(f"/console/accounts/{synced.v1.id}/calls").status_code == 404


# ---- one account


def test_an_account(synced: Synced, insider: Visitor) -> None:
    world, account = synced.world, synced.v3
    trouble(world, account, "resource:jobs", "Missing permission", "jobs: The vendor says no.")
    trouble(world, synced.v1, "resource:x", "Vendor unavailable", "somebody else's trouble")
    with world.service.engine.begin() as connection:
        connection.execute(
            insert(vendor_delivery),
            [
                {"account_id": account.id, "stamp": now(), "mark": b"1", "content": b"sealed", "attempts": 3},
                {
                    "account_id": account.id,
                    "stamp": now() - DAY,
                    "mark": b"2",
                    "content": None,
                    "attempts": 0,
                },
            ],
        )
    account.http.post("/account-token/regenerate")
    page = insider.page(f"/console/accounts/{account.id}")
    models = {model.name for model in COLLECTIONS}
    assert {row.split()[0] for row in rows_of(page)} >= models - {"JobPosting"}
    interviews = row_of(page, "ScheduledInterview")
    assert re.search(r"ScheduledInterview done \d+ \d+ \w+ ago in \d+ [hm].* \w+ ago", interviews)
    assert "Missing permission" in page
    assert "Have the customer grant the permission" in page
    assert "jobs: The vendor says no." in page
    assert "somebody else" not in page
    assert "harvest.greenhouse.io/v3/" in page
    assert re.search(r"waits 3", row_of(page, "waits"))
    assert "1 d ago taken in 0" in row_of(page, "taken in")
    assert "Regenerated the account token" in page
    assert re.search(r"sync .* planned|sync .* waits", " ".join(rows_of(page)))


def test_a_sync_under_way(world: World, anna: Visitor) -> None:
    account = world.link("v3", sync=False)
    path = f"/console/accounts/{account.id}"
    page = anna.page(path)
    assert "0 of 16 models up to date" in page
    assert "first time" in row_of(page, "Candidate")
    assert "not yet" in page
    world.service.jobs.run_due()
    page = anna.page(path)
    assert "16 of 16 models up to date" in page
    assert f"Candidate done {len(account.list('/candidates'))} " in row_of(page, "Candidate ")


def test_reading_everything_again(synced: Synced, insider: Visitor) -> None:
    world = synced.world
    world.sandbox.controls.received.clear()
    path = f"/console/accounts/{synced.v3.id}"
    page = insider.press(path, "Read everything again").text
    assert "Everything is being read again." in page
    with world.service.reader.connect() as connection:
        deed = connection.execute(select(audit_event).order_by(audit_event.c.created_at.desc())).first()
    assert deed is not None
    assert (deed.event_type, deed.user_name, deed.role, deed.about, deed.ip_address) == (
        "FORCED_LINKED_ACCOUNT_RESYNC",
        "Anna",
        "ADMIN",
        synced.v3.id,
        "127.0.0.1",
    )
    assert not world.sent("GET", "/v3/candidates")
    world.service.jobs.run_due()
    assert world.sent("GET", "/v3/candidates")
    assert "Asked for a full synchronisation" in insider.page(path)


def test_credentials_that_cannot_be_decrypted(synced: Synced, insider: Visitor) -> None:
    change(synced.world, synced.v3, credentials=b"of another key")
    page = insider.page(f"/console/accounts/{synced.v3.id}")
    assert "The stored credentials cannot be decrypted" in page


def test_calls(synced: Synced, insider: Visitor) -> None:
    world, account = synced.world, synced.v1
    with CallLog(world.service.engine, 1000).of(account.id, ()) as tell:
        for number in range(SIZE + 5):
            tell(Call("GET", f"https://v.example/n/{number}", 200, 0))
        tell(Call("POST", "https://v.example/bad", 503, 0))
    path = f"/console/accounts/{account.id}/calls"
    assert len(rows_of(insider.page(path))) == SIZE
    (bad,) = [row for row in rows_of(insider.page(f"{path}?failed=1")) if "v.example" in row]
    assert "POST 503 0 v.example/bad" in bad
    assert len(rows_of(insider.page(f"/console/accounts/{account.id}"))) > SOME


# ---- issues


def test_issues(synced: Synced, insider: Visitor) -> None:
    world = synced.world
    change(world, synced.v1, end_user_organization_name="Acme")
    mine = trouble(world, synced.v1, "credentials", "Invalid login credentials", "Bearer abc12345 refused")
    trouble(world, None, "webhook:00000000-0000-4000-8000-0000000000aa", "Webhook disabled", "no answer")
    page = insider.page("/console/issues")
    assert "make a link token" in page
    assert 'href="/console/webhooks/00000000-0000-4000-8000-0000000000aa"' in page
    assert "abc12345" not in page
    assert f'href="/console/accounts/{synced.v1.id}">Acme</a>' in page
    token = insider.token("/console/issues")
    answer = insider.http.post(
        f"/console/issues/{mine}/resolve", data={"form_token": token, "back": "/console/issues"}
    )
    assert answer.headers["location"] == "/console/issues?done=resolved"
    assert "make a link token" not in insider.page("/console/issues")
    resolved = insider.page("/console/issues?status=RESOLVED")
    assert "Invalid login credentials" in resolved
    assert "Webhook disabled" not in resolved
    (deed,) = world.http.get("/audit-trail", params={"event_type": "RESOLVED_ISSUE"}).json()["results"]
    assert (deed["user_name"], deed["role"]) == ("Anna", "ADMIN")
    assert "Resolved the issue" in insider.page(f"/console/accounts/{synced.v1.id}")


# ---- webhooks


@pytest.mark.usefixtures("private_targets")
def test_replays_deliver_once_more(world: World, anna: Visitor, subscriber: Subscriber) -> None:
    endpoint = subscribe(world, subscriber.url)
    subscribe(world, "http://127.0.0.1:9/hooks")
    subscriber.answer = lambda _number, _id: 500
    for number in range(3):
        with world.service.jobs.begin() as connection:
            announce(connection, None, "Issue.new", {"number": number})
    world.service.jobs.run_due()
    with world.service.engine.begin() as connection:  # they are given up
        mine = webhook_delivery.c.endpoint_id == endpoint
        values = {"state": "FAILED", "next_attempt_at": None, "last_error": "HTTP 500"}
        connection.execute(update(webhook_delivery).where(mine).values(values))
        connection.execute(update(job_table).where(job_table.c.key == endpoint).values(hold_until=0))
        ids = list(connection.scalars(select(webhook_delivery.c.id).where(mine)))
    subscriber.answer = accept
    subscriber.received.clear()
    path = f"/console/webhooks/{endpoint}"
    assert re.search(r"Issue\.\* 0 3$", row_of(anna.page("/console/webhooks"), "?…"))
    assert len(rows_of(anna.page(path))) == 3
    assert "HTTP 500" in anna.page(path)

    one = f"{path}/deliveries/{ids[0]}/replay"
    answer = anna.http.post(one, data={"form_token": anna.token(path), "back": path})
    assert answer.headers["location"] == f"{path}?done=replay"
    assert len(rows_of(anna.page(f"{path}?state=PENDING"))) == 1
    world.service.jobs.run_due()
    assert [hook.id for hook in subscriber.accepted] == [ids[0]]

    assert "under way once more" in anna.press(path, "Replay all failed").text
    world.service.jobs.run_due()
    assert sorted(hook.id for hook in subscriber.accepted) == sorted(ids)
    assert len(rows_of(anna.page(f"{path}?state=DELIVERED"))) == 3
    assert "Replay all failed" not in anna.page(path)
    anna.press(path, "Replay")  # also of one that has arrived
    world.service.jobs.run_due()
    assert len(subscriber.accepted) == 4
    deeds = world.http.get("/audit-trail", params={"event_type": "REPLAYED_WEBHOOK"}).json()["results"]
    assert len(deeds) == 3


@pytest.mark.usefixtures("private_targets")
def test_a_delivery_is_replayed_to_its_own_webhook_only(world: World, anna: Visitor) -> None:
    ours, theirs = (subscribe(world, f"http://127.0.0.1:9/{name}") for name in ("ours", "theirs"))
    with world.service.jobs.begin() as connection:
        announce(connection, None, "Issue.new", {})
        mine = webhook_delivery.c.endpoint_id == ours
        one = connection.scalar(select(webhook_delivery.c.id).where(mine))
    assert anna.post(f"/console/webhooks/{theirs}/deliveries/{one}/replay").status_code == 404
    assert anna.post(f"/console/webhooks/{ours}/deliveries/{one}/replay").status_code == 303


@pytest.mark.usefixtures("private_targets")
def test_enabling_a_webhook_again(world: World, anna: Visitor, subscriber: Subscriber) -> None:
    endpoint = subscribe(world, subscriber.url)
    with world.service.engine.begin() as connection:
        connection.execute(update(webhook_endpoint).values(state="DISABLED", detail="It took nothing."))
    with world.service.jobs.begin() as connection:
        announce(connection, None, "Issue.new", {})
    world.service.jobs.run_due()
    page = anna.page("/console/webhooks")
    assert "It took nothing." in page
    assert "disabled" in row_of(page, "127.0.0.1")
    assert not subscriber.received
    assert "is active again" in anna.press(f"/console/webhooks/{endpoint}", "Enable again").text
    world.service.jobs.run_due()
    assert len(subscriber.accepted) == 1
    assert "Enabled the webhook" in anna.page("/console/trail")


def test_targets_are_shown_without_secrets() -> None:
    assert shown_target("https://u:p@h.example:8443/a/b?token=x#y") == "https://h.example:8443/a/b?…"
    assert shown_target("https://h.example") == "https://h.example"


# ---- jobs, providers, audit


def test_jobs(synced: Synced, insider: Visitor) -> None:
    page = insider.page("/console/jobs")
    assert "No job fails." in page
    assert "Nothing is due." in page
    values = {"failures": 4, "error": "ValueError('odd')", "due_at": 1.0, "hold_until": 9e9}
    with synced.world.service.engine.begin() as connection:
        mine = job_table.c.key == synced.v1.id
        connection.execute(update(job_table).where(mine, job_table.c.kind == "sync").values(values))
    failing, due = insider.page("/console/jobs").split('id="due-title"')
    (row,) = rows_of(failing)
    assert f"sync {synced.v1.id} held" in row
    assert "4 ValueError(&#39;odd&#39;)" in row
    assert f'href="/console/accounts/{synced.v1.id}"' in failing
    assert len(rows_of(due)) == 1


def test_providers(anna: Visitor) -> None:
    page = anna.page("/console/providers")
    for provider in PROVIDERS.values():
        assert f'<th scope="col">{provider.name}</th>' in page
    interviews = row_of(page, "ScheduledInterview")
    assert "●" in interviews
    for title in ("Reading", "Writing", "Fields of interviews"):
        assert f">{title}</h2>" in page


def test_the_trail(synced: Synced, insider: Visitor) -> None:
    synced.v1.http.post("/account-token/regenerate")
    page = insider.page("/console/trail")
    assert "Anna signed in." in rows_of(page)[1]
    assert "Regenerated the account token" in rows_of(page)[0]
    assert rows_of(page)[0].endswith("127.0.0.1")


# ---- all pages


def everywhere(world: World, account: Account, endpoint: str) -> list[str]:
    return [
        "/console",
        f"/console/accounts/{account.id}",
        f"/console/accounts/{account.id}/calls",
        "/console/issues",
        "/console/issues?status=RESOLVED",
        "/console/webhooks",
        f"/console/webhooks/{endpoint}",
        "/console/jobs",
        "/console/providers",
        "/console/trail",
    ]


@pytest.mark.usefixtures("private_targets")
def test_names_with_markup_are_text(synced: Synced, insider: Visitor) -> None:
    world, account = synced.world, synced.v3
    names = {f"end_user_{name}": MARKUP for name in ("organization_name", "origin_id", "email_address")}
    change(world, account, status_detail=MARKUP, **names)
    trouble(world, account, "resource:jobs", MARKUP, MARKUP)
    trouble(world, account, "resource:done", MARKUP, MARKUP)
    endpoint = subscribe(world, "http://127.0.0.1:9/")
    with world.service.jobs.begin() as connection:
        announce(connection, account.id, "Issue.new", {})
        store.close(connection, account.id, "resource:done")
        connection.execute(update(webhook_delivery).values(last_error=MARKUP))
        connection.execute(
            update(webhook_endpoint).values(detail=MARKUP, target=f"https://h.example/{MARKUP}")
        )
        connection.execute(update(job_table).values(failures=1, error=MARKUP, due_at=1.0))
        connection.execute(update(audit_event).values(description=MARKUP, user_name=MARKUP, about=account.id))
    with CallLog(world.service.engine, 1000).of(account.id, ()) as tell:
        tell(Call("GET", f"https://h.example/{MARKUP}", 200, 0))
    for path in everywhere(world, account, endpoint):
        page = insider.page(path)
        assert "alert(" not in page or "&lt;script&gt;alert(&#39;x&#39;)" in page
        assert "<script>" not in page, path
        assert page.count("<script ") == 1, path
    for path in everywhere(world, account, endpoint)[:6]:
        assert "&lt;script&gt;" in insider.page(path), path
    searched = insider.page('/console?q="><script>alert(1)</script>')
    assert "<script>" not in searched


@pytest.mark.usefixtures("private_targets")
def test_no_secret_is_in_any_page(synced: Synced, insider: Visitor, subscriber: Subscriber) -> None:
    world, account = synced.world, synced.v3
    endpoint = subscribe(world, subscriber.url)
    secret = CREDENTIALS["greenhouse"]["v3"]["client_secret"]
    synced.v3.http.post("/passthrough", json={"method": "GET", "path": f"/v3/jobs?key={secret}"})
    said = "client_secret=planted-detail, Authorization: Bearer planted0detail"
    trouble(world, account, "resource:jobs", "Unexpected answer", said)
    with world.service.engine.begin() as connection:
        row = connection.execute(select(linked_account).where(linked_account.c.id == account.id)).one()
        hook = connection.execute(select(webhook_endpoint)).one()
        connection.execute(
            insert(vendor_delivery).values(
                account_id=account.id, stamp=now(), mark=b"1", content=b"planted-content", attempts=0
            )
        )
    with world.service.jobs.begin() as connection:
        announce(connection, account.id, "Issue.new", {"planted": "planted-data"})
    planted = [
        secret,
        CREDENTIALS["greenhouse"]["v1"]["api_key"],
        account.token,
        world.key,
        row.webhook_secret,
        row.token_sealed.decode(),
        row.credentials.decode(),
        hook.id + "x",
        insider.http.cookies[COOKIE],
        "planted-",
        "planted0detail",
    ]
    for path in everywhere(world, account, endpoint):
        page = insider.page(path)
        assert [one for one in planted if one in page] == [], path


@pytest.mark.usefixtures("private_targets")
def test_a_page_costs_the_same_however_many_rows_it_has(synced: Synced, insider: Visitor) -> None:
    """No query for each row."""
    world = synced.world
    endpoint = subscribe(world, "http://127.0.0.1:9/")
    counted: list[str] = []

    @event.listens_for(world.service.engine, "before_cursor_execute")
    def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
        counted.append(statement)

    def cost(path: str) -> int:
        counted.clear()
        insider.page(path)
        return len([statement for statement in counted if statement.startswith("SELECT")])

    paths = everywhere(world, synced.v1, endpoint)
    before = {path: cost(path) for path in paths}
    for number in range(12):
        for account in (synced.v1, synced.v3, synced.other):
            trouble(world, account, f"resource:{number}", "Unexpected answer", "odd")
        with world.service.jobs.begin() as connection:
            announce(connection, synced.v3.id, "Issue.new", {})
    world.link("v1", sync=False)
    subscribe(world, "http://127.0.0.1:9/more")
    assert {path: cost(path) for path in paths} == before
    assert max(before.values()) < 25


def test_what_a_page_says_was_done_is_one_of_ours(anna: Visitor) -> None:
    assert "hacked" not in anna.page("/console?done=hacked")
