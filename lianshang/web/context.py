"""What surrounds a page, worked out only where a template asks for it: two queries at most."""

from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from lianshang.directory import keys
from lianshang.directory.models import Role
from lianshang.web import navigation

STALE = timedelta(minutes=2)


class Who(NamedTuple):
    """The signed-in member of staff, in words."""

    name: str
    unit: str
    roles: tuple[str, ...]
    park: str
    park_code: str
    is_demo: bool


class Link(NamedTuple):
    label: str
    url: str
    icon: str
    current: bool
    key: str = ""


class Group(NamedTuple):
    label: str
    links: list[Link]


def who_of(actor: Any) -> Who | None:
    """Return the staff behind `actor`; None for visitors, holders of a receipt, the system, and where there is no actor.

    The one place that looks into an actor for the shell.
    """
    if not actor or getattr(actor, "kind", "staff") != "staff":
        return None
    park = getattr(actor, "park", None)
    labels = dict(Role.choices)
    held = set(getattr(actor, "roles", ()))
    return Who(
        name=str(getattr(actor, "person", None) or ""),
        unit=str(getattr(actor, "unit", None) or ""),
        roles=tuple(label for role, label in labels.items() if role in held),
        park=str(park or ""),
        park_code=getattr(park, "code", ""),
        is_demo=bool(getattr(park, "is_demo", False)),
    )


class Shell:
    """Handed to every template as `shell`."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def actor(self) -> Any:
        return getattr(self.request, "actor", None)

    @cached_property
    def who(self) -> Who | None:
        return who_of(self.actor)

    @cached_property
    def groups(self) -> list[Group]:
        """The navigation open to this actor, under its headings."""
        if not self.who:
            return []
        groups: dict[str, list[Link]] = {}
        beyond = navigation.function("open_without_post") if not self.actor.roles else None
        own = beyond(self.actor, timezone.localdate()) if beyond else ()
        mine = [entry for entry in navigation.entries() if entry.open_to(self.actor.roles) or entry.url in own]
        addresses = [entry.address() for entry in mine]
        here = max((url for url in addresses if self.request.path.startswith(url)), key=len, default="")
        for entry, url in zip(mine, addresses, strict=True):
            groups.setdefault(entry.group, []).append(Link(entry.label, url, entry.icon, url == here, entry.key))
        return [Group(label, links) for label, links in groups.items()]

    @cached_property
    def menu(self) -> SafeString:
        """The groups as they stand in a page, which has them twice: at its side, and in the menu of a phone."""
        return _drawn(tuple((group.label, tuple(group.links)) for group in self.groups))

    @cached_property
    def desk_url(self) -> str:
        """Where this actor's work begins: the first line of the navigation."""
        return self.groups[0].links[0].url if self.groups else "/"

    @cached_property
    def keyless(self) -> bool:
        """Whether single letters are no keys for this person here."""
        return keys.are_off(self.request)

    @cached_property
    def unread(self) -> int:
        count = navigation.function("unread_count")
        return count(self.actor) if count and self.who else 0

    @cached_property
    def worker_silent_minutes(self) -> int | None:
        """Minutes since the worker was last seen, once that is worth a warning; None while all is well."""
        seen = navigation.function("worker_seen_at")
        return silent_minutes(seen(), timezone.now()) if seen and self.who else None

    @cached_property
    def notices_url(self) -> str:
        return first_url("notices:list", "notices:index", "notices:inbox")

    @cached_property
    def search_url(self) -> str:
        return first_url("cases:list", "cases:index")

    @cached_property
    def sign_in_url(self) -> str:
        return first_url("directory:sign-in", "directory:sign_in", "directory:login", "login")

    @cached_property
    def sign_out_url(self) -> str:
        return first_url("directory:sign-out", "directory:sign_out", "directory:logout", "logout")

    @cached_property
    def entrances(self) -> list[navigation.Entry]:
        return list(navigation.public())


@lru_cache(maxsize=512)
def _drawn(groups: tuple[tuple[str, tuple[Link, ...]], ...]) -> SafeString:
    """Drawn once for each set of lines and the one among them that is shown."""
    return render_to_string("web/_navigation.html", {"groups": groups})


def silent_minutes(seen_at: datetime | None, now: datetime) -> int | None:
    """Return whole minutes of silence past `STALE`; None within it. A worker never seen is not a silent one."""
    if seen_at is None or now - seen_at <= STALE:
        return None
    return int((now - seen_at).total_seconds() // 60)


def first_url(*names: str) -> str:
    """Return the address of the first name that the site has, or an empty string."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def shell(request: HttpRequest) -> dict[str, Shell]:
    return {"shell": Shell(request)}
