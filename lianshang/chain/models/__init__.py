"""The tables of the chain: the catalogue in editions, who runs which process, and what-ifs that were kept."""

from lianshang.chain.models.activities import ProcessRun
from lianshang.chain.models.catalogue import (
    Edition,
    ProcessEntry,
    ProcessFlow,
    ProductEntry,
    RegionalSupply,
    Substitution,
)
from lianshang.chain.models.scenarios import Scenario

__all__ = [
    "Edition",
    "ProcessEntry",
    "ProcessFlow",
    "ProcessRun",
    "ProductEntry",
    "RegionalSupply",
    "Scenario",
    "Substitution",
]
