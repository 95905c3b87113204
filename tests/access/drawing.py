"""docs/access.md, drawn from the table of rules."""

from collections.abc import Iterator

from tests.access.table import Right, Table

HEAD = """# Who may do what

Drawn from the table that the tests hold the product to (`tests/access/rules*.yaml`; `.venv/bin/python -m tests.access page >
docs/access.md`). What is not open to somebody is answered like a thing that does not exist: the same status, the same
page. Whoever stands in brackets may know of the thing, and is told with a sentence why the step is not theirs.

A page, a step or a role without a line in the table fails the build. `.venv/bin/python -m tests.access` says what is missing and
where to write it: the right that an action asks for in `rules_actions.yaml`, rights in `rules.yaml` (cases in
`rules_cases.yaml`), and for an address with arguments the object that it is about in `targets.py`.
"""


def page(rules: Table) -> str:
    return "\n".join([HEAD, *_relations(rules), *_rights(rules)]) + "\n"


def _relations(rules: Table) -> Iterator[str]:
    yield "## How somebody may stand to a thing\n"
    yield from (f"- **{name}**: {says}" for name, says in rules.relations.items())


def _rights(rules: Table) -> Iterator[str]:
    yield "\n## Rights\n"
    for right in rules.rights.values():
        yield f"### {right.name[0].upper()}{right.name[1:]}\n"
        yield f"{right.says}\n"
        yield from (f"- {relations}: {who}" for relations, who in _together(rules, right))
        asking = [action for action, rights in rules.actions.items() if right.name in rights]
        yield f"\nAsked for by {', '.join(f'`{action}`' for action in _short(asking))}.\n"


def _together(rules: Table, right: Right) -> list[tuple[str, str]]:
    """Return relations that are decided alike, with who may in words."""
    found: dict[str, list[str]] = {}
    for relation in rules.things[right.of]:
        found.setdefault(_who(rules, right, relation), []).append(relation)
    return [(", ".join(relations), who) for who, relations in found.items()]


def _who(rules: Table, right: Right, relation: str) -> str:
    decided = {role: rules.verdict(right.name, relation, role) for role in rules.roles.values()}
    told = [role.replace("_", " ") for role, verdict in decided.items() if verdict == "may"]
    told += [f"({role.replace('_', ' ')})" for role, verdict in decided.items() if verdict == "refused"]
    return "everybody" if all(verdict == "may" for verdict in decided.values()) else ", ".join(told) or "nobody"


def _short(actions: list[str]) -> list[str]:
    """Return each action once, with its methods."""
    names: dict[str, list[str]] = {}
    for action in actions:
        name, _, method = action.rpartition(" ")
        names.setdefault(name, []).append(method)
    return [f"{name} {' '.join(methods)}" for name, methods in names.items()]
