"""Pages as somebody without a browser has them: the text that is read, and forms filled in by their own fields and sent."""

import html
import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

Fields = dict[str, list[str]]


class _Forms(HTMLParser):
    """Collects each form: where it goes, what it would send untouched, and every name and value that it offers."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, Any]] = []
        self.form: dict[str, Any] | None = None
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = {"action": told.get("action", ""), "sent": {}, "offers": {}}
            self.found.append(self.form)
        elif self.form is not None and tag in ("input", "button"):
            self._field(tag, told)
        elif self.form is not None and tag == "textarea":
            self.area = told["name"]
            self._offer(self.area, "", sent=True)
        elif self.form is not None and tag == "select":
            self.select = told["name"]
            self._offer(self.select, "", sent=False)
        elif self.form is not None and tag == "option" and self.select:
            self._offer(self.select, told.get("value", ""), sent="selected" in told)

    def _field(self, tag: str, told: dict[str, str]) -> None:
        if "name" not in told:
            return
        kind = told.get("type", "text" if tag == "input" else "submit")
        ticked = kind not in ("checkbox", "radio", "submit", "file") or "checked" in told
        self._offer(told["name"], told.get("value", "on" if kind == "checkbox" else ""), sent=ticked)

    def _offer(self, name: str, value: str, *, sent: bool) -> None:
        self.form["offers"].setdefault(name, []).append(value)
        if sent:
            self.form["sent"].setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        if self.area and self.form:
            self.form["sent"][self.area][-1] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.form = None


def text(page: HttpResponse) -> str:
    """Return what is read on the page, without its markup."""
    body = page.content.decode().partition("<body")[2].partition(">")[2]
    return re.sub(
        r"\s+", " ", html.unescape(re.sub(r"<script.*?</script>|<[^>]+>", " ", body, flags=re.DOTALL))
    ).strip()


def form(page: HttpResponse, action: str) -> dict[str, Any]:
    """Return the page's form that is sent to that address."""
    reader = _Forms()
    reader.feed(page.content.decode())
    found = [one for one in reader.found if action in (one["action"], one["action"].partition("?")[0])]
    assert found, f"no form to {action} among {[one['action'] for one in reader.found]}: {text(page)[:200]}"
    return found[0]


def fill(page: HttpResponse, action: str, **answers: Any) -> Fields:
    """Return what a person would send: the form as it stands with these answers, each of which it must ask for."""
    asked = form(page, action)
    for name, given in answers.items():
        assert name in asked["offers"], f"the form asks for {sorted(asked['offers'])}, not for {name}"
        asked["sent"][name] = [str(one) for one in given] if isinstance(given, (list, tuple)) else [str(given)]
    return asked["sent"]


def send(client: Client, address: str, **answers: Any) -> HttpResponse:
    """Open the page, fill in the form that leads back to it, and send it."""
    page = client.get(address)
    assert page.status_code == 200, f"{address}: {page.status_code} {text(page)[:200]}"
    return client.post(address, fill(page, address, **answers))
