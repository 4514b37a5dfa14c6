"""What an API can do, read off its declarations."""

from typing import Any

from providers.kit.provider import Api, ListResource

OPERATIONS = {"create": "CREATE", "update": "UPDATE", "delete": "DELETE", "change_stage": "CHANGE_STAGE"}


def operations(api: Api) -> list[dict[str, Any]]:
    """One entry a common model: the operations it has, and what a create needs."""
    found: list[dict[str, Any]] = []
    for name in dict.fromkeys(mapping.model for mapping in api.mappings):
        actions = [action for action in api.actions if action.model == name]
        create = api.action(name, "create")
        found.append(
            {
                "model_name": name,
                "available_operations": ["FETCH", *(OPERATIONS.get(a.verb, a.verb.upper()) for a in actions)],
                "required_post_parameters": list(create.required) if create else [],
                "incremental": is_incremental(api, name),
            }
        )
    return found


def is_incremental(api: Api, model: str) -> bool:
    """Whether a synchronisation reads only what changed of a model."""
    roots = [api.resource(mapping.root) for mapping in api.mappings if mapping.model == model]
    return all(not isinstance(root, ListResource) or root.incremental for root in roots)
