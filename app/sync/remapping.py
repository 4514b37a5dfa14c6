"""Making records anew from the rows that are kept, when what is set about them has changed: the job
`("remap", account id)`. It asks the vendor nothing.
"""

from typing import Any

import orjson
from sqlalchemy import Connection, Row, select

from app.accounts.clock import AccountGone
from app.accounts.connect import Connector
from app.common.fields import Model
from app.common.models import ALL
from app.database import reading, upsert_into
from app.jobs import Job, Jobs, fence, remove
from app.sync.mapping import taking_in
from app.sync.tables import remapping
from app.sync.terms import Terms
from providers.kit import Api

KIND = "remap"
ROWS = 200  # in one transaction
BEGINNING = (0, "")


class Remapping:
    """Runs the job.

    Args:
        jobs: the job engine; registers the handler there.
        connector: knows the API of an account.
    """

    def __init__(self, jobs: Jobs, connector: Connector) -> None:
        self._jobs = jobs
        self._connector = connector
        jobs.handler(KIND)(self.run)

    def run(self, job: Job) -> None:
        """Map the kept rows of every model whose settings have changed."""
        try:
            api = self._connector.api(job.key)
            with reading(self._jobs.engine).connect() as connection:
                models = unmapped(connection, job.key, api)
            for model in models:
                while self._some(job, api, model):
                    self._jobs.turn(job)
        except AccountGone:
            with self._jobs.begin() as connection:
                remove(connection, KIND, job.key)  # asked for while the account was being deleted

    def _some(self, job: Job, api: Api, model: Model) -> bool:
        """Map some rows of a model; says whether there are more."""
        mappings = [mapping for mapping in api.mappings if mapping.model == model.name]
        with self._jobs.begin() as connection:
            fence(connection, job)
            with taking_in(connection, job.key, api) as intake:
                digest = intake.terms.digest(model)
                # A change of the settings in mid-way begins anew: the digest is this transaction's.
                done, key = _position(_states(connection, job.key).get(model.name), digest, len(mappings))
                rows = intake.rows.after(mappings[done].root, key, ROWS)
                intake.map_again(mappings[done], rows)
            following = (done, list(rows)[-1]) if len(rows) == ROWS else (done + 1, "")
            more = intake.terms.restrictions.readable(model) and following[0] < len(mappings)
            _save(connection, job.key, model, digest, following if more else None)
        return more


def unmapped(connection: Connection, account_id: str, api: Api) -> list[Model]:
    """The models with rows that have not been mapped by the present settings."""
    terms = Terms.of(connection, account_id)
    states = _states(connection, account_id)
    served = {mapping.model for mapping in api.mappings}
    models = [model for model in ALL if model.name in served]
    return [model for model in models if _is_behind(states.get(model.name), terms, model)]


def _is_behind(state: Row[Any] | None, terms: Terms, model: Model) -> bool:
    if state is None:
        return terms.digest(model) != ""
    return bool(state.position is not None or state.digest != terms.digest(model))


def _states(connection: Connection, account_id: str) -> dict[str, Row[Any]]:
    query = select(remapping).where(remapping.c.account_id == account_id)
    return {row.model: row for row in connection.execute(query)}


def _position(state: Row[Any] | None, digest: str, count: int) -> tuple[int, str]:
    if state is None or state.position is None or state.digest != digest:
        return BEGINNING
    done, key = orjson.loads(state.position)
    return (done, key) if done < count else BEGINNING  # of another generation of the vendor's API


def _save(
    connection: Connection, account_id: str, model: Model, digest: str, position: tuple[int, str] | None
) -> None:
    statement = upsert_into(connection, remapping).values(
        account_id=account_id,
        model=model.name,
        digest=digest,
        position=orjson.dumps(position).decode() if position else None,
    )
    changed = {name: statement.excluded[name] for name in ("digest", "position")}
    connection.execute(statement.on_conflict_do_update(index_elements=["account_id", "model"], set_=changed))
