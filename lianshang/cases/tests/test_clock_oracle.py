from lianshang.cases.tests.clock_oracle import differences

CASES = 1000  # `make rigs` runs 50,000


def test_clocks_with_pauses_and_extensions_end_when_the_naive_walk_says(town):
    assert differences(town, CASES, seed=2026) == []


def test_comparison_catches_pauses_that_are_forgotten(town, monkeypatch):
    monkeypatch.setattr("lianshang.kernel.book.pauses_in", lambda history: [])

    assert differences(town, 200, seed=1)


def test_comparison_catches_an_extension_that_later_pauses_do_not_move(town, monkeypatch):
    monkeypatch.setattr("lianshang.kernel.book.shifted", lambda moment, pauses, calendar: moment)

    assert differences(town, 400, seed=1)
