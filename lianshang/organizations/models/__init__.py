"""The tables of Party organisations. Days, not moments: an approval, an election, a transfer has a date."""

from lianshang.organizations.models.bodies import Coverage, Officer, Organization, Term
from lianshang.organizations.models.building import Incubation, IncubationStep, Outside
from lianshang.organizations.models.members import Affiliation, Member, Placement
from lianshang.organizations.models.records import OrganizationRecord
from lianshang.organizations.models.venues import VenueItem

__all__ = [
    "Affiliation",
    "Coverage",
    "Incubation",
    "IncubationStep",
    "Member",
    "Officer",
    "Organization",
    "OrganizationRecord",
    "Outside",
    "Placement",
    "Term",
    "VenueItem",
]
