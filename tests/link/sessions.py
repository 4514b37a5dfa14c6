"""Link tokens, as the tests of the link flow ask for them."""

import httpx
from world import Json, World

PERSON = {
    "end_user_email_address": "people@acme.example",
    "end_user_organization_name": "Acme & Söhne",
    "end_user_origin_id": "customer 1",
    "categories": ["ats"],
}


def ask(world: World, **fields: object) -> httpx.Response:
    return world.http.post("/link-token", json=PERSON | fields)


def link_token(world: World, **fields: object) -> Json:
    answer = ask(world, **fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def magic_link(world: World, **fields: object) -> str:
    return str(link_token(world, should_create_magic_link_url=True, **fields)["magic_link_url"])
