"""The demo park's chain: the shipped catalogue, what the invented enterprises run, and two what-ifs that were kept."""

from datetime import datetime
from pathlib import Path

from lianshang.chain import services
from lianshang.chain.analysis.reading import read_park
from lianshang.chain.shipped import FOLDER
from lianshang.config.demo.enterprises import MARK, Firm
from lianshang.config.demo.park import Stage
from lianshang.directory.actors import system

PARK_TABLE = Path(__file__).parent
NOTE = "随产品提供：煤—焦—氢，121 种产品和服务，78 种工艺"

KEPT = {
    "清源供水停一年": [("stop", "E007")],
    "清源供水停，自己产酸": [("stop", "E007"), ("attract", "ACID_S:3500")],
}


def build(stage: Stage, firms: list[Firm], at: datetime) -> None:
    """Adopt the catalogue and state every activity, marked as demo data."""
    read = read_park(FOLDER, PARK_TABLE)
    actor = system(stage.park)
    services.adopt(read.network, read.substitutes, read.regional, actor=actor, at=at, note=NOTE)
    known = {firm.enterprise.code: firm.enterprise for firm in firms}
    told = [
        services.Statement(known[each.enterprise], each.process, each.capacity, each.level) for each in read.activities
    ]
    services.state(told, source=MARK, actor=actor, at=at)
    for name, changes in KEPT.items():
        services.keep(name, changes, actor=actor, at=at)
