"""A browser without scripts that visits the console."""

import re
from html import unescape

import httpx
from world import World

from app.console import operators

TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')


def new_operator(world: World, name: str) -> str:
    """Make an operator; gives the password."""
    with world.service.engine.begin() as connection:
        return operators.create(connection, name)


class Visitor:
    """Somebody with a browser, signed in or not."""

    def __init__(self, world: World) -> None:
        self.http = httpx.Client(base_url=world.url, timeout=60)

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def page(self, path: str) -> str:
        """A page's text, as it is written in its source."""
        answer = self.http.get(path)
        assert answer.status_code == 200, (answer.status_code, answer.headers.get("location"))
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return answer.text

    def token(self, path: str) -> str:
        """What the forms of a page hold."""
        found = TOKEN.search(self.page(path))
        assert found is not None
        return found[1]

    def post(self, path: str, *, of: str = "/console", **fields: str) -> httpx.Response:
        """Send a form that was on the page `of`."""
        return self.http.post(path, data={"form_token": self.token(of), "back": of} | fields)

    def sign_in(self, name: str, password: str, **fields: str) -> httpx.Response:
        return self.post("/console/login", of="/console/login", name=name, password=password, **fields)

    def press(self, path: str, label: str) -> httpx.Response:
        """Press a button of a page; gives the page it ends at."""
        page = self.page(path)
        form = re.compile(
            r'<form method="post" action="([^"]+)">\s*'
            r'<input type="hidden" name="form_token" value="(\w+)">\s*'
            r'<input type="hidden" name="back" value="([^"]+)">\s*<button class="deed">([^<]+)'
        )
        (action, token, back) = next(m.groups()[:3] for m in form.finditer(page) if m[4] == label)
        answer = self.http.post(unescape(action), data={"form_token": token, "back": unescape(back)})
        assert answer.status_code == 303, answer.text
        return self.http.get(answer.headers["location"])
