"""What the pages of the chain are about: a product, a process, an enterprise, a what-if of the world's own park."""

from collections.abc import Callable

from django.urls import reverse

from lianshang.chain import services
from lianshang.chain.shipped import network
from tests.access.asked import Target, keyed
from tests.access.world import AT, World

NOTHING = "NOTHING"
ABOUT = {"product": "COG", "process": "COKE_OVEN"}


def _adopted(world: World) -> int:
    """The shipped catalogue, and an oven of the world's enterprise."""
    clerk = world.actor("dispatcher", "office")
    services.adopt(network(), actor=clerk, at=AT, note="随产品提供")
    oven = services.Statement(world.enterprise, "COKE_OVEN", 500_000, 400_000)
    return services.state([oven], source="企业填报", actor=clerk, at=AT)


def _picture(world: World, thing: str, relation: str, role: str) -> Target:
    """There is none before there is a catalogue."""
    world.once("chain", lambda: _adopted(world))
    return Target(reverse("chain:picture"))


def _named(name: str, code: str) -> Callable[[World, str, str, str], Target]:
    def target(world: World, thing: str, relation: str, role: str) -> Target:
        world.once("chain", lambda: _adopted(world))
        return Target(reverse(f"chain:{name}", args=[code or world.enterprise.code]))

    return target


MAKERS = {f"chain:{name}": _named(name, code) for name, code in {**ABOUT, "enterprise": ""}.items()}
MAKERS["chain:picture"] = _picture


def _to_save(world: World, thing: str, relation: str, role: str) -> Target:
    world.once("chain", lambda: _adopted(world))
    return Target(
        reverse("chain:scenario-save"), body={"name": f"断煤气 {role}", "stop": world.enterprise.code}, form=""
    )


def _kept(world: World, thing: str, relation: str, role: str) -> Target:
    world.once("chain", lambda: _adopted(world))
    clerk, changes = world.actor("dispatcher", "office"), [("price", "COG:900")]
    kept = world.once("scenario", lambda: services.keep("煤气涨价", changes, actor=clerk, at=AT))
    return keyed("chain:scenario-shelve", kept.key, form="")


def _to_state(world: World, thing: str, relation: str, role: str) -> Target:
    world.once("chain", lambda: _adopted(world))
    body = {"capacity-COKE_OVEN": "500000", "level-COKE_OVEN": "410000", "source": "企业填报"}
    return Target(reverse("chain:runs", args=[world.enterprise.code]), body=body)


MAKERS |= {"chain:runs": _to_state, "chain:scenario-save": _to_save, "chain:scenario-shelve": _kept}
