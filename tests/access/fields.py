"""Which reader sees which column: decided in fields.yaml, sought in every answer that the matrix gets.

A column is told by a mark, words that stand nowhere else in the world. Where a whole mark is seen its reader must have a
right that shows it, where a masked one is seen at least one that shows it masked, whatever page it was on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from tests.access import table
from tests.access.canaries import unpacked
from tests.access.marks import KINDS, MARKS, MASKS, NOBODY
from tests.access.table import FOLDER, Right, Table
from tests.access.world import FOREIGN, place_of

FILE_OF_FIELDS = "fields.yaml"


@dataclass(frozen=True)
class Fields:
    """`shown`: (kind, column) → names of rights; none for what nobody reads. `rights` are those of the table and our own."""

    table: Table
    rights: Mapping[str, Right]
    shown: Mapping[tuple[str, str], tuple[str, ...]]
    faults: tuple[str, ...] = ()

    def verdict(self, kind: str, column: str, reader: "Reader") -> table.Verdict:
        """Return `may`, `refused` (masked) or `absent` for the column's best right."""
        names = self.shown.get((kind, column), ())
        found = {one for name in names for one in reader.stands(self.table, self.rights[name])}
        return "may" if "may" in found else "refused" if "refused" in found else "absent"


@dataclass(frozen=True)
class Reader:
    """Who reads: a role at a place, who asked for a thing in a relation to it."""

    role: str
    place: str
    thing: str = ""
    relation: str = ""

    def stands(self, rules: Table, right: Right) -> Iterator[table.Verdict]:
        """Yield what the right says of each relation in which this reader stands to its kind of thing."""
        for relation in rules.things[right.of]:
            here = relation == self.relation if right.of == self.thing else self._is_at(right.of, relation)
            if here:
                yield right.cells.get(relation, {}).get(self.role, "undecided")

    def _is_at(self, thing: str, relation: str) -> bool:
        """A page is everybody's who serves here; of a thing it counts where one serves."""
        if thing in ("code", "personal"):
            return False
        if relation == "here":
            return self.place != FOREIGN
        return self.place == place_of(thing, relation) or (relation == "other unit" and not self._is_near(thing))

    def _is_near(self, thing: str) -> bool:
        near = (rel for rel in NEAR.get(thing, NEAR["sealed case"]))
        return any(self.place == place_of(thing, relation) for relation in near) or self.place == FOREIGN


NEAR = {
    "open case": ("lead", "co", "former", "above", "office"),
    "sealed case": ("lead", "co", "former", "above", "office", "accused", "above the accused", "below the accused", "named", "interested"),
}  # fmt: skip


def read(rules: Table, text: str = "") -> Fields:
    parts = yaml.load(text or (FOLDER / FILE_OF_FIELDS).read_text(encoding="utf-8"), Loader=table.Strict)  # noqa: S506 a SafeLoader
    own = {name: table.right_of(name, row, rules.roles) for name, row in parts["rights"].items()}
    rights = {**rules.rights, **own}
    shown = {
        (kind, column): tuple(one.strip() for one in names.split(";"))
        for kind in KINDS
        for column, names in parts[kind].items()
    }
    shown |= {(NOBODY, column): () for column in parts[NOBODY]}
    told = [fault for right in own.values() for fault in table.right_faults(rules, right)]
    told += [
        f"{column}: there is no right “{one}”"
        for (_, column), names in shown.items()
        for one in names
        if one not in rights
    ]
    return Fields(rules, rights, shown, tuple(told))


def undecided(fields: Fields, guarded: Mapping[str, str]) -> list[str]:
    """Say which columns nobody has decided on, and which are decided and not there (any more). `guarded`: column → class."""
    decided = {column for _, column in fields.shown}
    told = [
        f"UNDECIDED: {column} is {kind}. Write in tests/access/{FILE_OF_FIELDS} which rights show it, or under “{NOBODY}” why none does."
        for column, kind in guarded.items()
        if column not in decided
    ]
    return told + [f"{column} is no sensitive or secret column (any more)" for column in sorted(decided - set(guarded))]


def seen(content: bytes) -> dict[tuple[str, str], str]:
    """Return (kind, column) → `may` where the whole mark stands in the bytes, `refused` where it stands masked alone."""
    layers = [content, *unpacked(content)]
    found: dict[tuple[str, str], str] = {}
    for key, words in MARKS.items():
        if any(word in layer for word in words for layer in layers):
            found[key] = "may"
        elif (mask := MASKS.get(key)) and any(mask in layer for layer in layers):
            found[key] = "refused"
    return found


def wrong(fields: Fields, reader: Reader, found: Mapping[tuple[str, str], str]) -> list[str]:
    """Return the columns that were seen and should not be, each with how it may be seen."""
    told = []
    for (kind, column), how in found.items():
        may = fields.verdict(kind, column, reader)
        if may == "absent" or (how == "may" and may == "refused"):
            told.append(f"{column} ({kind}) is seen {'whole' if how == 'may' else 'masked'}, and {SAID[may]}")
    return told


SAID = {"absent": "is not theirs to see", "refused": "is theirs masked alone", "may": "may be"}
