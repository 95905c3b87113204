"""Fills a page's form in as a person would who has no wishes of their own: the maker of valid bodies for most actions."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

WORDS = "灯具已订货，周五到货，当天换好。"
DAY = "2026-11-06"  # a Friday after the day that the world stands still on
TYPED = {"text", "textarea", "date", "number", "tel", "time", "email", "search", "url"}
SILENT = {"submit", "button", "file", "image", "reset"}


@dataclass
class Field:
    name: str
    kind: str  # the input's type, or the tag
    value: str = ""
    chosen: bool = False
    options: list[tuple[str, bool]] = field(default_factory=list)


@dataclass
class Form:
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._inside = self._text = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(told.get("action", ""), told.get("method", "get").lower()))
            self._inside = True
        elif self._inside and tag in ("input", "textarea", "select") and told.get("name"):
            kind = told.get("type", "text") if tag == "input" else tag
            told.setdefault("value", "on" if kind == "checkbox" else "")
            chosen = any(name == "checked" for name, _ in attrs)
            self._text = tag == "textarea"
            self.forms[-1].fields.append(Field(told["name"], kind, told.get("value", ""), chosen))
        elif self._inside and tag == "option" and self.forms[-1].fields:
            chosen = any(name == "selected" for name, _ in attrs)
            self.forms[-1].fields[-1].options.append((told.get("value", ""), chosen))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        self._text = self._text and tag != "textarea"

    def handle_data(self, data: str) -> None:
        if self._text and self._inside:
            self.forms[-1].fields[-1].value += data


def forms(page: str) -> list[Form]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def form_for(page: str, here: str, path: str) -> Form:
    """Return the page's form that is sent to `path`; raises LookupError where it has none, or several."""
    to = urlsplit(path).path
    meant = [one for one in forms(page) if one.method == "post" and urlsplit(urljoin(here, one.action)).path == to]
    if not meant:
        raise LookupError(f"the page {here} has no form that is sent to {to}")
    return max(meant, key=lambda one: len(one.fields))


def filled(form: Form, *, as_it_stands: bool = False) -> dict[str, list[str]]:
    """Return what the form would send; what is empty is filled in unless it is to be sent as it stands."""
    body: dict[str, list[str]] = {}
    for one in form.fields:
        for value in [one.value] if as_it_stands and one.kind in TYPED else _answer(one):
            body.setdefault(one.name, []).append(value)
    for one in (one for one in form.fields if one.kind == "radio" and one.name not in body):
        body[one.name] = [one.value]
    return body


def _answer(one: Field) -> list[str]:
    if one.kind in SILENT or one.name == "csrfmiddlewaretoken":
        return []
    if one.kind in ("radio", "checkbox"):
        return [one.value] if one.chosen else []
    if one.kind == "select":
        picked = [value for value, chosen in one.options if chosen and value]
        return picked or [value for value, _ in one.options if value][:1]
    if one.kind == "textarea":
        return [one.value.strip() or WORDS]
    return [one.value or {"text": WORDS[:10], "date": DAY, "number": "1", "tel": "13800001234"}.get(one.kind, "")]
