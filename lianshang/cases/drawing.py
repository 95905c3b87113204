"""Draws the life of a case from its table, so that the picture in docs/flow.md cannot be wrong.

`python -m lianshang.cases.drawing > docs/flow.md` writes the page again; a test compares the two.
"""

import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping

from lianshang.cases.states import ENDED, OPEN, WITH_UNIT, State

MANY = 5  # sources; what may be done in more states is told in words: its lines would cover the picture

HEAD = """\
# The life of a case

Made from the table in `lianshang/cases/flow.py` by `python -m lianshang.cases.drawing > docs/flow.md`. States are what
is true, transitions what somebody does. Being late is no state: it is asked of the clocks.
"""
BELOW = """
Not drawn: what leaves the state as it is, and what may be done in more than {many} states ({wide}). All stand in the
table. *Open* are all states but 草稿 and those that end; *with a unit* are {with_unit}.

## Who may do what, and which clocks it moves

A case always owes feedback until it was answered or lawfully ended, so `feedback` and `stage_feedback` are moved by
many. Windows, limits and numbers of times are in the mechanism profile ([profiles.md](profiles.md)); what a step needs
besides its state, such as a reason, is said by its service in `lianshang/cases/services/`.

| step | | who | in | then | clocks |
|---|---|---|---|---|---|
"""
WHO = {
    "anyone": "anyone",
    "system": "the system",
    "holds": "the enterprise",
    "directs": "the office",
    "heads": "the committee's head",
    "oversees": "the office, the head, the chain chief",
    "leads": "the lead",
    "replies": "the lead, the first handler",
    "helps": "a co-unit",
    "takes_part": "the lead, a co-unit",
    "calls_back": "the call-back officer, the office",
    "answers_supervision": "a unit at the case, the office",
    "directs_or_system": "the office, the system",
    "directs_or_leads": "the office, the lead",
    "directs_or_decides": "the office, or whom the profile names",
    "rules": "the office, the head, or whom the profile names",
    "defers": "whom the profile names: the head",
    "tends_deferred": "the office, the head, or whom the profile names",
    "directs_or_replies": "the office, the lead, the first handler",
    "urges": "the office, the head, the chain chief, the enterprise",
    "supplements": "the office, the enterprise",
    "reports": "whoever made the complaint or report",
    "directs_sealed": "the officer of a complaint or report",
    "splits": "the officer; whoever made it",
    "asks_reporter": "the officer, the lead",
    "takes_part_sealed": "the lead, a co-unit, of a complaint or report",
    "opens_identity": "the officer, the head: two of them",
    "decides_recusal": "the head, or the authority above",
    "escalates": "whoever's act completes the count",
}
WORDS = {
    "starts": "starts",
    "promises": "starts, as promised,",
    "stops": "stops",
    "drops": "drops",
    "pauses": "pauses",
    "resumes": "resumes",
    "extends": "extends",
}


def mermaid() -> str:
    """Return the states and the transitions between them as a Mermaid state diagram."""
    from lianshang.cases.flow import FLOW

    lines: dict[tuple[str, str], list[str]] = defaultdict(list)
    for move in FLOW.transitions.values():
        changes = _changes(move.moves)
        if len(changes) <= MANY:
            for line in changes:
                lines[line].append(move.label)
    drawn = [f'    state "{state.label}" as {state.value}' for state in State]
    drawn += [f"    [*] --> {State.DRAFT.value}"]
    drawn += [f"    {source} --> {target}: {' · '.join(labels)}" for (source, target), labels in lines.items()]
    drawn += [f"    {state.value} --> [*]" for state in ENDED if state != State.CLOSED]
    return "\n".join(["stateDiagram-v2", *drawn])


def table() -> str:
    """Return every transition as a row of a Markdown table."""
    from lianshang.cases.flow import FLOW

    return "\n".join(
        f"| {move.label} | `{move.name}` | {WHO[move.allows.__name__]} | {_states(move.moves)} "
        f"| {_targets(move.moves)} | {_clocks(move.effects)} |"
        for move in FLOW.transitions.values()
    )


def page() -> str:
    """Return docs/flow.md."""
    from lianshang.cases.flow import FLOW

    wide = "、".join(move.label for move in FLOW.transitions.values() if len(_changes(move.moves)) > MANY)
    below = BELOW.format(many=MANY, wide=wide, with_unit="、".join(state.label for state in WITH_UNIT))
    return f"{HEAD}\n```mermaid\n{mermaid()}\n```\n{below}{table()}\n"


def _changes(moves: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(State(source).value, State(target).value) for source, target in moves.items() if source != target]


def _states(states: Iterable[str]) -> str:
    rest = [State(state) for state in states]
    for group, word in ((OPEN, "any open state"), (WITH_UNIT, "with a unit")):
        if set(group) <= set(rest):
            return "、".join([word, *[state.label for state in rest if state not in group]])
    return "、".join(state.label for state in rest)


def _targets(moves: Mapping[str, str]) -> str:
    """Where it leads: to one state, or nowhere, but for what it puts elsewhere."""
    changes, targets = _changes(moves), {State(target).label for target in moves.values()}
    if changes and len(targets) == 1:
        return targets.pop()
    return "; ".join(["the same", *[f"{State(source).label} → {State(target).label}" for source, target in changes]])


def _clocks(effects: object) -> str:
    said = [f"{word} {', '.join(duties)}" for name, word in WORDS.items() if (duties := getattr(effects, name))]
    said += ["drops all"] if effects.drops_all else []
    said += ["counts all again"] if effects.recalendars else []
    return "; ".join(said) or "—"


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianshang.config.settings")
    django.setup()
    sys.stdout.write(page())
