"""What the packages declare for the shell, each in its own `navigation.py`, as plain values (nothing imports web).

    ENTRIES = ({"label": "收件箱", "url": "cases:desk", "roles": ("dispatcher",), "icon": "inbox", "order": 10},)
    PUBLIC = ({"label": "我要吹哨", "url": "cases:whistle-here", "text": "一分钟说清…", "icon": "speakerphone", "order": 10},)
    def unread_count(actor) -> int: ...
    def worker_seen_at() -> datetime | None: ...
    def open_without_post(actor, on: date) -> tuple[str, ...]: ...

`open_without_post` names lines for somebody who holds no post. `roles` empty or absent means all staff; `group` (absent: 工作) is the heading under which an entry stands; after `g` its `key` leads there.
Each function may be declared by one package; one query each.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.urls import NoReverseMatch, get_urlconf, reverse


class Entry(NamedTuple):
    """One line of the navigation, or one way in from the landing page."""

    label: str
    url: str
    icon: str
    order: int
    roles: frozenset[str] = frozenset()
    group: str = "工作"
    text: str = ""
    key: str = ""  # the letter that after g leads there

    def address(self) -> str:
        return _address(self.url, get_urlconf())

    def open_to(self, roles: Iterable[str]) -> bool:
        return not self.roles or not self.roles.isdisjoint(roles)


@cache
def _address(name: str, urlconf: str | None) -> str:
    """Looked up once: each page of staff draws all lines that are open to them."""
    return reverse(name, urlconf)


class Twice(Exception):
    """Two packages declare what there can be but one of: an address in the navigation, or a function of the shell."""


@cache
def declarations() -> tuple[ModuleType, ...]:
    """Return the `navigation` modules of our installed packages, in their order of installation."""
    ours = [config.name for config in apps.get_app_configs() if config.name.startswith("lianshang.")]
    names = [f"{name}.navigation" for name in ours if name != "lianshang.web"]
    return tuple(import_module(name) for name in names if find_spec(name))


def read(declared: Iterable[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """Return the declared lines in their order. Raises `Twice` where two lead to the same place."""
    entries = sorted(
        (Entry(**{**line, "roles": frozenset(line.get("roles", ()))}) for line in declared),
        key=lambda entry: (entry.order, entry.label),
    )
    urls = [entry.url for entry in entries]
    if repeated := sorted({url for url in urls if urls.count(url) > 1}):
        raise Twice(", ".join(repeated))
    return tuple(entries)


@cache
def entries() -> tuple[Entry, ...]:
    return read(line for module in declarations() for line in getattr(module, "ENTRIES", ()))


@cache
def public() -> tuple[Entry, ...]:
    return read(line for module in declarations() for line in getattr(module, "PUBLIC", ()))


@cache
def function(name: str) -> Callable[..., Any] | None:
    """Return the one function of that name among the declarations, or None. Raises `Twice`."""
    found = [getattr(module, name) for module in declarations() if hasattr(module, name)]
    if len(found) > 1:
        raise Twice(name)
    return found[0] if found else None


def check_entries(app_configs: object, **_: object) -> list[CheckMessage]:
    """Refuse to start with a navigation that leads nowhere."""
    faults: list[CheckMessage] = []
    for entry in (*entries(), *public()):
        try:
            entry.address()
        except NoReverseMatch as reason:
            faults.append(Error(f"导航“{entry.label}”没有去处：{reason}", id="web.E001"))
    return faults
