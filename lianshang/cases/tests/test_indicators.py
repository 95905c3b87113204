"""Every figure is what its rows say, for every way to narrow it; a row less is another figure; identities balance."""

from decimal import Decimal
from statistics import median

import pytest

from lianshang.cases import services
from lianshang.cases.models import Case
from lianshang.cases.tests import frozen_walk
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY
from lianshang.cases.tests.walker import Walker
from lianshang.indicators import evidence, overlap, periods, registry, scopes
from lianshang.indicators.registry import REGISTRY
from lianshang.kernel import editions, paging
from lianshang.kernel.deadlines import working_days_between

SEED = 20261123
YEAR = periods.Period(MONDAY.date().replace(month=1, day=1), MONDAY.date().replace(year=2027), "两年", "当期")


def at(town, moment, reader=None):
    return scopes.now(town.park, reader, moment)


def value(town, key, moment=MONDAY + 20 * DAY, reader=None, period=YEAR):
    return registry.read(key, at(town, moment, reader), period).value


def lived_through(town, seed):
    """Return the scope after a case in every state and a random walk."""
    frozen_walk.lived(town)
    walker = Walker(town, seed)
    walker.run(25)
    return at(town, max(walker.at, MONDAY + 60 * DAY))


def listed(rows):
    """Return the rows as the pages of the list bring them, one after another."""
    sheet, found, after = evidence.sheet_of(rows), [], ""
    while True:
        page = paging.page(sheet.prepare(rows), sheet.order, after=after)
        found += page.rows
        if not page.next:
            return found
        after = page.next


def by_hand(reading, scope):
    """Compute the value from the rows that are listed, by other means."""
    rows = listed(reading.evidence)
    match reading.way:
        case "share":
            whole = listed(reading.of)
            assert {row.pk for row in rows} <= {row.pk for row in whole}
            return Decimal(int(10000 * len(rows) / len(whole) + 1e-9)) / 100 if whole else None
        case "distinct":
            return Decimal(len({getattr(row, f"{reading.path}_id") for row in rows}))
        case "median":
            calendar, zone = editions.calendar_of(editions.in_force(scope.park.pk)[None]), scope.park.zoneinfo
            ends = [(row.registered_at.astimezone(zone).date(), row.closed_at.astimezone(zone).date()) for row in rows]
            return Decimal(str(median(working_days_between(*pair, calendar) for pair in ends))) if rows else None
    return Decimal(len(rows))


def choices(reading, scope):
    """Return every way to narrow a figure that its rows allow, and none."""
    sheet = evidence.sheet_of(reading.of if reading.of is not None else reading.evidence)
    rows = reading.of if reading.of is not None else reading.evidence
    for one in sheet.narrowings:
        for found in sorted({str(found) for found in rows.order_by().values_list(one.path, flat=True) if found}):
            yield one.name, found


def test_figures_are_what_their_rows_say_for_every_filter(town):
    scope = lived_through(town, SEED)

    tried = 0
    for one in REGISTRY.values():
        reading = one.measure(scope, YEAR)
        assert reading.value == by_hand(reading, scope), one.key
        for name, chosen in choices(reading, scope):
            part = reading.narrowed(evidence.narrowed_by(evidence.sheet_of(reading.evidence), name, chosen))
            assert part.value == by_hand(part, scope), (one.key, name, chosen)
            tried += 1

    assert tried > 100


def test_one_row_less_is_another_figure(town):
    scope = lived_through(town, SEED)

    seen = set()
    for one in REGISTRY.values():
        whole = one.measure(scope, YEAR)
        row = whole.evidence.order_by("pk").first()
        if row is None:
            continue
        less = whole.narrowed(lambda rows, row=row: rows.exclude(pk=row.pk) if rows.model is type(row) else rows)
        assert less.rows_count == whole.rows_count - 1, one.key
        if one.kind != "rate" and whole.way == "count":
            assert less.value == whole.value - 1, one.key
        seen.add(one.key)

    assert len(seen) > 25


def test_the_carry_over_balances_in_every_month(town):
    scope = lived_through(town, SEED + 5)

    for text in ("2026-11", "2026-12", "2026-11-05..2026-11-09", "2026", "2027-01"):
        left, right = registry.read("cases.open", scope, periods.parse(text)).balance
        assert sum(count for _, count in left) == sum(count for _, count in right), (text, left, right)


