"""What a park is made of: products, processes with their flows, enterprises, and who runs which process how much.

Units: quantities are per year in the product's own unit; coefficients per one unit of the process's reference output;
prices in yuan per unit; output values in 万元 per year.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

SHORTFALL = 1e-3  # a lack below a thousandth of what is needed is no lack
PHYSICAL = frozenset({"intermediate", "byproduct", "waste"})  # what passes from one process to the next
FENCED = frozenset({"pipeline", "local"})  # cannot be brought in from afar


@dataclass(frozen=True, slots=True)
class Product:
    code: str
    name: str
    unit: str
    stage: str
    role: str
    transport: str
    disposal: str
    price: float = 0.0
    swing: bool = False  # a fuel header, balanced by the processes that fill it
    final_sale: bool = False  # selling it outside is normal
    hazardous: bool = False
    category: str = ""
    mass: float = 0.0  # t per unit
    heat: float = 0.0  # GJ (LHV) per unit
    carbon: float = 0.0  # t per unit
    note: str = ""

    @property
    def is_fenced(self) -> bool:
        return self.transport in FENCED

    @property
    def must_be_treated(self) -> bool:
        return self.disposal == "must_treat"


@dataclass(frozen=True, slots=True)
class Flow:
    process: str
    product: str
    is_output: bool
    coefficient: float
    low: float
    high: float
    in_mass_balance: bool = False
    source: str = ""
    evidence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Process:
    code: str
    name: str
    stage: str
    segment: str
    reference: str  # its reference output, a product's code
    typical_scale: float = 0.0
    least_scale: float = 0.0
    capital: float = 0.0  # yuan per unit of yearly capacity
    closes_by: str = "none"  # which balance has to close: full (mass), carbon, energy, none
    hazard: str = ""
    industry: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Enterprise:
    code: str
    name: str
    output_value: float = 0.0
    stage: str = ""
    sector: str = ""
    staff: int = 0
    party_members: int = 0
    party_organization: str = ""
    is_invented: bool = False  # its figures are not the company's


@dataclass(frozen=True, slots=True)
class Activity:
    enterprise: str
    process: str
    capacity: float
    level: float  # units of the reference output actually made


@dataclass(frozen=True, slots=True)
class Substitute:
    product: str
    instead: str
    ratio: float  # units of the substitute for one unit of the product
    process: str = ""  # what turns one into the other; none: it is used as it is
    condition: str = ""


@dataclass(frozen=True)
class Network:
    """A catalogue: products, processes and their flows, in the order in which the catalogue lists them."""

    products: Mapping[str, Product]
    processes: Mapping[str, Process]
    flows: tuple[Flow, ...]

    @cached_property
    def of_process(self) -> Mapping[str, tuple[Flow, ...]]:
        found: dict[str, list[Flow]] = defaultdict(list)
        for flow in self.flows:
            found[flow.process].append(flow)
        return {code: tuple(found.get(code, ())) for code in self.processes}

    @cached_property
    def makers(self) -> Mapping[str, tuple[str, ...]]:
        """The processes that put each product out."""
        found: dict[str, list[str]] = defaultdict(list)
        for flow in self.flows:
            if flow.is_output:
                found[flow.product].append(flow.process)
        return {product: tuple(codes) for product, codes in found.items()}

    def inputs(self, process: str) -> tuple[Flow, ...]:
        return tuple(flow for flow in self.of_process[process] if not flow.is_output)

    def outputs(self, process: str) -> tuple[Flow, ...]:
        return tuple(flow for flow in self.of_process[process] if flow.is_output)

    def physical_inputs(self, process: str) -> tuple[Flow, ...]:
        return tuple(flow for flow in self.inputs(process) if self.products[flow.product].role in PHYSICAL)

    def fills_header(self, process: str) -> bool:
        """Whether it only turns one fuel or another into the heat of the common header."""
        return self.products[self.processes[process].reference].swing


@dataclass(frozen=True)
class Park:
    network: Network
    enterprises: Mapping[str, Enterprise]
    activities: tuple[Activity, ...]
    regional: Mapping[str, float] = field(default_factory=dict)  # what the region offers beside the park
    substitutes: tuple[Substitute, ...] = ()

    def running(self) -> frozenset[str]:
        """The processes that somebody in the park has."""
        return frozenset(activity.process for activity in self.activities)

    @property
    def output_value(self) -> float:
        return sum(enterprise.output_value for enterprise in self.enterprises.values())

    def at_capacity(self) -> "Park":
        return replace(self, activities=tuple(replace(each, level=each.capacity) for each in self.activities))
