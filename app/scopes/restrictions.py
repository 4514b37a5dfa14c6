"""What scopes take away from one linked account. The usual account has nothing taken away."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache

import orjson

from app.common.fields import Model
from app.common.models import COLLECTIONS, MODELS
from providers.kit import Api

SUPPLEMENTS = ("field_mappings", "remote_data")


def scoped_fields(model: Model) -> tuple[str, ...]:
    """The keys of a model's records that scopes can switch off."""
    return (*(f.name for f in model.rendered), *SUPPLEMENTS)


def _governing(model: Model) -> Model:
    """The model whose scope decides: one without a collection of its own goes with what it is part of."""
    return model if model.path else _governing(MODELS[model.relations[0].target])


_GOVERNING = {name: _governing(model).name for name, model in MODELS.items()}


@dataclass(frozen=True)
class Restrictions:
    """What an account's scopes take away.

    Attributes:
        unreadable: models that are neither read from the vendor nor shown.
        unwritable: models that are not written; every unreadable one is among them.
        withheld: the keys of a model's records that show nothing, by model.
        hidden_paths: the vendor's paths whose rows hold what is switched off: such a row may belong to a
            record of another model too, whose raw data then leave it out.
    """

    unreadable: frozenset[str] = frozenset()
    unwritable: frozenset[str] = frozenset()
    withheld: Mapping[str, frozenset[str]] = field(default_factory=dict)
    hidden_paths: frozenset[str] = frozenset()

    def readable(self, model: Model) -> bool:
        """Whether records of a model are synchronised and shown."""
        return _GOVERNING[model.name] not in self.unreadable

    def writable(self, model: Model) -> bool:
        """Whether records of a model may be written."""
        return _GOVERNING[model.name] not in self.unwritable

    def withheld_of(self, model: Model) -> frozenset[str]:
        """The keys of a model's records that show nothing.

        The vendor's own record holds every field: when one field is withheld, so is the raw data.
        """
        return self.withheld.get(model.name, frozenset())

    def dump(self) -> str | None:
        """As stored beside the account; None when nothing is taken away."""
        if not (self.unreadable or self.unwritable or self.withheld):
            return None
        content = {
            "unreadable": sorted(self.unreadable),
            "unwritable": sorted(self.unwritable),
            "withheld": {name: sorted(fields) for name, fields in sorted(self.withheld.items())},
            "hidden_paths": sorted(self.hidden_paths),
        }
        return orjson.dumps(content).decode()


@lru_cache(maxsize=1_000)  # every request of a restricted account asks
def load(text: str | None) -> Restrictions:
    """From what is stored beside the account."""
    if text is None:
        return Restrictions()
    content = orjson.loads(text)
    return Restrictions(
        frozenset(content["unreadable"]),
        frozenset(content["unwritable"]),
        {name: frozenset(fields) for name, fields in content["withheld"].items()},
        frozenset(content["hidden_paths"]),
    )


def restrictions_by(scopes: Mapping[str, Mapping[str, bool]], apis: Iterable[Api]) -> Restrictions:
    """What effective scopes take away.

    Args:
        scopes: by model, for `READ`, `WRITE` and every key of its records whether it is enabled; what is
            not named is.
        apis: the generations of the vendor's API.
    """
    off = {name: {what for what, enabled in scope.items() if not enabled} for name, scope in scopes.items()}
    unreadable = {name for name, what in off.items() if "READ" in what}
    withheld = {}
    for model in COLLECTIONS:
        fields = off.get(model.name, set()) & set(scoped_fields(model))
        if fields:
            withheld[model.name] = frozenset(fields | {"remote_data"})
    return Restrictions(
        frozenset(unreadable),
        frozenset(unreadable | {name for name, what in off.items() if "WRITE" in what}),
        withheld,
        frozenset(path for api in apis for path in _paths(api, unreadable | withheld.keys())),
    )


def _paths(api: Api, models: Set[str]) -> Iterator[str]:
    """Where the records of these models come from."""
    for mapping in api.mappings:
        if _GOVERNING[mapping.model] in models:
            yield api.resource(mapping.root).path
            yield from (api.resource(join.resource).path for join in mapping.joins if join.belongs)
