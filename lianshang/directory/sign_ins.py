"""Where an account is signed in, and when that ends: after idling, after its longest time, and when a role ends.

What a request needs stands in Django's session, so that asking costs no query; a row of `SignIn` for each is what
the owner sees and ends. A session without our mark was not begun here and ends at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from lianshang.directory.actors import Actor
from lianshang.directory.models import ADMINISTRATORS, Account, Park, SecurityRules, SignIn
from lianshang.kernel import outbox

KEY = "staff"
GATE = "gate"  # what has to be done before anything else
STILL = timedelta(minutes=5)  # how often it is noted that somebody is there
IDLE = "太久没有操作，已自动退出。请重新登录；没有交上的内容，请退回上一页再交一次。"
OLD = "这次登录已经到时间，请重新登录。"
CHANGED = "您的岗位有变动，请重新登录。"


@dataclass(frozen=True)
class Where:
    """The browser that somebody signs in with."""

    browser: str
    address: str


def begin(session: SessionBase, actor: Actor, account: Account, where: Where, *, at: datetime) -> None:
    """Note the sign-in, with the park's rules and the posts that it rests on."""
    rules = SecurityRules.objects.first() or SecurityRules()
    session[KEY] = {
        "since": at.timestamp(),
        "seen": at.timestamp(),
        "idle": rules.idle_minutes * 60,
        "most": rules.most_hours * 3600,
        "posts": sorted(map(list, actor.posts)),
    }
    facts = {"account": account, "at": at, "seen_at": at, "browser": where.browser, "address": where.address}
    key = session.session_key or ""
    SignIn.objects.update_or_create(park=actor.park, session_key=key, defaults=facts | {"ended_at": None})


def ended(session: SessionBase, actor: Actor, at: datetime) -> str:
    """Return why the sign-in is over, empty while it is not."""
    mark = session.get(KEY)
    if not mark:
        return OLD
    now = at.timestamp()
    if now - mark["seen"] > mark["idle"]:
        return IDLE
    if now - mark["since"] > mark["most"]:
        return OLD
    held = {(role, unit) for role, unit in mark["posts"]}
    raised = (actor.roles - {role for role, _ in held}) & set(ADMINISTRATORS)
    return CHANGED if held - actor.posts or raised else ""


def seen(session: SessionBase, actor: Actor, at: datetime) -> bool:
    """Note now and then that somebody is there, and posts that were added since. Return whether it was time to."""
    mark = session[KEY]
    quiet = min(STILL.total_seconds(), mark["idle"] / 6)
    posts = sorted(map(list, actor.posts))
    if at.timestamp() - mark["seen"] < quiet and mark["posts"] == posts:
        return False
    session[KEY] = mark | {"seen": at.timestamp(), "posts": posts}
    SignIn.objects.filter(park=actor.park, session_key=session.session_key).update(seen_at=at)
    return True


def moved(account: Account, old_key: str, new_key: str) -> None:
    """The browser has another key now, as after a change of the password."""
    SignIn.objects.filter(park=account.park, account=account, session_key=old_key).update(session_key=new_key)


def of(account: Account, at: datetime) -> QuerySet[SignIn]:
    """Return where the account may still be signed in, the newest first."""
    longest = at - timedelta(hours=24)
    return SignIn.objects.filter(account=account, ended_at=None, at__gt=longest).order_by("-at", "-pk")


def end(account: Account, *, at: datetime, only: int | None = None, but: str = "") -> int:
    """End the account's sign-ins: all, `only` one, or all `but` the one with this key. Return how many."""
    rows = SignIn.objects.filter(Q(pk=only) if only is not None else Q(), park=account.park, account=account)
    found = list(rows.filter(ended_at=None).exclude(session_key=but).values_list("session_key", flat=True))
    for key in found:
        SessionStore(key).delete()
    return rows.filter(session_key__in=found).update(ended_at=at)


def close(account: Account, key: str, *, at: datetime) -> None:
    """Note that the sign-in with this key is over."""
    SignIn.objects.filter(park=account.park, account=account, session_key=key, ended_at=None).update(ended_at=at)


def browser_of(agent: str) -> str:
    """Return what the browser calls itself, in words that its owner knows: no more than tells one's devices apart."""
    names = (
        ("MicroMessenger", "微信"),
        ("Edg", "Edge"),
        ("Firefox", "火狐"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (
        ("Android", "安卓手机"),
        ("iPhone", "苹果手机"),
        ("iPad", "平板"),
        ("Windows", "Windows"),
        ("Mac", "Mac"),
    )
    name = next((word for sign, word in names if sign in agent), "浏览器")
    system = next((word for sign, word in systems if sign in agent), "电脑")
    return f"{system}，{name}"


@outbox.every(24 * 3600)
def forget(park: Park, now: datetime) -> None:
    """Clear away sessions whose cookie is no good any more: whoever left without signing out leaves nothing behind."""
    Session.objects.filter(expire_date__lt=now).delete()
