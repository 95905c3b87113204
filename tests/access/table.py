"""Reads the table of rules and says what of it is not decided. Nothing of the product is imported here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

FOLDER = Path(__file__).parent
FILES = ("rules.yaml", "rules_cases.yaml", "rules_actions.yaml", "rules_reports.yaml", "rules_organizations.yaml")
METHODS = ("GET", "POST")
NO_METHOD = "no such method"
Verdict = Literal["may", "refused", "absent", "undecided"]


class Strict(yaml.SafeLoader):
    """A key that stands twice would silently replace what was decided first."""


def _once(loader: yaml.SafeLoader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"stands twice in the table of rules: {', '.join(map(str, twice))}")
    return {key: loader.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value, strict=True)}


Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _once)


@dataclass(frozen=True)
class Right:
    """`cells`: relation → role → verdict, as far as they are written down. `of`: the kind of thing it is about."""

    name: str
    of: str
    says: str
    cells: dict[str, dict[str, Verdict]]


@dataclass(frozen=True)
class Table:
    """`roles` and `relations` in their order; `things`: kind → relations; `actions`: `route … METHOD` → names of rights."""

    roles: dict[str, str]
    relations: dict[str, str]
    things: dict[str, tuple[str, ...]]
    rights: dict[str, Right]
    actions: dict[str, tuple[str, ...]]
    faults: tuple[str, ...] = field(default=())

    def verdict(self, right: str, relation: str, role: str) -> Verdict:
        return self.rights[right].cells.get(relation, {}).get(role, "undecided")

    def cells(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield (action, right, relation, role) of all that the table has to decide."""
        for action, rights in self.actions.items():
            for right in rights if rights != (NO_METHOD,) else ():
                for relation in self.things[self.rights[right].of]:
                    for role in self.roles.values():
                        yield action, right, relation, role

    def methods_refused(self) -> list[str]:
        return [action for action, rights in self.actions.items() if rights == (NO_METHOD,)]


def read(*texts: str) -> Table:
    """Read the table from our files, or from texts of the same shape."""
    parts: dict[str, dict[str, Any]] = {}
    for text in texts or [(FOLDER / name).read_text(encoding="utf-8") for name in FILES]:
        for section, rows in (yaml.load(text, Loader=Strict) or {}).items():  # noqa: S506 a SafeLoader
            parts.setdefault(section, {}).update(rows or {})
    roles = parts["roles"]
    rights = {name: right_of(name, row, roles) for name, row in parts["rights"].items()}
    things = {kind: tuple(relations) for kind, relations in parts["things"].items()}
    table = Table(roles, parts["relations"], things, rights, _actions(parts["actions"]))
    return Table(roles, parts["relations"], things, rights, table.actions, tuple(_faults(table, parts)))


def _actions(rows: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Return one entry for each method; a line may name both."""
    found: dict[str, tuple[str, ...]] = {}
    for key, value in rows.items():
        *name, methods = _parted(key)
        for method in methods.split():
            found[f"{name[0]} {method}"] = tuple(one.strip() for one in value.split(";"))
    return found


def _parted(key: str) -> list[str]:
    words = key.split()
    named = [word for word in words if word not in METHODS]
    return [" ".join(named), " ".join(word for word in words if word in METHODS)]


def right_of(name: str, row: dict[str, str], roles: dict[str, str]) -> Right:
    cells: dict[str, dict[str, Verdict]] = {}
    for relations, line in row.items():
        if relations not in ("of", "says"):
            decided = _line(line, roles)
            cells |= {one.strip(): dict(decided) for one in relations.split(",")}
    return Right(name, row.get("of", ""), row.get("says", ""), cells)


def _line(line: str, roles: dict[str, str]) -> dict[str, Verdict]:
    """Read `D (H) / V C`: may, is refused with a sentence, does not exist for. What is twice there is not decided."""
    may, _, absent = line.partition("/")
    told: list[tuple[str, Verdict]] = [(word, "absent") for word in absent.split()]
    told += [(word.strip("()"), "refused" if word.startswith("(") else "may") for word in may.split()]
    letters = [letter for letter, _ in told]
    return {roles.get(letter, letter): verdict for letter, verdict in told if letters.count(letter) == 1}


def _faults(table: Table, parts: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with the table by itself, each with the place to mend."""
    yield from (f"the relation “{name}” has no sentence" for name, says in table.relations.items() if not says)
    for kind, relations in table.things.items():
        yield from (f"{kind}: the relation “{one}” has no sentence" for one in relations if one not in table.relations)
    for right in table.rights.values():
        yield from right_faults(table, right)
    for action, rights in table.actions.items():
        for name in rights:
            if name != NO_METHOD and name not in table.rights:
                yield f"{action}: there is no right “{name}”"
    used = {name for rights in table.actions.values() for name in rights}
    yield from (f"no action asks for the right “{name}”" for name in table.rights if name not in used)
    if any("*" in str(row) for name in ("rights", "actions") for row in parts[name].items()):
        yield "a wildcard decides nothing: write every role, relation and action out"


def right_faults(table: Table, right: Right) -> Iterator[str]:
    where = f"the right “{right.name}”"
    if not right.says:
        yield f"{where} has no sentence"
    if right.of not in table.things:
        yield f"{where} is of “{right.of}”, which is no kind of thing"
        return
    yield from (
        f"{where}: “{one}” is no relation to “{right.of}”" for one in right.cells if one not in table.things[right.of]
    )
    for relation in table.things[right.of]:
        decided = right.cells.get(relation, {})
        if unknown := [role for role in decided if role not in table.roles.values()]:
            yield f"{where}, relation “{relation}”: {', '.join(unknown)} is no role"
        if missing := missing_of(table.roles, decided):
            yield undecided(where, relation, missing)


def missing_of(roles: dict[str, str], decided: Iterable[str]) -> list[str]:
    return [f"{letter} ({role})" for letter, role in roles.items() if role not in decided]


def undecided(where: str, relation: str, missing: list[str]) -> str:
    return (
        f"UNDECIDED: {where}, relation “{relation}” says nothing of {', '.join(missing)}. Write each letter once on that "
        "line in tests/access/rules*.yaml: left of the stroke who may, right of it for whom the thing does not exist."
    )
