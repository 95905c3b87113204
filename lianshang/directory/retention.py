"""Erasing what has been kept long enough: the security administrator sees first what would go, then it goes, on record.

Periods are the park's own, never below what a kind demands. The worker erases once a day those kinds alone for which
the park has said so.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from lianshang.directory import audit
from lianshang.directory.actors import Actor
from lianshang.directory.models import Account, Park, Person, Post, RetentionPeriod, Role, SignIn
from lianshang.kernel import outbox, retention
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.kernel.retention import Kind, Preview

DECIDES = (Role.SECURITY_ADMIN,)
DAILY = 24 * 3600  # seconds
LONGEST = 36_500  # days
CHANGED = "预览之后又有变化：现在是 {0} 条，先前看到的是 {1} 条。请看过新的预览再清除。"


def previews(now: datetime) -> list[Preview]:
    """Return for each kind what erasing would take now. Needs the park's scope."""
    periods = dict(RetentionPeriod.objects.values_list("kind", "days"))
    kinds = sorted(retention.KINDS.values(), key=lambda kind: kind.name)
    return [retention.preview(kind, periods.get(kind.name, kind.days), now) for kind in kinds]


def automatic_kinds() -> set[str]:
    return set(RetentionPeriod.objects.filter(automatic=True).values_list("kind", flat=True))


def shown_to(actor: Actor, now: datetime) -> list[Preview]:
    _decides(actor)
    return previews(now)


@transaction.atomic
def keep_period(name: str, days: int, *, automatic: bool, actor: Actor, at: datetime) -> None:
    """Decide how long a kind is kept. Raises `Refused` outside its bounds."""
    _decides(actor)
    kind = _kind(name)
    if not kind.least <= days <= LONGEST:
        raise Refused(f"{kind.label}至少保存 {kind.least} 天，至多 {LONGEST} 天。请改天数。")
    RetentionPeriod.objects.update_or_create(
        park=actor.park, kind=name, defaults={"days": days, "automatic": automatic}
    )
    what = f"{kind.label}的保存期限：{days} 天，{'到期自动清除' if automatic else '到期由人清除'}"
    audit.note(actor, audit.Kind.RETENTION, what, at=at)


@transaction.atomic
def erase(name: str, expected: int, *, actor: Actor, at: datetime) -> int:
    """Erase what the preview showed; `expected` is its count. Raises `Refused` where it is another by now."""
    _decides(actor)
    kind = _kind(name)
    shown = next(one for one in previews(at) if one.kind is kind)
    if shown.count != expected:
        raise Refused(CHANGED.format(shown.count, expected))
    return _erased(shown, actor.park, at, actor.person)


def erase_for(park: Park, name: str, at: datetime) -> int:
    """As `erase`, for the command on the machine and for the worker. Needs the park's scope."""
    shown = next(one for one in previews(at) if one.kind is _kind(name))
    return _erased(shown, park, at, None)


@outbox.every(DAILY)
def erase_due(park: Park, now: datetime) -> None:
    """What the park wants erased without being asked."""
    for name in sorted(automatic_kinds() & set(retention.KINDS)):
        erase_for(park, name, now)


@transaction.atomic
def _erased(shown: Preview, park: Park, at: datetime, person: Person | None) -> int:
    count = retention.erase(shown, at)
    if count:
        what = f"清除{shown.kind.label} {count} 条，{shown.days} 天以前的"
        audit.record(audit.Kind.RETENTION, what, park=park, person=person, at=at)
    return count


def _kind(name: str) -> Kind:
    if name not in retention.KINDS:
        raise Hidden
    return retention.KINDS[name]


def _decides(actor: Actor) -> None:
    if not actor.has(*DECIDES):
        raise Hidden


# -- kinds of the directory ----------------------------------------------------------------------------------------


def _old_sign_ins(before: datetime) -> QuerySet[SignIn]:
    return SignIn.objects.filter(at__lt=before)


def _leavers(before: datetime) -> QuerySet[Person]:
    """Staff whose last post ended before, who sign in no more, and of whom a number or an address is still there."""
    later = Post.objects.filter(Q(until=None) | Q(until__gte=before.date()), person=OuterRef("pk"))
    posts = Post.objects.filter(person=OuterRef("pk"))
    open_account = Account.objects.filter(person=OuterRef("pk"), is_active=True)
    rows = Person.objects.exclude(phone="", email="")
    return rows.filter(Exists(posts), ~Exists(later), ~Exists(open_account))


def _forget_contact(rows: QuerySet, at: datetime) -> int:
    return rows.update(phone="", phone_mark="", email="")


retention.register(
    Kind(
        name="sign_ins",
        label="登录记录",
        what="删去登录过的设备和网络地址；审计记录里的登录时间留着。",
        columns=("directory.SignIn.address", "directory.SignIn.browser"),
        since="登录后",
        days=365,
        least=180,
        age="at",
        found=_old_sign_ins,
        erase=lambda rows, _: rows.delete()[0],
    )
)
retention.register(
    Kind(
        name="leavers",
        label="离岗人员的联系方式",
        what="清空电话和邮箱；姓名和任过的岗位留着，经办记录要写得出是谁。",
        columns=("directory.Person.phone", "directory.Person.phone_mark", "directory.Person.email"),
        since="离岗后",
        days=365,
        least=30,
        age="posts__until",
        found=_leavers,
        erase=_forget_contact,
    )
)
