"""Counts of complaints and reports without the small ones: what fewer than three stand behind may point at somebody.

`shown` takes a table with its margins and returns what may be published. A cell under `LEAST` is hidden, none at all too:
that there is a complaint is the secret. So are as many others as keep the hidden ones from being worked out of sums and
differences. Every figure over sealed cases goes through here.

A table is counts by (row, column); a single list has one column. Published numbers are flows: total → rows → columns →
total, each cell an edge. What is hidden may be any flow that keeps the shown edges, so the most that a hidden cell can
be is what can be pushed round through the others. A small cell is safe where that most is not small itself.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

LEAST = 3  # cases that a shown number stands for
Cell = tuple[str, str]
Edge = tuple[str, str]

SOURCE, SINK = "·source", "·sink"


@dataclass(frozen=True)
class Table:
    """What may be shown: None is hidden. `cells` by (row, column), sums by row and by column, and of all."""

    cells: Mapping[Cell, int | None]
    rows: Mapping[str, int | None]
    columns: Mapping[str, int | None]
    total: int | None


@dataclass
class _Network:
    """Edge → count. `hidden` edges are what a reader does not know."""

    counts: dict[Edge, int]
    hidden: set[Edge] = field(default_factory=set)

    def most(self, edge: Edge) -> int:
        """Return the most that a hidden edge can be, for all that is shown."""
        return self.counts[edge] + self._pushed(edge)

    def _pushed(self, edge: Edge) -> int:
        """How much more can go round through `edge`, up to what makes it safe: by shortest paths through what is hidden."""
        spare = {one: self.counts[one] for one in self.hidden if one != edge}
        more, wanted = 0, LEAST - self.counts[edge]
        while more < wanted and (path := self._path(edge[1], edge[0], spare)):
            back = [spare[one] for one, is_back in path if is_back]
            step = min([wanted - more, *back])
            for one, is_back in path:
                spare[one] += -step if is_back else step
            more += step
        return more

    def _path(self, start: str, end: str, spare: Mapping[Edge, int]) -> list[tuple[Edge, bool]]:
        """Return hidden edges from one node to another: forward any, backward those that are above nought."""
        leaving: dict[str, list[tuple[str, Edge, bool]]] = defaultdict(list)
        for one in sorted(spare):
            leaving[one[0]].append((one[1], one, False))
            if spare[one]:
                leaving[one[1]].append((one[0], one, True))
        came: dict[str, tuple[str, Edge, bool]] = {}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for there, one, is_back in leaving[here]:
                if there not in came and there != start:
                    came[there] = (here, one, is_back)
                    queue.append(there)
        if end not in came:
            return []
        path, node = [], end
        while node != start:
            node, one, is_back = came[node]
            path.append((one, is_back))
        return path


def shown(counts: Mapping[Cell, int]) -> Table:
    """Return the table with its sums, as far as it may be shown."""
    network = _network(counts)
    _hide(network)
    return _table(counts, network)


def listed(counts: Mapping[str, int]) -> tuple[dict[str, int | None], int | None]:
    """Return a single list as far as it may be shown, and its sum."""
    network = _network({(name, ""): count for name, count in counts.items()})
    network.hidden = {edge for edge in network.counts if edge[1] == "c:"}  # the same numbers as the sums of the rows
    _hide(network)
    table = _table({(name, ""): 0 for name in counts}, network)
    return dict(table.rows), table.total


def _hide(network: _Network) -> None:
    """Hide what is small, and beside it as much as keeps it from being worked out."""
    network.hidden |= {edge for edge, count in network.counts.items() if count < LEAST}
    while (edge := next(_unsafe(network), None)) and len(network.hidden) < len(network.counts):
        network.hidden.add(_beside(network, edge))


def _network(counts: Mapping[Cell, int]) -> _Network:
    edges: dict[Edge, int] = defaultdict(int)
    for (row, column), count in counts.items():
        edges[f"r:{row}", f"c:{column}"] += count
        edges[SOURCE, f"r:{row}"] += count
        edges[f"c:{column}", SINK] += count
        edges[SINK, SOURCE] += count
    return _Network(dict(edges))


def _unsafe(network: _Network) -> Iterator[Edge]:
    """Yield small cells that a reader can tell to be small."""
    small = (edge for edge in sorted(network.hidden) if network.counts[edge] < LEAST)
    return (edge for edge in small if network.most(edge) < LEAST)


def _beside(network: _Network, edge: Edge) -> Edge:
    """Return what to hide next: the smallest that makes the cell less sure, else the smallest that meets it, or any."""
    open_ = sorted((one for one in network.counts if one not in network.hidden), key=lambda one: network.counts[one])
    sure = network.most(edge)
    for one in open_:
        if _Network(network.counts, {*network.hidden, one}).most(edge) > sure:
            return one
    return next((one for one in open_ if set(one) & set(edge)), open_[0])


def _table(counts: Mapping[Cell, int], network: _Network) -> Table:
    def told(edge: Edge) -> int | None:
        return None if edge in network.hidden else network.counts[edge]

    rows, columns = dict.fromkeys(row for row, _ in counts), dict.fromkeys(column for _, column in counts)
    return Table(
        {(row, column): told((f"r:{row}", f"c:{column}")) for row, column in counts},
        {row: told((SOURCE, f"r:{row}")) for row in rows},
        {column: told((f"c:{column}", SINK)) for column in columns},
        told((SINK, SOURCE)) if counts else None,
    )
