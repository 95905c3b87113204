"""A new edition of the catalogue: what is unlike the one in force is closed and written anew, the rest stays."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from lianshang.chain.access import KEEPERS
from lianshang.chain.analysis.network import Network, Substitute
from lianshang.chain.models import (
    Edition,
    ProcessEntry,
    ProcessFlow,
    ProductEntry,
    RegionalSupply,
    Substitution,
)
from lianshang.chain.models.catalogue import Entry
from lianshang.directory.actors import Actor
from lianshang.directory.models import Park
from lianshang.kernel.refusals import Hidden, Refused

BOOKKEEPING = {"id", "park", "since", "until", "position"}


@transaction.atomic
def adopt(
    network: Network,
    substitutes: Iterable[Substitute] = (),
    regional: Mapping[str, float] | None = None,
    *,
    actor: Actor,
    at: datetime,
    note: str,
) -> Edition:
    """Make this the catalogue in force. The same catalogue again makes no edition. Raises `Refused`, `Hidden`."""
    if actor.kind != "system" and not actor.has(*KEEPERS):
        raise Hidden
    Park.objects.select_for_update(of=("self",)).get(pk=actor.park.pk)
    wanted = _wanted(network, substitutes, regional or {})
    digest = _digest(wanted)
    last = Edition.objects.order_by("-number").first()
    if last and last.digest == digest:
        return last
    if not network.products or not network.processes:
        raise Refused("目录里没有产品或工艺，没有保存。请确认三张表都有内容。")
    edition = Edition.objects.create(
        park=actor.park,
        number=last.number + 1 if last else 1,
        made_at=at,
        made_by=actor.person,
        note=note,
        digest=digest,
    )
    for model, rows in wanted.items():
        _replace(model, rows, edition)
    return edition


def _wanted(
    network: Network, substitutes: Iterable[Substitute], regional: Mapping[str, float]
) -> dict[type[Entry], list[dict[str, Any]]]:
    return {
        ProductEntry: [asdict(each) for each in network.products.values()],
        ProcessEntry: [asdict(each) for each in network.processes.values()],
        ProcessFlow: [asdict(each) for each in network.flows],
        Substitution: [asdict(each) for each in substitutes],
        RegionalSupply: [{"product": code, "quantity": quantity} for code, quantity in regional.items()],
    }


def _digest(wanted: Mapping[type[Entry], list[dict[str, Any]]]) -> str:
    return sha256(repr([(model.__name__, rows) for model, rows in wanted.items()]).encode()).hexdigest()


def _replace(model: type[Entry], rows: list[dict[str, Any]], edition: Edition) -> None:
    """Close what is not wanted any more, add what is new. Rows are alike when all their own columns are."""
    names = [field.name for field in model._meta.concrete_fields if field.name not in BOOKKEEPING]
    held = {_key(row, names, position=row["position"]): row["id"] for row in _in_force(model, names)}
    asked = {_key(row, names, position=at): (at, row) for at, row in enumerate(rows)}
    gone = [pk for key, pk in held.items() if key not in asked]
    model.objects.filter(pk__in=gone).update(until=edition)
    model.objects.bulk_create(
        model(park=edition.park, since=edition, position=at, **row)
        for key, (at, row) in asked.items()
        if key not in held
    )


def _in_force(model: type[Entry], names: list[str]) -> Iterable[dict[str, Any]]:
    return model.objects.in_force().order_by("pk").values("id", "position", *names)


def _key(row: Mapping[str, Any], names: list[str], *, position: int) -> tuple[Any, ...]:
    return (position, *(row[name] for name in names))
