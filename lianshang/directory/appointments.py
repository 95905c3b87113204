"""What the security administrator does: posts, the rules of signing in, locks. People and accounts are another's."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lianshang.directory import audit, second_factor, sign_ins, throttle
from lianshang.directory.actors import Actor
from lianshang.directory.models import ADMINISTRATORS, Account, Person, Post, Role, SecurityRules, Unit
from lianshang.kernel.refusals import Hidden, Refused

ASSIGNS = (Role.SECURITY_ADMIN,)
APART = "系统管理员、安全管理员、审计管理员互相监督，同一个人同一时间只能担任一种。{0}已是{1}，请先结束那个岗位，或另选一位。"
Kind = audit.Kind


@dataclass(frozen=True)
class Rules:
    second_factor_from: date | None
    idle_minutes: int
    most_hours: int


def assigns(actor: Actor) -> bool:
    return actor.has(*ASSIGNS)


def posts_of(who: Person, on: date) -> QuerySet[Post]:
    """Return the posts that the person has or will have."""
    rows = Post.objects.filter(Q(until=None) | Q(until__gte=on), person=who)
    return rows.select_related("unit", "deputy_of__person").order_by("since", "pk")


@transaction.atomic
def appoint(
    who: Person, unit: Unit, role: str, *, since: date, until: date | None = None, actor: Actor, at: datetime
) -> Post:
    """Give the person a post. Raises `Refused`: nobody appoints themselves, and nobody holds two administrations."""
    _assigns(actor)
    if who == actor.person:
        raise Refused("不能给自己安排岗位。请由另一位安全管理员办理。")
    if until and until < since:
        raise Refused("结束日期早于开始日期。请改日期。")
    Person.objects.select_for_update(of=("self",)).get(pk=who.pk)
    ahead = Post.objects.filter(Q(until=None) | Q(until__gte=since), Q(since__lte=until) if until else Q(), person=who)
    if ahead.filter(unit=unit, role=role, deputy_of=None).exists():
        raise Refused(f"{who}这段时间已是{unit}的{Role(role).label}。")
    if role in ADMINISTRATORS and (other := ahead.filter(role__in=ADMINISTRATORS).exclude(role=role).first()):
        raise Refused(APART.format(who, other.get_role_display()))
    post = Post.objects.create(park=actor.park, person=who, unit=unit, role=role, since=since, until=until)
    what = f"安排为{unit}的{post.get_role_display()}，自 {since:%Y-%m-%d}{f' 至 {until:%Y-%m-%d}' if until else ''}"
    audit.note(actor, Kind.POST, what, about=who, at=at)
    return post


@transaction.atomic
def end_post(post: Post, *, actor: Actor, at: datetime) -> None:
    """End it now: yesterday was its last day, and whoever is signed in by it is signed out. Raises `Refused`."""
    _assigns(actor)
    if post.person == actor.person:
        raise Refused("不能结束自己的岗位。请由另一位安全管理员办理。")
    today = timezone.localtime(at).date()
    keep_one(Post.objects.filter(pk=post.pk), on=today)
    row = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    if row.until and row.until < today:
        raise Refused("这个岗位已经结束。")
    Post.objects.filter(Q(pk=row.pk) | Q(deputy_of=row), park=actor.park).update(until=today - timedelta(days=1))
    if account := Account.objects.filter(person=row.person_id).first():
        sign_ins.end(account, at=at)
    audit.note(actor, Kind.POST, f"结束{row.unit}的{row.get_role_display()}岗位", about=row.person, at=at)


def keep_one(ending: QuerySet[Post], *, on: date) -> None:
    """Raise `Refused` where, without these posts, nobody who can sign in would hold an administration any more."""
    posts = Post.objects.in_force(on).filter(role__in=ADMINISTRATORS)
    list(posts.select_for_update(of=("self",)).order_by("pk"))  # of two who end each other's the second sees the first
    held, gone = posts.filter(person__account__is_active=True), set(ending.values_list("pk", flat=True))
    for role in sorted(set(held.filter(pk__in=gone).values_list("role", flat=True))):
        if not held.filter(role=role).exclude(pk__in=gone).exists():
            raise Refused(f"这是最后一位能登录的{Role(role).label}。请先安排另一位，再办这一件。")


def rules_of(actor: Actor) -> SecurityRules:
    _assigns(actor)
    return SecurityRules.objects.first() or SecurityRules(park=actor.park)


@transaction.atomic
def keep_rules(rules: Rules, *, actor: Actor, at: datetime) -> None:
    """Decide how the park's staff sign in: times count from each next sign-in on, the second factor within minutes."""
    _assigns(actor)
    SecurityRules.objects.update_or_create(park=actor.park, defaults=vars(rules))
    begins = rules.second_factor_from
    factor = f"{begins:%Y-%m-%d} 起必须启用动态口令" if begins else "动态口令只提醒，不强制"
    what = f"登录规则：{factor}，{rules.idle_minutes} 分钟不操作退出，一次最长 {rules.most_hours} 小时"
    audit.note(actor, Kind.SECURITY, what, at=at)


@transaction.atomic
def unlock(account: Account, *, actor: Actor, at: datetime) -> None:
    """Let an account try again at once."""
    _over(actor, account)
    throttle.unlock(account.username)
    audit.note(actor, Kind.SECURITY, f"解除账号 {account} 的登录等待", about=account.person, at=at)


@transaction.atomic
def drop_second_factor(account: Account, *, actor: Actor, at: datetime) -> None:
    """The telephone is lost: the next sign-in sets up another one, and what is signed in ends."""
    _over(actor, account)
    if actor.person == account.person:
        raise Refused("自己的动态口令请到“我的账号”里换，或由另一位安全管理员清除。")
    second_factor.drop(account)
    sign_ins.end(account, at=at)
    audit.note(actor, Kind.SECURITY, f"清除账号 {account} 的动态口令", about=account.person, at=at)


def _over(actor: Actor, account: Account) -> None:
    _assigns(actor)
    if account.park_id != actor.park.pk:
        raise Hidden


def _assigns(actor: Actor) -> None:
    if not assigns(actor):
        raise Hidden
