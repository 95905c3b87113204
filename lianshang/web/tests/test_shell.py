from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from lianshang.web import context, navigation

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@dataclass
class Park:
    code: str = "KY"
    is_demo: bool = True

    def __str__(self):
        return "示例园区"


@dataclass
class Actor:
    kind: str = "staff"
    park: Park | None = None
    person: str | None = "李敏"
    unit: str | None = "综合党委办公室"
    roles: frozenset = frozenset({"dispatcher"})


def make_request(rf, path="/", actor=None):
    request = rf.get(path)
    request.actor = actor
    return request


@pytest.mark.parametrize("actor", [None, Actor(kind="holder"), Actor(kind="system")])
def test_shell_shows_visitors_nothing_of_staff(rf, actor):
    shell = context.Shell(make_request(rf, actor=actor))

    assert (shell.who, shell.groups, shell.unread, shell.worker_silent_minutes, shell.desk_url) == (
        None,
        [],
        0,
        None,
        "/",
    )


def test_shell_survives_a_request_without_actor(rf):
    assert context.Shell(rf.get("/")).who is None


def test_who_is_told_in_words():
    who = context.who_of(Actor(park=Park(), roles=frozenset({"chain_chief", "dispatcher"})))

    assert who == ("李敏", "综合党委办公室", ("派单员", "链长"), "示例园区", "KY", True)


def test_groups_hold_what_the_roles_may_open(rf, monkeypatch):
    lines = [
        {"label": "设置", "url": "web:home", "icon": "a", "order": 2, "roles": ("administrator",)},
        {"label": "首页", "url": "web:home", "icon": "b", "order": 1},
    ]
    monkeypatch.setattr(navigation, "entries", lambda: tuple(navigation.read([line])[0] for line in lines))

    groups = context.Shell(make_request(rf, actor=Actor())).groups

    assert groups == [("工作", [("首页", "/", "b", True, "")])]


def test_entries_come_in_their_order():
    lines = [{"label": name, "url": name, "icon": "x", "order": order} for name, order in (("b", 2), ("a", 1))]

    assert [entry.label for entry in navigation.read(lines)] == ["a", "b"]


def test_entries_refuse_two_for_one_place():
    line = {"label": "收件箱", "url": "cases:desk", "icon": "inbox", "order": 1}

    with pytest.raises(navigation.Twice):
        navigation.read([line, line])


def test_entries_of_all_packages_lead_somewhere():
    assert navigation.check_entries(None) == []


@pytest.mark.parametrize(
    ("seen", "minutes"),
    [(None, None), (NOW - timedelta(seconds=90), None), (NOW - timedelta(minutes=12), 12)],
)
def test_silence_of_the_worker_counts_past_two_minutes(seen, minutes):
    assert context.silent_minutes(seen, NOW) == minutes
