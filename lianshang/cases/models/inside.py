"""The closure of the respondents: who stands inside a complaint or report, by post, by name or by a declared interest.

Units with all above and under them; people who are named or stood aside; and whoever has declared what binds them to
one of these units, enterprises or names. Asked of the rows of a case or of a draft.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from lianshang.directory.lines import closure


def units(respondents: "Iterable[Any]") -> frozenset[int]:
    return closure([one.unit_id for one in respondents if one.unit_id])


def people(respondents: "Iterable[Any]", line: frozenset[int]) -> frozenset[int]:
    """Return the keys of persons; `line` is what `units` gave."""
    told = list(respondents)
    named = {one.person_id for one in told if one.person_id}
    firms = {one.enterprise_id for one in told if one.enterprise_id}
    return frozenset(named | _bound(line, firms, [one.name for one in told if one.name]))


def _bound(line: frozenset[int], firms: set[int], names: list[str]) -> set[int]:
    """Return who has an interest in force. Better one namesake too many shut out than the accused let in."""
    from lianshang.cases.models.complaints import Interest

    reach = Q(unit__in=line) | Q(enterprise__in=firms) | (~Q(name="") if names else Q(pk__in=[]))
    found = Interest.objects.in_force().filter(reach).values_list("person_id", "unit_id", "enterprise_id", "name")
    return {
        person
        for person, unit, firm, name in found
        if unit in line or firm in firms or (name and any(name in written for written in names))
    }
