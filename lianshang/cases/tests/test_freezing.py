"""What was published can be computed again to the bit; what moved since is shown; a correction is a new edition."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from lianshang.cases import services
from lianshang.cases.tests import frozen_walk
from lianshang.cases.tests.factories import DAY, MONDAY, make_actor
from lianshang.indicators import freezing, periods
from lianshang.indicators.models import FrozenFigure
from lianshang.kernel.refusals import Hidden, Refused

NOVEMBER = periods.month(MONDAY.date())
SEED, CHANGES = 20261124, 200


@pytest.fixture
def clerk(town):
    return make_actor(town.park, "顾统", "reporting_clerk", town.office)


def publish(clerk, at=MONDAY + 10 * DAY, **more):
    return freezing.publish(NOVEMBER, actor=clerk, at=at, known=timezone.now(), **more)


def frozen(publication, key):
    figure = publication.figures.get(indicator=key)
    figure.publication = publication
    return figure


def test_published_figures_reproduce_after_200_random_later_changes(town):
    count, wrong = frozen_walk.moved(town, SEED, 10, CHANGES)

    assert wrong == []
    assert count > 80


def test_a_figure_read_now_reads_the_same_later_as_of_now(town):
    assert frozen_walk.live_and_later(town, SEED + 1, 25, 2) == []


def test_what_is_recorded_later_is_drift_and_moves_no_published_figure(town, clerk):
    case = town.answered()
    made = publish(clerk, keys=("cases.solved",))
    services.confirm(case, actor=town.holder(case), at=MONDAY + 3 * DAY, grade="satisfied")

    solved = frozen(made, "cases.solved")
    drift = freezing.drift(solved)

    assert freezing.reproduces(solved)
    assert (solved.number, drift.value, drift.came, drift.went) == (0, 1, [str(case.key)], [])


def test_a_correction_is_a_new_edition_with_its_reason(town, clerk):
    case = town.answered()
    old = publish(clerk, keys=("cases.solved",))
    services.confirm(case, actor=town.holder(case), at=MONDAY + 3 * DAY, grade="satisfied")

    new = freezing.correct(old, actor=clerk, at=MONDAY + 11 * DAY, reason="企业确认补录", known=timezone.now())

    assert (new.edition, new.corrects, new.at) == (2, old, old.at)
    assert [frozen(one, "cases.solved").number for one in (old, new)] == [0, 1]
    with pytest.raises(Refused, match="已经更正过"):
        freezing.correct(old, actor=clerk, at=MONDAY + 12 * DAY, reason="再来一次")


def test_a_correction_says_why_and_a_period_to_come_is_not_published(town, clerk):
    old = publish(clerk, keys=("cases.intake",))

    with pytest.raises(Refused, match="理由"):
        freezing.correct(old, actor=clerk, at=MONDAY, reason=" ")
    with pytest.raises(Refused, match="还没有开始"):
        freezing.publish(periods.parse("2031"), actor=clerk, at=MONDAY)


@pytest.mark.parametrize("name", ["dispatcher", "chief", "liaison", "complaints", "auditor", "administrator"])
def test_nobody_but_clerk_and_head_publishes(town, name):
    with pytest.raises(Hidden):
        freezing.publish(NOVEMBER, actor=getattr(town, name), at=MONDAY)


def test_a_published_figure_is_never_changed(town, clerk):
    made = publish(clerk, keys=("cases.intake",))

    for change in (lambda rows: rows.update(value=7), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change(FrozenFigure.objects.filter(publication=made))


def test_a_changed_definition_leaves_the_figure_and_says_that_it_cannot_be_computed(town, clerk):
    figure = frozen(publish(clerk, keys=("cases.intake",)), "cases.intake")
    figure.version = 0

    assert not freezing.reproduces(figure)
    assert not freezing.drift(figure).computable
