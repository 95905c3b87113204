"""What is there before anybody set anything up: the first park, and the first holder of each administration."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_scopes import scope

from lianshang.directory import audit, second_factor, sign_ins, throttle
from lianshang.directory.accounts import TAKEN, FirstPassword, first_password
from lianshang.directory.models import Account, Park, Person, Post, Role, Unit
from lianshang.kernel.refusals import Refused

CODE, NAME = "P1", "未命名园区"
OFFICE = "综合党委办公室"


@transaction.atomic
def found_park() -> Park:
    """Make a park with its committee's office and nothing else. Its mechanism is adopted by whoever knows mechanisms."""
    park = Park.objects.create(code=CODE, name=NAME)
    with scope(park=park):
        Unit.objects.create(park=park, code="office", name=OFFICE, kind=Unit.Kind.OFFICE)
    return park


def found_administrator(park: Park, role: str, name: str, username: str, *, at: datetime) -> tuple[Account, str]:
    """Make the first holder of an administration, with a first password; all others are made on the pages.

    Whoever may run commands on the machine does it, once for each administration: afterwards two of them are needed to
    make a third. Needs the park's scope. Raises `Refused`.
    """
    return _founded(park, role, name, username, first=first_password(), at=at)


@transaction.atomic
def _founded(
    park: Park, role: str, name: str, username: str, *, first: FirstPassword, at: datetime
) -> tuple[Account, str]:
    day = timezone.localtime(at, park.zoneinfo).date()
    there = Post.objects.in_force(day).filter(role=role, person__account__is_active=True)
    if (post := there.select_related("person").first()) is not None:
        raise Refused(f"已有{Role(role).label}：{post.person}。请由系统管理员添加人员，由安全管理员安排岗位。")
    office = Unit.objects.filter(kind=Unit.Kind.OFFICE).first()
    if office is None:
        raise Refused("园区还没有综合党委办公室，无处安排岗位。")
    person = Person.objects.create(park=park, name=name)
    facts = {"park": park, "person": person, "password": first.kept, "must_change_password": True}
    try:
        with transaction.atomic():
            account = Account.objects.create(username=username, **facts)
    except IntegrityError:
        raise Refused(TAKEN) from None
    Post.objects.create(park=park, person=person, unit=office, role=role, since=day)
    what = f"由服务器上的命令开了{Role(role).label}的账号 {username}"
    audit.record(audit.Kind.ACCOUNT, what, park=park, about=person, at=at)
    return account, first.said


def rescue(account: Account, *, at: datetime) -> str:
    """Return a new first password where nobody can help on the pages any more; the second factor is set up anew."""
    first = first_password()
    fields = {"password": first.kept, "must_change_password": True, "is_active": True}
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(**fields)
        second_factor.drop(account)
        throttle.unlock(account.username)
        sign_ins.end(account, at=at)
        what = f"由服务器上的命令重设账号 {account} 的密码，清除动态口令"
        audit.record(audit.Kind.ACCOUNT, what, park=account.park, about=account.person, at=at)
    return first.said


def close_demo_accounts() -> int:
    """Shut the accounts whose password is published; return how many."""
    return Account.objects.filter(is_demo=True, is_active=True).update(is_active=False)
