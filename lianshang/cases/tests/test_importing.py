"""Old ledgers come in with their own times, and go out again without anything being deleted."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lianshang.cases import books, equation, importing, mechanism, services
from lianshang.cases.models import Case, CaseClock, CaseEvent, ImportBatch
from lianshang.cases.services import importing as writing
from lianshang.cases.states import CloseType, State
from lianshang.cases.tests.factories import ZONE, make_town
from lianshang.cases.tests.test_walk import moves, traits
from lianshang.kernel import search
from lianshang.kernel.models import Counter, OutboxItem
from lianshang.kernel.refusals import Hidden, Refused

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)
HEAD = "编号,企业名称,标题,正文,提出时间,答复意见,答复时间,诉求性质,承办单位,满意度"
ANSWERED = "A1,示范焦化有限公司,东门路灯,路灯坏了三天,2025-03-03 10:00,已更换灯具,2025-03-05 16:00,求助,交通运输局,满意"
LATE = "A2,,东门路面,路面破损,2025-03-03,已修补,2025-04-30,,,"
RECEIPT = "A3,,用电,电压不稳,2026-11-18 15:00,网友：您好！留言已收悉,2026-11-19,,,"
OPEN = "A4,某某公司,排水,下雨积水,2024-06-01 08:00,,,,供水公司,"
REPORTED = "A5,,夜间倒渣,夜里有人倒渣,2025-05-06 09:00,,,举报,,"


def read(*lines, head=HEAD):
    return importing.opened("\n".join([head, *lines]).encode(), "旧台账.csv")


def bring_in(town, *lines, actor=None, profile="", at=NOW, head=HEAD):
    ledger = read(*lines, head=head)
    version = mechanism.named(profile, actor=town.system, at=at)
    parsed = importing.judged(ledger, profile=books.profile_of(version.pk), zone=town.park.zoneinfo, at=at)
    return services.bring_in(ledger, parsed.drafts, actor=actor or town.system, at=at, version=version)


def case(number):
    return Case.objects.get(external_number=number)


def test_answered_record_is_closed_at_its_own_time(town):
    bring_in(town, ANSWERED)

    row = case("A1")
    assert (row.state, row.close_type, row.number) == (State.CLOSED, CloseType.UNSTATED, "2025-0001")
    assert row.registered_at == datetime(2025, 3, 3, 10, tzinfo=ZONE)
    assert row.closed_at == datetime(2025, 3, 5, 16, tzinfo=ZONE)
    assert row.enterprise == town.enterprise
    assert list(row.events.values_list("verb", flat=True)) == ["register", "keep_record", "record_closed"]
    assert row.events.get(verb="keep_record").note == "主办单位：交通运输局\n满意度：满意"
    assert len(set(row.events.values_list("recorded_at", flat=True))) == 1


def test_late_answer_is_a_breach_and_a_receipt_is_no_answer(town):
    bring_in(town, ANSWERED, LATE, RECEIPT, OPEN)

    terms = equation.equation(Case.objects.open_ledger(), datetime(2020, 1, 1, tzinfo=ZONE), NOW, NOW)
    told = {name: set(getattr(terms, name).values_list("external_number", flat=True)) for name in terms.counts}
    assert told["in_time"] == {"A1"}
    assert told["breaches"] == {"A2", "A4"}
    assert told["lawfully_open"] == {"A3"}
    assert terms.balanced


def test_receipt_stays_on_the_record_and_stops_no_clock(town):
    bring_in(town, RECEIPT)

    event = case("A3").events.get(verb="acknowledge")
    assert (event.note, event.at) == ("网友：您好！留言已收悉", datetime(2026, 11, 19, tzinfo=ZONE))
    assert set(case("A3").clocks.running().values_list("duty", flat=True)) == {"accept", "feedback"}


def test_clocks_of_imported_cases_can_be_rebuilt(town):
    bring_in(town, ANSWERED, LATE, RECEIPT, OPEN, REPORTED)

    for row in Case.objects.all():
        live, rebuilt = books.live(row), books.rebuilt(row)
        assert traits(live) == traits(rebuilt)
        assert moves(live) == moves(rebuilt)
        assert live.next_due(books.QUIET) == row.next_due_at
        assert list(row.events.values_list("ordinal", flat=True)) == list(range(1, row.version + 1))


def test_imported_case_is_the_same_as_one_that_the_services_make(town):
    bring_in(town, LATE)
    made = town.whistle(case("A2").registered_at, nature="help", channel="import")
    made = services.record_closed(made, actor=town.dispatcher, at=case("A2").closed_at, reply="已修补")

    assert traits(books.live(made)) == traits(books.live(case("A2")))
    assert (made.state, made.close_type) == (case("A2").state, case("A2").close_type)


def test_reports_are_sealed_and_leave_no_gap_in_the_numbers(town):
    bring_in(town, ANSWERED, REPORTED, LATE)

    assert case("A5").sealed
    assert case("A5").number.startswith("M-")
    assert list(Case.objects.open_ledger().order_by("number").values_list("number", flat=True)) == [
        "2025-0001",
        "2025-0002",
    ]
    assert Counter.objects.get(year=2025).last == 2


def test_numbers_go_on_where_the_year_stands(town):
    town.whistle(datetime(2025, 1, 6, 9, tzinfo=ZONE))

    bring_in(town, LATE, ANSWERED, OPEN)

    assert [case(number).number for number in ("A2", "A1", "A4")] == ["2025-0002", "2025-0003", "2024-0001"]


def test_history_owes_nobody_a_notice(town):
    before = OutboxItem.objects.count()

    bring_in(town, ANSWERED, RECEIPT, OPEN)

    assert OutboxItem.objects.count() == before


def test_imported_cases_are_found_by_their_words(town):
    bring_in(town, OPEN)

    assert list(search.matching(Case.objects.all(), "积水")) == [case("A4")]
    assert list(search.matching(Case.objects.all(), case("A4").number)) == [case("A4")]


def test_cases_count_by_the_mechanism_that_was_named(town):
    bring_in(town, OPEN, profile="shandong")

    assert case("A4").profile_version.profile.name == "shandong"
    assert not case("A4").profile_version.profile.is_current
    assert mechanism.own().profile.name == "default"


def test_number_of_an_earlier_batch_is_an_error_that_says_where(town):
    batch = bring_in(town, LATE, ANSWERED)

    ledger = read(OPEN, ANSWERED)
    parsed = importing.judged(ledger, profile=books.profile_of(mechanism.own().pk), zone=ZONE, at=NOW)
    parsed = importing.without_repeats(parsed, importing.number_column(ledger))

    assert [draft.number for draft in parsed.drafts] == ["A4"]
    assert [(error.row, error.column, error.value) for error in parsed.errors] == [(3, "编号", "A1")]
    assert f"批次 {batch.pk}，旧台账.csv 第 3 行" in parsed.errors[0].message


def test_second_import_at_the_same_moment_is_refused_whole(town):
    bring_in(town, ANSWERED)

    with pytest.raises(Refused, match="编号 A1 刚刚已由别人导入"):
        bring_in(town, OPEN, ANSWERED)
    assert Case.objects.count() == 1
    assert ImportBatch.objects.count() == 1


def test_numbers_of_another_park_are_none_of_ours(town):
    from django_scopes import scope

    other = make_town("XX")
    with scope(park=other.park):
        bring_in(other, ANSWERED)

    bring_in(town, ANSWERED)

    assert Case.objects.count() == 1


def test_undone_batch_is_out_of_every_count_and_comes_in_again(town):
    batch = bring_in(town, ANSWERED, OPEN, REPORTED)

    undone = services.undo_import(batch, actor=town.dispatcher, at=NOW)

    assert undone == 3
    assert set(Case.objects.values_list("state", "close_type")) == {(State.CLOSED, CloseType.UNDONE)}
    assert not CaseClock.objects.running().exists()
    event = case("A4").events.order_by("-ordinal").first()
    assert (event.verb, event.actor, event.by) == ("undo_import", town.dispatcher.person, "system")
    for row in Case.objects.all():
        assert traits(books.live(row)) == traits(books.rebuilt(row))
        assert row.version == row.events.count()
    bring_in(town, ANSWERED, OPEN, REPORTED)
    assert Case.objects.count() == 6


def test_batch_that_people_worked_on_is_not_undone(town):
    batch = bring_in(town, ANSWERED, OPEN)
    services.screen(case("A4"), actor=town.dispatcher, at=NOW)

    with pytest.raises(Refused, match=r"已经有人办理：2024-0001。导入没有撤销"):
        services.undo_import(batch, actor=town.dispatcher, at=NOW)
    assert case("A1").close_type == CloseType.UNSTATED
    batch.refresh_from_db()
    assert batch.undone_at is None


def test_refusal_to_undo_names_no_sealed_case(town):
    batch = bring_in(town, REPORTED)
    services.screen(case("A5"), actor=town.complaints, at=NOW)

    with pytest.raises(Refused) as no:
        services.undo_import(batch, actor=town.dispatcher, at=NOW)

    assert str(no.value) == "这一批现在不能整批撤销。不要的请逐件标为误录。"


def test_batch_is_undone_once(town):
    batch = bring_in(town, OPEN)
    services.undo_import(batch, actor=town.system, at=NOW)

    with pytest.raises(Refused, match="撤销过"):
        services.undo_import(batch, actor=town.system, at=NOW)


@pytest.mark.parametrize("who", ["liaison", "chief", "callback", "complaints", "auditor"])
def test_others_neither_import_nor_undo(town, who):
    batch = bring_in(town, OPEN)

    with pytest.raises(Hidden):
        bring_in(town, ANSWERED, actor=getattr(town, who))
    with pytest.raises(Hidden):
        services.undo_import(batch, actor=getattr(town, who), at=NOW)


def test_large_batch_that_fails_half_way_is_undone(town, monkeypatch):
    monkeypatch.setattr(writing, "WHOLE", 1)
    monkeypatch.setattr(writing, "STRETCH", 1)

    ledger, version = read(OPEN, ANSWERED), mechanism.own()
    parsed = importing.judged(ledger, profile=books.profile_of(version.pk), zone=ZONE, at=NOW)
    drafts = [*parsed.drafts, replace(parsed.drafts[1], row=9)]

    with pytest.raises(Refused, match="刚刚已由别人导入"):
        services.bring_in(ledger, drafts, actor=town.system, at=NOW, version=version)

    assert set(Case.objects.values_list("close_type", flat=True)) == {CloseType.UNDONE}
    assert ImportBatch.objects.get().undone_at is not None


def test_day_without_its_hour_never_precedes_the_asking(town):
    bring_in(town, "B1,,用电,电压不稳,2025-03-03 10:00,已更换变压器,2025-03-03,,,")

    assert case("B1").closed_at == case("B1").registered_at
    assert CaseEvent.objects.filter(subject=case("B1"), at__lt=case("B1").registered_at).count() == 0


def test_import_takes_a_handful_of_statements(town, django_assert_max_num_queries):
    lines = [f"C{n},,用电,电压不稳,2025-03-{1 + n % 28:02d} 10:00,,,,," for n in range(60)]

    with django_assert_max_num_queries(40):
        bring_in(town, *lines, at=NOW + timedelta(days=1))
