"""What callers have set about how an account's records are made."""

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from app.accounts.clock import AccountGone
from app.accounts.tables import linked_account
from app.common.fields import Model
from app.common.models import MODELS
from app.fields.mappings import FieldMappings, Remote, mappings_of
from app.records.drafts import Draft, draft
from app.scopes.restrictions import Restrictions, load
from app.sync.conditions import Condition, conditions_of
from providers.kit import Api, ChildResource, ListResource


@dataclass(frozen=True)
class Terms:
    """The settings of one linked account that mapping looks at.

    Attributes:
        account_id: the linked account.
        restrictions: what its scopes take away.
        fields: the mappings of callers' own fields.
        conditions: what records must meet to be stored, by model.
    """

    account_id: str
    restrictions: Restrictions
    fields: FieldMappings
    conditions: dict[str, list[Condition]]

    @staticmethod
    def of(connection: Connection, account_id: str) -> "Terms":
        """The settings as they are now.

        Raises:
            AccountGone: the account is no longer there.
        """
        columns = (linked_account.c.restrictions, linked_account.c.integration)
        account = connection.execute(select(*columns).where(linked_account.c.id == account_id)).first()
        if account is None:
            raise AccountGone(account_id)
        fields = mappings_of(connection, account_id, account.integration)
        conditions = conditions_of(connection, account_id)
        return Terms(account_id, load(account.restrictions), fields, conditions)

    def digest(self, model: Model) -> str:
        """Changes when records of a model would be made in another way. Empty while nothing is set."""
        if not self.restrictions.readable(model):
            return "off"
        settings = [sorted(self.restrictions.withheld_of(model)), self.fields.settings(model.name)]
        return hashlib.blake2b(orjson.dumps(settings), digest_size=16).hexdigest() if any(settings) else ""

    def targets(self, model: Model, remote: Remote, remote_id: str) -> dict[str, Any] | None:
        """The `field_mappings` of a record made of these vendor rows."""
        if not model.has_supplements or "field_mappings" in self.restrictions.withheld_of(model):
            return None
        return self.fields.targets(model.name, remote, remote_id)

    def draft(self, model: Model, record: dict[str, Any]) -> Draft:
        """A provider's record on its way into the store.

        What is withheld is left out here too, though readers leave it out by themselves: so a record is
        changed, for whoever asks what has changed, when a field of it is switched off or on.

        Raises:
            BadRecord: it does not fit the common model.
        """
        withheld = self.restrictions.withheld_of(model)
        whole = draft(self.account_id, model, record)
        shown = {name: value for name, value in record.items() if name not in withheld}
        made = draft(self.account_id, model, shown) if withheld else whole
        made.admitted = all(one.admits(whole.values) for one in self.conditions.get(model.name, ()))
        return made


def needed_resources(api: Api, restrictions: Restrictions) -> set[str]:
    """The resources that readable models are made of, and those they are listed by."""
    names: set[str] = set()
    for mapping in api.mappings:
        if restrictions.readable(MODELS[mapping.model]):
            names |= {mapping.root, *(join.resource for join in mapping.joins)}
    waiting = list(names)
    while waiting:
        parents = _parents(api.resource(waiting.pop())) - names
        names |= parents
        waiting += parents
    return names


def _parents(resource: ListResource | ChildResource) -> set[str]:
    listed_by = resource if isinstance(resource, ChildResource) else resource.fallback
    return {listed_by.parent} if listed_by else set()
