"""What the dispatcher was shown, as the form carries it: signed, so that what is recorded is what was shown.

A form that is sent back is drawn from this again; nothing is thought over anew when it is sent.
"""

from dataclasses import asdict, dataclass

from django.core import signing

from lianshang.cases.models import Case
from lianshang.cases.suggesting import Suggestion

SALT = "lianshang.cases.shown"
LONGEST = 400  # characters of a reason that is kept


@dataclass(frozen=True)
class Shown:
    """A suggestion in plain words and keys. Without a unit: it was said that nothing is sure.

    `reason` is what stood there, `recorded` what all who may open the case may read.
    """

    case: str
    unit: int | None
    name: str
    reason: str
    recorded: str
    co_units: dict[str, str]  # key → name
    kind: str
    likeliest: list[list[str]]  # name, reason
    catalogue: int | None
    model_version: int | None

    @property
    def carried(self) -> str:
        return signing.dumps(asdict(self), salt=SALT, compress=True)

    @property
    def co_names(self) -> str:
        return "、".join(self.co_units.values())

    @property
    def is_empty(self) -> bool:
        """Nothing was known at all: no catalogue and nothing learned."""
        return self.unit is None and not self.likeliest


def of(case: Case, made: Suggestion, kinds: tuple[str, ...], sendable: set[int]) -> Shown:
    """Return what is shown of the suggestion; classes and co-units of the catalogue only where they can be sent."""
    first = made.first
    entry = first.entry if first else None
    helping = [one.unit for one in entry.co_units.all() if one.unit_id in sendable] if entry else []
    return Shown(
        case=case.key.hex,
        unit=first.unit.pk if first else None,
        name=first.unit.name if first else "",
        reason=first.reason if first else "",
        recorded="；".join(first.recorded)[:LONGEST] if first else "",
        co_units={str(unit.pk): unit.name for unit in helping},
        kind=entry.kind if entry and entry.kind in kinds else "",
        likeliest=[[one.unit.name, one.reason] for one in made.likeliest],
        catalogue=made.catalogue.pk if made.catalogue else None,
        model_version=made.model_version,
    )


def carried(case: Case, token: str) -> Shown | None:
    """Return what the form carried, if it was ours and of this case."""
    try:
        told = Shown(**signing.loads(token, salt=SALT))
    except (signing.BadSignature, TypeError):
        return None
    return told if told.case == case.key.hex else None
