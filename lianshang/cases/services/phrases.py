"""常用语: a unit's own sentences, kept as one list in its order."""

from collections.abc import Sequence

from django.db import transaction

from lianshang.cases.models import Phrase
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit
from lianshang.kernel.refusals import Hidden, Refused

MOST = 30


@transaction.atomic
def keep_phrases(unit: Unit, texts: Sequence[str], *, actor: Actor) -> list[Phrase]:
    """Put these sentences in the place of the unit's list; empty ones and repeats are left out. Raises `Refused`."""
    if unit.pk not in actor.unit_ids:
        raise Hidden
    kept = list(dict.fromkeys(" ".join(text.split()) for text in texts if text.strip()))
    if len(kept) > MOST:
        raise Refused(f"常用语最多 {MOST} 条，现在有 {len(kept)} 条。请删去不常用的。")
    if long := [number for number, text in enumerate(kept, 1) if len(text) > Phrase.LONGEST]:
        raise Refused(f"第 {long[0]} 条超过 {Phrase.LONGEST} 个字。请分成几条，或写短一些。")
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    Phrase.objects.filter(unit=unit).delete()
    return Phrase.objects.bulk_create(
        Phrase(park_id=unit.park_id, unit=unit, position=place, text=text) for place, text in enumerate(kept, 1)
    )
