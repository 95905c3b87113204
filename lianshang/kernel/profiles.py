"""Mechanism profiles (机制方案): time limits, windows, ladders and rates of a park as data.

A profile file is YAML or JSON; `load` checks it whole and gives a frozen `Profile`. States and transitions are code,
limits are not: whatever asks for a time limit asks `Profile.limit(duty, kind, urgency)`, and None means no clock.
"""

from collections.abc import Mapping
from typing import Any

import yaml

from lianshang.kernel.profile_limits import FORMS, UNIT_WORDS, UNITS, Duty, Limit, Span, Special
from lianshang.kernel.profile_phrases import LimitReader
from lianshang.kernel.profile_reading import ProfileReader
from lianshang.kernel.profile_sources import Fault, Findings, Place, ProfileFaults, ProfileUnreadable, read
from lianshang.kernel.profile_values import (
    ANY_DUTY,
    LEVELS,
    MOMENTS,
    RECEIPTS,
    Callback,
    Count,
    Deferral,
    Extension,
    Near,
    Pause,
    Profile,
    Rate,
    Return,
    Rework,
    Rung,
    Vocabulary,
    to_document,
)
from lianshang.kernel.profile_words import chapters, describe

__all__ = [
    "ANY_DUTY",
    "FORMS",
    "LEVELS",
    "MOMENTS",
    "RECEIPTS",
    "UNITS",
    "UNIT_WORDS",
    "Callback",
    "Count",
    "Deferral",
    "Duty",
    "Extension",
    "Fault",
    "Limit",
    "Near",
    "Pause",
    "Place",
    "Profile",
    "ProfileFaults",
    "ProfileUnreadable",
    "Rate",
    "Return",
    "Rework",
    "Rung",
    "Span",
    "Special",
    "Vocabulary",
    "chapters",
    "describe",
    "dump",
    "load",
    "to_document",
    "write",
]


def load(
    text: str,
    duties: Mapping[str, str],
    *,
    parties: Mapping[str, str] | None = None,
    counts: Mapping[str, Count] | None = None,
    lead: str = "handle",
    deciders: tuple[str, ...] = (),
    extensible: tuple[str, ...] = (),
    judged: bool = True,
) -> Profile:
    """Read a profile file. The names that may be used, some with their Chinese, are those of a `Vocabulary`.

    Raises ProfileUnreadable where the text is no YAML or JSON mapping, ProfileFaults with every fault otherwise.
    Not `judged`, it is an edition that was sound when it was adopted: what is not allowed any more is left out or
    stays as it was written, and nothing is raised.
    """
    root, faults = read(text)
    vocabulary = Vocabulary(duties, parties or {}, counts or {}, lead, deciders, extensible)
    profile = ProfileReader(LimitReader(Findings(faults)), vocabulary).profile(root)
    if faults and judged:
        raise ProfileFaults(faults)
    return profile


def dump(profile: Profile) -> str:
    """The profile as a YAML file for people. `load` reads it back to an equal profile."""
    return write(to_document(profile))


def write(document: Mapping[str, Any]) -> str:
    """A plain mapping, from a form for example, as the text of a profile file. It is not checked: `load` does that."""
    return yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=120)
