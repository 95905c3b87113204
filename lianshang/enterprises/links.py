"""The links that QR codes carry. Public pages read them back: park's code, then what is secret."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.http import HttpRequest

from lianshang.directory.models import Park
from lianshang.enterprises.models import Enterprise

NOT_PUBLIC = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Poster:
    """One square to print: for whom, the link in words and as a picture (a data address)."""

    title: str
    link: str
    picture: str

    @property
    def parts(self) -> list[str]:
        """The link, cut where a line may break."""
        return self.link.split("/")


def origin(request: HttpRequest) -> str:
    """Return the site's public address; the one in the browser where none was set."""
    if settings.ADDRESS.hostname in NOT_PUBLIC:
        return f"{request.scheme}://{request.get_host()}"
    return settings.ADDRESS.geturl().rstrip("/")


def is_reachable(address: str) -> bool:
    """Whether telephones may reach it: not a name of this machine for itself."""
    return urlsplit(address).hostname not in NOT_PUBLIC


def poster(title: str, link: str) -> Poster:
    """Return the square, drawn so that a torn corner is still read (error correction Q)."""
    return Poster(title, link, segno.make(link, error="q").svg_data_uri(scale=8, border=2))


def whistle_link(base: str, owner: Park | Enterprise) -> str:
    park = owner if isinstance(owner, Park) else owner.park
    return f"{base}/w/{park.code}-{owner.whistle_token}/"


def mine_link(base: str, enterprise: Enterprise) -> str:
    return f"{base}/mine/{enterprise.park.code}-{enterprise.mine_token}/"


def spelled(enterprise: Enterprise) -> str:
    """Return the enterprise's code as people type it: `LZ-ABCD-EFGH-JKMN`."""
    token = enterprise.mine_token
    return "-".join([enterprise.park.code, *(token[i : i + 4] for i in range(0, len(token), 4))])


def slip(base: str, enterprise: Enterprise) -> dict[str, Any]:
    """What is handed to an enterprise's own people, and to nobody else."""
    return {"poster": poster(enterprise.name, mine_link(base, enterprise)), "code": spelled(enterprise)}
