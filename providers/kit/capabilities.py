"""What an API can do, read off its declarations."""

import json
from enum import Enum
from pathlib import Path
from typing import Any

from providers.kit.actions import Action
from providers.kit.provider import Api, ListResource, Mapping

OPERATIONS = {"create": "CREATE", "update": "UPDATE", "delete": "DELETE", "change_stage": "CHANGE_STAGE"}


class Deletion(Enum):
    """How it becomes known that the vendor deleted a record of a model."""

    LIST = "list"  # a list of the vendor's names what is gone
    WEBHOOK = "webhook"
    COMPARISON = "comparison"  # a full pass does not show it any more


def filled_fields(module: str, api: str) -> dict[str, tuple[str, ...]]:
    """The common fields that an API's mappings fill, by model.

    Nobody types them: a mapping is a function, and what it fills is seen when it is given every sample of
    the vendor's records there is. What was seen is in `fields.json`, and a test sees that it still holds.

    Args:
        module: `__file__` of a module beside that file.
        api: the API's name.
    """
    known = json.loads(Path(module).with_name("fields.json").read_text())
    return {model: tuple(names) for model, names in known.get(api, {}).items()}


def operations(api: Api) -> list[dict[str, Any]]:
    """One entry a common model: the operations it has, what a create needs, and which fields are filled."""
    found: list[dict[str, Any]] = []
    for name in dict.fromkeys(mapping.model for mapping in api.mappings):
        actions = [action for action in api.actions if action.model == name]
        create = api.action(name, "create")
        found.append(
            {
                "model_name": name,
                "available_operations": ["FETCH", *(OPERATIONS.get(a.verb, a.verb.upper()) for a in actions)],
                "required_post_parameters": _required(create) if create else [],
                "supported_fields": list(api.fields.get(name, ())),
                "incremental": is_incremental(api, name),
            }
        )
    return found


def _required(create: Action) -> list[str]:
    return [*create.required, *(f"integration_params.{p.name}" for p in create.parameters if p.required)]


def is_incremental(api: Api, model: str) -> bool:
    """Whether a synchronisation reads only what changed of a model."""
    roots = [api.resource(mapping.root) for mapping in _mappings(api, model)]
    return all(not isinstance(root, ListResource) or root.incremental for root in roots)


def deletions(api: Api, model: str) -> set[Deletion]:
    """How deletions of a model's records become known, all the ways; none where records are kept for good."""
    roots = {mapping.root for mapping in _mappings(api, model) if not mapping.lasting}
    if not roots:
        return set()
    listed = {name for r in api.resources if isinstance(r, ListResource) for name in r.removes}
    told = set(api.webhooks.removes) if api.webhooks else set()
    ways = {Deletion.LIST: roots <= listed, Deletion.WEBHOOK: roots <= told, Deletion.COMPARISON: True}
    return {way for way, serves in ways.items() if serves}


def derived_fields(api: Api, model: str) -> set[str]:
    """The fields of a model that the vendor does not hold and a mapping concludes."""
    return {name for mapping in _mappings(api, model) for name in mapping.derived}


def _mappings(api: Api, model: str) -> list[Mapping]:
    return [mapping for mapping in api.mappings if mapping.model == model]
