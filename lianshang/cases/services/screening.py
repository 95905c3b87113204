"""Hiding what may tell who made a complaint or report, before anybody who handles it reads it: an officer decides."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from lianshang.cases import giveaways, identities, roles
from lianshang.cases.flow import FLOW
from lianshang.cases.giveaways import Mark
from lianshang.cases.headlines import headline
from lianshang.cases.models import Case, Saying
from lianshang.directory.actors import Actor
from lianshang.kernel import search
from lianshang.kernel.refusals import Hidden, Refused


@transaction.atomic
def screen_words(
    saying: Saying, case: Case, *, actor: Actor, at: datetime, keep: Iterable[int], hide: Sequence[str]
) -> Saying:
    """Decide of each mark whether it is hidden: `keep` are the places of those that need not be, `hide` further words.

    Whoever handles the case reads the result and nothing else.
    """
    row = FLOW.lock(case)
    if not roles.directs_sealed(actor, row):
        raise Hidden
    words = identities.original(saying, row)
    kept = set(keep)
    marked = [one for one in giveaways.unpacked(saying.marks) if one.kind != giveaways.OWN]
    decided = [Mark(one.start, one.end, one.kind, n not in kept) for n, one in enumerate(marked)]
    if absent := [one for one in hide if one not in words]:
        raise Refused(f"原文里没有“{absent[0][:20]}”。请照原文抄写，一行一处。")
    decided = giveaways.joined(decided, giveaways.of_phrases(words, hide))
    fields = identities.shown(saying, words, decided) | {"screened_at": at, "screened_by": actor.person}
    Saying.objects.filter(pk=saying.pk).update(**fields)
    if saying.event.verb in ("register", "note_down"):
        shown = fields["shown"]
        found = search.index_text(row.number, headline(shown), shown, row.place, row.external_number)
        Case.objects.filter(pk=row.pk).update(text=shown, title=headline(shown), search_text=found)
    return Saying.objects.get(pk=saying.pk)


def refuse_unscreened(case: Case) -> None:
    """Nobody is sent before the officer has looked at what was marked."""
    if case.sealed and any(one.waits for one in Saying.objects.filter(case=case)):
        raise Refused("来件里标出了可能认出来件人的字句，请先到“遮盖字句”核对，再派单。")
