"""Briefings and texts to be checked."""

from typing import Any

from lianshang.cases.tests.factories import DAY, MONDAY, Town
from lianshang.reports.models import Briefing
from lianshang.reports.services import articles, briefings
from lianshang.reports.services.briefings import Words
from lianshang.reports.shipped import SHIPPED
from tests.crash.scripts import AT, Script, nothing, receipt

TODAY = MONDAY.date()
WORDS = Words("本月情况", "受理诉求{{ 受理诉求 }}，办结{{ 办结 }}。", "办公室")


def _begun(town: Town, _: Any = None) -> Briefing:
    return briefings.begin(SHIPPED["monthly"], TODAY.replace(day=1), TODAY, TODAY, actor=town.head, at=MONDAY)


def _handed_in(town: Town, _: Any = None) -> Any:
    return articles.hand_in("受理诉求3件。", actor=town.dispatcher, at=MONDAY, day=TODAY)


def _bound(town: Town, _: Any = None) -> Any:
    return articles.bind("来访", "件", "cases.intake", actor=town.dispatcher, at=MONDAY)


OF_REPORTS = (
    Script("reports.services.articles.hand_in", nothing, lambda town, _: receipt(_handed_in(town))),
    Script("reports.services.articles.bind", nothing, lambda town, _: receipt(_bound(town))),
    Script("reports.services.articles.unbind", _bound, lambda town, one: str(
        articles.unbind(one, actor=town.dispatcher, at=AT))),
    Script("reports.services.briefings.begin", nothing, lambda town, _: receipt(_begun(town))),
    Script("reports.services.briefings.change", _begun, lambda town, one: receipt(
        briefings.change(one, WORDS, day=TODAY, version=1, actor=town.dispatcher, at=AT))),
    Script("reports.services.briefings.freeze", _begun, lambda town, one: receipt(
        briefings.freeze(one, actor=town.head, at=AT))),
    Script("reports.services.briefings.keep_template", nothing, lambda town, _: receipt(
        briefings.keep_template("monthly", "月报", WORDS, actor=town.dispatcher, at=AT))),
    Script("reports.services.briefings.set_retired", nothing, lambda town, _: receipt(
        briefings.set_retired("monthly", retired=True, actor=town.dispatcher, at=AT))),
    Script("reports.services.articles.forget", _handed_in, lambda town, _: str(
        articles.forget(town.park, AT + 31 * DAY)), keyed=False),
)  # fmt: skip
