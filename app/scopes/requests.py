"""Scopes as callers write them, in both shapes of the reference."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.common.models import COLLECTIONS
from app.scopes.restrictions import scoped_fields

PERMISSIONS = ("READ", "WRITE")
Scopes = dict[str, dict[str, bool]]  # model → READ, WRITE or a key of its records → whether it is enabled
_MODELS = {model.name: model for model in COLLECTIONS}


class BadScope(ValueError):
    """A scope names what is not there, or is of the wrong form."""


def scopes_of(common_models: Iterable[Any]) -> Scopes:
    """Read the `common_models` of a request.

    Args:
        common_models: of `POST /linked-account-scopes`
            (`{"model_name", "model_permissions", "field_permissions"}`) or of a link token
            (`{"model_id", "enabled_actions", "disabled_fields"}`).

    Raises:
        BadScope: with what is wrong.
    """
    scopes: Scopes = {}
    for item in common_models:
        if not isinstance(item, Mapping):
            raise BadScope("Each entry is an object with a model_name.")
        name = _model_name(item.get("model_name") or item.get("model_id"))
        if name in scopes:
            raise BadScope(f"{name} is named twice.")
        scopes[name] = _of_link_token(name, item) if "model_id" in item else _of_body(name, item)
    return scopes


def _model_name(given: Any) -> str:
    name = str(given).removeprefix("ats.")
    if name not in _MODELS:
        raise BadScope(f"There is no common model {name[:60]!r}. Known: {', '.join(_MODELS)}.")
    return name


def _of_body(name: str, item: Mapping[str, Any]) -> dict[str, bool]:
    scope: dict[str, bool] = {}
    for permission, value in _object(name, item, "model_permissions").items():
        enabled = value.get("is_enabled") if isinstance(value, Mapping) else "?"
        if permission not in PERMISSIONS or not isinstance(enabled, bool | None):
            raise BadScope(f"{name}: a model permission is READ or WRITE, with is_enabled true or false.")
        if enabled is not None:
            scope[permission] = enabled
    fields = _object(name, item, "field_permissions")
    scope |= dict.fromkeys(_fields(name, fields.get("enabled_fields")), True)
    for field in _fields(name, fields.get("disabled_fields")):
        if field in scope:
            raise BadScope(f"{name}: {field} is both enabled and disabled.")
        scope[field] = False
    return scope


def _of_link_token(name: str, item: Mapping[str, Any]) -> dict[str, bool]:
    actions = item.get("enabled_actions")
    if not isinstance(actions, list) or not set(map(str, actions)) <= set(PERMISSIONS):
        raise BadScope(f"{name}: enabled_actions is a list of READ and WRITE.")
    scope = {permission: permission in actions for permission in PERMISSIONS}
    return scope | dict.fromkeys(_fields(name, item.get("disabled_fields")), False)


def _object(name: str, item: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = item.get(key) or {}
    if not isinstance(value, Mapping):
        raise BadScope(f"{name}: {key} is an object.")
    return value


def _fields(name: str, given: Any) -> list[str]:
    if not isinstance(given or [], list):
        raise BadScope(f"{name}: fields are given as a list.")
    known = scoped_fields(_MODELS[name])
    for field in given or []:
        if field not in known:
            raise BadScope(f"{name} has no field {str(field)[:60]!r} that scopes can switch.")
    return list(given or [])
