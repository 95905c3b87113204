"""What is asked for: an address, its twin that leads to nothing, and the body that goes with it."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

NOBODYS = uuid.UUID("00000000-0000-4000-8000-00000000abcd")
NO_NUMBER = 999_999


@dataclass(frozen=True)
class Target:
    """`twin` is the same address of a thing that does not exist; empty where the page is about nothing in particular.

    `form`: the page whose form is sent, the address itself unless said; empty where the body is all. `marks`: what names
    the object in an answer, and what names the twin.
    """

    path: str
    twin: str = ""
    form: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    twin_body: Mapping[str, Any] | None = None
    marks: tuple[str, str] = ("", "")
    raw: str = ""  # sent as it is
    live: Callable[[str], dict[str, Any]] | None = (
        None  # what has to be said depends on the very page that was opened before
    )


def keyed(route: str, key: object, absent: object = NOBODYS, **more: Any) -> Target:
    """The object with this key, and one that has never been."""
    path, twin = (reverse(route, args=[one]) for one in (key, absent))
    return Target(path, twin, marks=(str(key), str(absent)), **more)
