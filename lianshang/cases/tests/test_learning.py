"""The linear model: separates, explains, says how sure it is, is the same each time; and what it learns from."""

import subprocess
import sys
from datetime import datetime

import pytest

from lianshang.cases import services, training
from lianshang.cases.learning import Linear, pack, train, unpack
from lianshang.cases.models import DispatchModel
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town

POWER = ("变压器增容一直没批", "车间电压不稳跳闸", "停电检修没有通知", "用电负荷不够", "电费单算错了", "变频器老是跳")
ROADS = ("货车路面坑洼颠簸", "道路塌陷没人修", "公交站太远", "路口积水货车难走", "边坡落石堵路", "路面破损严重")
AGO = MONDAY - 30 * DAY


def taught(times: int = 8) -> list[tuple[str, str]]:
    places = ("一期", "二期", "东门", "南区", "北区", "西门", "仓库", "码头")[:times]
    return [
        (f"{place}{text}", label) for place in places for told, label in ((POWER, "电"), (ROADS, "路")) for text in told
    ]


def test_model_tells_units_apart_and_the_words_that_spoke():
    guess = train(taught()).guesses("五号车间变压器要增容")[0]

    assert guess.label == "电"
    assert guess.chance > 0.8
    assert set(guess.words) & {"变压", "压器", "增容", "车间"}


def test_model_is_the_same_each_time_and_survives_its_bytes():
    packed = pack(train(taught()))

    assert pack(train(taught())) == packed
    assert unpack(packed).guesses("电压不稳", 2) == train(taught()).guesses("电压不稳", 2)


def test_model_says_nothing_of_unknown_words():
    assert train(taught()).guesses("ＱＷＥ 12345") == []


def test_answers_teach_their_words_and_empty_ones_nothing():
    rows = [(text, label, "已请供电部门派抢修队检查" if label == "电" else "") for text, label in taught()]

    model = train(rows)

    assert model.guesses("请抢修队来")[0].label == "电"
    assert train([(*row[:2], "") for row in rows]).steps == train(taught()).steps


def test_token_of_one_label_weighs_more_than_one_as_rare_of_all():
    model = train(taught(6))

    assert model.rareness[model.places["电压"]] > model.rareness[model.places["东门"]]


def test_chances_rise_with_the_lead_and_never_reach_certainty():
    model = train(taught())

    shares = [share for _, share in model.steps]
    assert shares == sorted(shares)
    assert max(shares) < 1


def test_chances_of_all_labels_are_at_most_one():
    guesses = train(taught()).guesses("路面电压", 2)

    assert sum(guess.chance for guess in guesses) == pytest.approx(1)


def test_training_runs_as_a_process_of_its_own_without_the_product_around_it():
    rows = b'[["\xe5\x81\x9c\xe7\x94\xb5", "1"], ["\xe5\x9d\x91\xe6\xb4\xbc", "2"]]'

    done = subprocess.run(
        [sys.executable, "-m", "lianshang.cases.learning"], input=rows, capture_output=True, check=True
    )

    assert isinstance(unpack(done.stdout), Linear)


def history(town: Town, count: int, **more: object) -> None:
    for place in range(count):
        told, lead = (POWER, town.lead) if place % 2 else (ROADS, town.co)
        case = town.whistle(AGO, text=f"{place}号：{told[place // 2 % 6]}", **more)
        directs = town.complaints if case.sealed else town.dispatcher
        liaison = town.liaison if lead == town.lead else town.co_liaison
        services.dispatch(case, actor=directs, at=AGO + HOUR, lead=lead)
        services.sign(case, actor=liaison, at=AGO + 2 * HOUR, interest="")
        services.answer(case, actor=liaison, at=AGO + DAY, note="已办好。")


def test_park_learns_from_its_own_cases_and_keeps_the_newest_models(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(training, "NEEDED", 12)
    history(town, 12)

    assert training.is_due(MONDAY)
    made = [training.train(town.park, at=MONDAY) for _ in range(training.KEPT + 1)]

    version, model = training.newest()
    assert version == made[-1].version == 4
    assert DispatchModel.objects.count() == training.KEPT
    assert model.guesses("变压器增容")[0].label == str(town.lead.pk)
    assert "办好" in model.places  # from the answers
    assert not training.is_due(MONDAY + DAY)


def test_older_cases_that_are_answered_later_count_as_new(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(training, "NEEDED", 12)
    monkeypatch.setattr(training, "_in_a_process", lambda rows: b"")
    waiting = [services.sign(town.dispatched(AGO), actor=town.liaison, at=AGO + 2 * HOUR) for _ in range(4)]
    history(town, 12)
    training.train(town.park, at=MONDAY)

    for case in waiting:
        assert not training.is_due(MONDAY + DAY)
        services.answer(case, actor=town.liaison, at=MONDAY + HOUR, note="路灯已修好。")

    assert training.is_due(MONDAY + DAY)


def test_training_that_fails_is_told_and_ends_nothing_else(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def failing(now: datetime) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(training, "is_due", failing)
    monkeypatch.setattr(training.connections, "close_all", lambda: None)

    training._beside(town.park, MONDAY)

    assert "ZeroDivisionError" in caplog.text


def test_sealed_cases_teach_nothing(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(training, "NEEDED", 12)
    history(town, 12, nature="complaint")

    assert not training.is_due(MONDAY)
    assert training.train(town.park, at=MONDAY) is None


def test_too_few_cases_teach_nothing(town: Town):
    history(town, 4)

    assert not training.is_due(MONDAY)
    assert training.train(town.park, at=MONDAY) is None


def test_messages_of_a_board_go_to_the_right_class(shared):
    """A floor on one of ten folds of the short set; the whole is measured by `make bench`."""
    from bench import suggestions

    told = suggestions.measured(suggestions.questions(), 1, 0.75)

    assert told["known"] > 0.99
    assert told["top1"] > 0.80
    assert told["top3"] > 0.90
    assert told["right"] > 0.85


def test_repeated_messages_of_a_board_are_told_from_others(shared):
    from bench import suggestions

    (told,) = suggestions.repeats((suggestions.similar.SAME,), most=1500)

    assert told["precision"] > 0.95
    assert told["recall"] > 0.85
