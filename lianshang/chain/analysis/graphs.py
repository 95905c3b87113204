"""The chain as a graph: neighbourhoods, hubs, and layers with an order in which few edges cross.

Edges are (from, to) pairs; several between the same two count once for the shape and each for what is lost.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Edge = tuple[str, str]
SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Hub:
    """What goes when a member stops: its own exchanges at once, and everybody downstream of it sooner or later."""

    member: str
    exchanges: int
    downstream: int
    between: float


def hubs(edges: Iterable[Edge]) -> list[Hub]:
    """The members by the exchanges that break off with them, then by how often they stand between two others."""
    import rustworkx as rx

    known = list(edges)
    graph, places = _graph(known)
    between = rx.betweenness_centrality(graph)
    ends = Counter(end for edge in known for end in edge)
    found = [Hub(name, ends[name], len(rx.descendants(graph, at)), between[at]) for name, at in places.items()]
    return sorted(found, key=lambda hub: (-hub.exchanges, -hub.between, hub.member))


def neighbourhood(edges: Iterable[Edge], centre: str, *, steps: int, most: int) -> set[str]:
    """Who stands within so many steps of the centre either way, the nearest first, at most so many."""
    beside: dict[str, list[str]] = {}
    for left, right in edges:
        beside.setdefault(left, []).append(right)
        beside.setdefault(right, []).append(left)
    found, ring = {centre}, [centre]
    for _ in range(steps):
        ring = [other for each in ring for other in beside.get(each, ()) if other not in found]
        for other in ring:
            if len(found) >= most:
                return found
            found.add(other)
    return found


def layers(nodes: Sequence[str], edges: Iterable[Edge]) -> dict[str, int]:
    """How far downstream each node stands: the longest way to it, loops taken as one place."""
    import rustworkx as rx

    graph, places = _graph(edges, nodes)
    parts = rx.strongly_connected_components(graph)
    part_of = {at: number for number, part in enumerate(parts) for at in part}
    depth = dict.fromkeys(range(len(parts)), 0)
    whole = rx.PyDiGraph()
    whole.add_nodes_from(range(len(parts)))
    pairs = {(part_of[left], part_of[right]) for left, right in graph.edge_list()}
    whole.add_edges_from_no_data([(left, right) for left, right in sorted(pairs) if left != right])
    for at in rx.topological_sort(whole):
        for _, after, _ in whole.out_edges(at):
            depth[after] = max(depth[after], depth[at] + 1)
    return {name: depth[part_of[at]] for name, at in places.items()}


def ordered(columns: Sequence[Sequence[str]], edges: Iterable[Edge]) -> list[list[str]]:
    """The nodes of each column in an order in which few edges cross: each by the mean place of its neighbours."""
    beside: dict[str, set[str]] = {}
    for left, right in edges:
        beside.setdefault(left, set()).add(right)
        beside.setdefault(right, set()).add(left)
    found = [list(column) for column in columns]
    for sweep in range(SWEEPS):
        places = {name: at / max(len(column), 1) for column in found for at, name in enumerate(column)}
        order = range(len(found)) if sweep % 2 == 0 else reversed(range(len(found)))
        for at in order:
            found[at].sort(key=lambda name: (_mean(beside.get(name, ()), places, places[name]), name))
            places |= {name: place / max(len(found[at]), 1) for place, name in enumerate(found[at])}
    return found


def _mean(neighbours: Iterable[str], places: dict[str, float], own: float) -> float:
    known = [places[each] for each in neighbours if each in places]
    return sum(known) / len(known) if known else own


def _graph(edges: Iterable[Edge], nodes: Iterable[str] = ()) -> tuple[Any, dict[str, int]]:
    import rustworkx as rx

    known = list(edges)
    names = list(dict.fromkeys([*nodes, *(end for edge in known for end in edge)]))
    graph = rx.PyDiGraph(multigraph=False)
    places = dict(zip(names, graph.add_nodes_from(names), strict=True))
    graph.add_edges_from_no_data([(places[left], places[right]) for left, right in known])
    return graph, places
