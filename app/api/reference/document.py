"""The specification, put together."""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic.json_schema import models_json_schema

from app.api.callers import AccountRoute, CallerRoute
from app.api.reference import answers, parameters
from app.common.models import ALL, COLLECTIONS
from app.common.schema import EXTENSION, Schema, record_schemas

BEYOND = "*Beyond the reference API.*"
CHANGING = ("post", "patch", "delete")
TITLE = "omniats"
DESCRIPTION = """\
One API over every applicant tracking system, interchangeable with Merge's ATS API.

Every request carries an API key (`Authorization: Bearer ...`); a request about one linked account's data also
carries that account's token (`X-Account-Token: ...`). Times are ISO 8601 in UTC. Lists answer page by page:
`next` of a page is the `cursor` of the following one.

Operations and fields marked `x-omniats-extension` are not part of the reference API; they add to it and
change nothing of it.
"""
SECURITY: dict[str, Schema] = {
    "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key: who is calling."},
    "accountToken": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Account-Token",
        "description": "The token of a linked account: whose data the request is about.",
    },
}
PATH = {
    "id": "Its id.",
    "async_passthrough_receipt_id": "The receipt.",
    "delivery_id": "The id of the delivery.",
    "field_mapping_id": "The id of the mapping.",
    "job_id": "The id of the job.",
    "model_id": "The id of the candidate.",
    "public_token": "The token that linking ended with.",
    "task_id": "The `task_id` that the write was answered with.",
    "secret": "The secret part of the account's `webhook_listener_url`.",
}
TAGS = {
    "Organization": "What belongs to you as a whole: API keys, and the trail of what was done.",
    "Issues": "What went wrong at vendors and waits for somebody.",
    "Linked accounts": "The accounts of your customers that have been linked, and how they are linked.",
    "Field mappings": "Fields of your own on common models, filled from the vendor's.",
    "Scopes": "Which models and fields are synchronised, shown and written.",
    "Synchronisation": "How fresh the records are, and reading them anew.",
    "Asynchronous writes": "Writes that are carried out after they have been answered.",
    "Passthrough": "Requests of your own to the vendor, with the account's authentication.",
    "Webhook receivers": "What vendors deliver here when something changes.",
    "Linking": "Having your customers link their accounts themselves, on a page of this server.",
    "Changes": "Every change of an account's records, to be followed.",
    "Vendor calls": "What was asked of the vendor, and what came of it.",
    "Webhooks": "Where you are told of events, and what was delivered.",
    "Operation": "For whoever runs the service.",
}


def document(app: FastAPI) -> dict[str, Any]:
    """The specification of an app's API."""
    made = get_openapi(title=TITLE, version=app.version, description=DESCRIPTION, routes=app.routes)
    for method, operation, route in _operations(app, made):
        _complete(method, operation, route)
    components = _components()
    components["schemas"] |= made["components"]["schemas"]
    used = _used(components, made["paths"])
    made["components"] = {**used, "securitySchemes": SECURITY}
    _drop_titles(made["components"]["schemas"])
    tags = {tag for _, operation, _ in _operations(app, made) for tag in operation["tags"]}
    made["tags"] = [tag for tag in _tags() if tag["name"] in tags]
    return made


def _operations(app: FastAPI, made: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], APIRoute]]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and context.include_in_schema:
            for method in sorted(context.methods or ()):
                yield method.lower(), made["paths"][context.path_format][method.lower()], route


def _complete(method: str, operation: dict[str, Any], route: APIRoute) -> None:
    """Add what follows from the kind of a route."""
    responses = operation["responses"]
    responses.pop("422", None)  # the framework's own: `errors.py` answers 400 in its place
    for answer in responses.values():
        if "$ref" in answer:
            answer.pop("description")  # the framework's: the reference has its own
        elif answer["description"] == "Successful Response":  # the framework's too
            answer["description"] = "Done." if method in CHANGING else "What was asked for."
    operation["security"] = _security(route)
    for parameter in operation.get("parameters", ()):
        if parameter.get("in") == "path":
            parameter.setdefault("description", PATH.get(parameter["name"], ""))
            parameter["schema"] = {"type": "string"}
    found: list[str] = []
    if isinstance(route, CallerRoute):
        found += ["Unauthenticated", "Throttled", "Unavailable"]
        if method in CHANGING:
            found += ["BadRequest", "StillRunning", "TooLarge"]
            operation.setdefault("parameters", []).extend(parameters.shared(["Idempotency-Key"]))
    for status, answer in answers.errors(*found).items():
        responses.setdefault(str(status), answer)
    if operation.get(EXTENSION):
        operation["description"] = f"{operation.get('description', '')}\n\n{BEYOND}".strip()
    operation["responses"] = dict(sorted(responses.items()))


def _security(route: APIRoute) -> list[dict[str, list[str]]]:
    if isinstance(route, AccountRoute):
        return [{"apiKey": [], "accountToken": []}]
    return [{"apiKey": []}] if isinstance(route, CallerRoute) else []


def _components() -> dict[str, dict[str, Schema]]:
    """All there may be, of which the operations use some."""
    _, plain = models_json_schema(
        [(model, "serialization") for model in answers.PLAIN],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "schemas": {
            **plain["$defs"],
            **record_schemas(),
            **{f"Paginated{model.name}List": answers.page_schema(model) for model in ALL},
            **{f"{model.name}Response": answers.envelope_schema(model) for model in COLLECTIONS},
            "FieldProblems": answers.FIELD_PROBLEMS,
        },
        "responses": {name: answer for name, (_, answer) in answers.ERRORS.items()},
        "parameters": parameters.SHARED,
    }


def _used(components: dict[str, dict[str, Schema]], paths: Schema) -> dict[str, dict[str, Schema]]:
    """The components that the paths refer to, directly or through others."""
    used: dict[str, dict[str, Schema]] = {section: {} for section in components}
    found = list(_references(paths))
    while found:
        _, _, section, name = found.pop().split("/")
        if name not in used[section]:
            used[section][name] = components[section][name]
            found += _references(components[section][name])
    return {section: dict(sorted(of.items())) for section, of in used.items()}


def _drop_titles(node: Any) -> None:
    """Drop the titles that Pydantic makes of names: they say nothing more than the names."""
    if isinstance(node, dict):
        if isinstance(node.get("title"), str):
            del node["title"]
        for key, value in node.items():
            if key not in ("example", "examples"):
                _drop_titles(value)
    elif isinstance(node, list):
        for value in node:
            _drop_titles(value)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _tags() -> Iterable[Schema]:
    for model in COLLECTIONS:
        yield {"name": model.plural.capitalize(), "description": model.description}
    for name, description in TAGS.items():
        yield {"name": name, "description": description}