def test_the_terms_of_the_proof_add_up_to_the_intake(town):
    scope = lived_through(town, SEED + 6)

    found = [value(town, f"cases.{name}", scope.at) for name in ("intake", "in_time", "lawfully_open", "breaches")]

    assert found[0] == sum(found[1:])


def test_nothing_to_measure_is_no_number(town):
    assert value(town, "cases.handle_rate") is None
    assert registry.shown(REGISTRY["cases.handle_rate"], None) == "—"
    assert value(town, "cases.median_days") is None
    assert value(town, "cases.intake") == 0


def test_whoever_was_not_reached_is_in_no_rate_and_stands_beside(town):
    case = services.approve(
        town.answered(contact_phone="", enterprise=None), actor=town.dispatcher, at=MONDAY + 2 * DAY
    )
    services.close_unreached(case, actor=town.callback, at=MONDAY + 3 * DAY, note="没有留联系方式")

    reading = registry.read("cases.satisfaction", at(town, MONDAY + 4 * DAY), YEAR)

    assert reading.value is None
    assert next((one.label, count) for one, count in reading.beside_counts) == ("没有联系上，未评价", 1)


def test_a_late_answer_counts_against_the_rates_for_ever(town):
    case = town.signed()
    services.answer(case, actor=town.liaison, at=MONDAY + 20 * DAY, note="已修好，恢复照明。")

    now = MONDAY + 25 * DAY

    assert [value(town, key, now) for key in ("cases.handle_rate", "cases.feedback_rate")] == [0, 0]


def test_each_reader_counts_what_they_may_open(town):
    town.answered()
    town.whistle(MONDAY + HOUR)

    counts = {
        name: value(town, "cases.intake", reader=getattr(town, name))
        for name in ("head", "liaison", "outsider", "complaints")
    }

    assert counts == {"head": 2, "liaison": 1, "outsider": 0, "complaints": 0}


def test_complaints_stand_in_no_figure(town):
    town.answered(nature="complaint", enterprise=None, contact_phone="")

    for reader in (None, town.head, town.complaints):
        scope = at(town, MONDAY + 20 * DAY, reader)
        assert [one.key for one in REGISTRY.values() if one.measure(scope, YEAR).rows_count] == []


def test_mistaken_entries_and_undone_ones_stand_beside(town):
    services.mistake(town.whistle(), actor=town.dispatcher, at=MONDAY + HOUR, reason="重复登记")

    reading = registry.read("cases.intake", at(town, MONDAY + DAY), YEAR)

    assert (reading.value, reading.beside_counts[0][1]) == (0, 1)


def test_a_problem_that_two_channels_claim_is_counted_once_in_all(town):
    main = town.signed()
    joined = town.whistle(MONDAY + 2 * HOUR)
    Case.objects.filter(pk=joined.pk).update(channel="centre")
    services.merge(joined, actor=town.dispatcher, at=MONDAY + 3 * HOUR, into=main)
    main = services.answer(main, actor=town.liaison, at=MONDAY + DAY, note="路灯已修好，两处一并恢复。")
    services.confirm(main, actor=town.holder(main), at=MONDAY + 2 * DAY, grade="satisfied")
    scope = at(town, MONDAY + 3 * DAY)

    claims = {claim.one.key: claim for claim in overlap.claims(overlap.parts("解决问题"), scope, YEAR)}

    assert value(town, "cases.solved", MONDAY + 3 * DAY) == 1
    assert {key: claim.count for key, claim in claims.items() if claim.count} == {
        "cases.solved.whistle": 1,
        "cases.solved.centre": 1,
    }
    assert claims["cases.solved.whistle"].shared["cases.solved.centre"] == 1
    assert overlap.crossing(["cases.solved.whistle", "cases.solved.meeting"], scope, YEAR) == set()
    assert overlap.crossing(["cases.solved", "cases.solved.centre"], scope, YEAR) == {
        "cases.solved",
        "cases.solved.centre",
    }


@pytest.mark.parametrize("one", REGISTRY.values(), ids=list(REGISTRY))
def test_every_figure_says_what_it_is(one):
    assert one.definition.endswith("。")
    assert one.unit
    assert one.measures
    assert one.subject
    assert one.version >= 1
