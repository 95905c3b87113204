"""How enterprises stand on a day: the rows read for the rules, and the sets that figures are made of."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from lianshang.directory.models import Post, Role
from lianshang.enterprises.models import ContactPerson, Enterprise
from lianshang.organizations.models import Affiliation, Coverage, Outside, Placement
from lianshang.organizations.rules.building import Finding, Firm, Joint, judge
from lianshang.organizations.rules.kinds import NORMS, Kind

REGISTER, JOB = "register", "job"
BASES = ((REGISTER, "在册（组织关系在园区）"), (JOB, "在岗（在企业工作）"))
OWN_KINDS = (Kind.BRANCH.value, Kind.GENERAL.value)
JOINT_KINDS = (Kind.JOINT.value,)


def operating(day: date) -> QuerySet[Enterprise]:
    """Return the denominator: enterprises that really operate on that day."""
    return Enterprise.objects.filter(~Exists(Outside.objects.on(day).filter(enterprise=OuterRef("pk"))), is_active=True)


def covered_by(kinds: Iterable[str], day: date) -> Exists:
    standing = Q(organization__ended_on=None) | Q(organization__ended_on__gt=day)
    rows = Coverage.objects.on(day).filter(standing, organization__kind__in=tuple(kinds))
    return Exists(rows.filter(enterprise=OuterRef("pk")))


def with_instructor(day: date) -> Exists:
    """Whether an instructor, in post that day, is the one whom the enterprise calls."""
    end = _end_of(day)
    posts = Post.objects.in_force(day).filter(role=Role.INSTRUCTOR, person=OuterRef("person"))
    rows = ContactPerson.objects.filter(Q(until=None) | Q(until__gt=end), Exists(posts), since__lte=end)
    return Exists(rows.filter(enterprise=OuterRef("pk")))


def with_full_members(rows: QuerySet[Enterprise], day: date, basis: str = REGISTER) -> QuerySet[Enterprise]:
    """Annotate `full`: how many full members each enterprise has on that day."""
    counted = (
        _working(day, basis).filter(member__full_on__lte=day, enterprise=OuterRef("pk")).order_by()
        .values("enterprise").annotate(n=Count("pk")).values("n")
    )  # fmt: skip
    return rows.annotate(full=Coalesce(Subquery(counted, output_field=IntegerField()), Value(0)))


def must_build(day: date) -> QuerySet[Enterprise]:
    """应建未建: three full members on the register and no branch of its own."""
    rows = with_full_members(operating(day), day)
    return rows.filter(~covered_by(OWN_KINDS, day), full__gte=NORMS.fewest_full)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), timezone.get_current_timezone()) - timedelta(
        microseconds=1
    )


def _working(day: date, basis: str) -> QuerySet[Placement]:
    rows = Placement.objects.on(day).filter(Q(member__ended_on=None) | Q(member__ended_on__gt=day))
    rows = rows.filter(member__joined_on__lte=day)
    if basis == JOB:
        return rows
    here = Affiliation.objects.on(day).filter(organization__isnull=False, member=OuterRef("member"))
    return rows.filter(Exists(here))


def findings(day: date, basis: str = REGISTER) -> list[Finding]:
    """Return what follows for each enterprise on that day, in the order of their numbers."""
    own: dict[int, str] = {}
    joints: dict[int, list[str]] = defaultdict(list)
    held = list(
        Coverage.objects.on(day)
        .filter(Q(organization__ended_on=None) | Q(organization__ended_on__gt=day))
        .select_related("organization", "enterprise").order_by("organization__name", "pk")
    )  # fmt: skip
    for row in held:
        if row.organization.kind in OWN_KINDS:
            own.setdefault(row.enterprise_id, row.organization.name)
        elif row.organization.kind in JOINT_KINDS:
            joints[row.enterprise_id].append(row.organization.name)
    counts, outside, instructors = _counts(day, basis), _outside(day), _instructors(day)
    firms = [
        _firm(
            one, own.get(one.pk, ""), joints[one.pk], counts[one.pk], outside.get(one.pk), instructors.get(one.pk, "")
        )
        for one in Enterprise.objects.filter(is_active=True).order_by("code")
    ]
    return judge(firms, _joints(held, day))


def _firm(
    one: Enterprise, own: str, joints: list[str], counts: tuple[int, int], out: Outside | None, instructor: str
) -> Firm:
    return Firm(
        one.code, one.name, one.sector, one.stage, counts[0], counts[1], own, tuple(joints), instructor,
        out.get_reason_display() if out else "", out.since if out else None,
    )  # fmt: skip


def _counts(day: date, basis: str) -> dict[int, tuple[int, int]]:
    """Return enterprise → (full, on probation)."""
    rows = _working(day, basis).order_by().values("enterprise")
    counted = rows.annotate(full=Count("pk", filter=Q(member__full_on__lte=day)), everybody=Count("pk"))
    found = {row["enterprise"]: (row["full"], row["everybody"] - row["full"]) for row in counted}
    return defaultdict(lambda: (0, 0), found)


def _outside(day: date) -> dict[int, Outside]:
    return {row.enterprise_id: row for row in Outside.objects.on(day)}


def _instructors(day: date) -> dict[int, str]:
    end = _end_of(day)
    posts = Post.objects.in_force(day).filter(role=Role.INSTRUCTOR, person=OuterRef("person"))
    rows = ContactPerson.objects.filter(Q(until=None) | Q(until__gt=end), Exists(posts), since__lte=end)
    return dict(rows.order_by("since").values_list("enterprise", "person__name"))


def _joints(held: list[Coverage], day: date) -> list[Joint]:
    grouped: dict[int, list[Coverage]] = defaultdict(list)
    for row in held:
        if row.organization.kind in JOINT_KINDS:
            grouped[row.organization_id].append(row)
    members = dict(
        Affiliation.objects.on(day).filter(organization__in=grouped).order_by().values("organization")
        .annotate(n=Count("pk")).values_list("organization", "n")
    )  # fmt: skip
    return [
        Joint(
            rows[0].organization.name,
            frozenset(one.enterprise.sector for one in rows),
            frozenset(one.enterprise.stage for one in rows),
            len(rows),
            members.get(key, 0),
        )
        for key, rows in grouped.items()
    ]
