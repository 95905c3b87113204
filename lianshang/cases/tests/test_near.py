"""Since when a clock is near, against the same question asked of one moment after the other."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lianshang.cases.lights import SIZES, near_since
from lianshang.kernel.calendars import WorkCalendar, national
from lianshang.kernel.counting import MICROSECOND, MINUTE
from lianshang.kernel.deadlines import working_minutes_between
from lianshang.kernel.profiles import Near, Span

CALENDAR = national()
MOMENTS = st.timedeltas(timedelta(), timedelta(days=330)).map(lambda since: datetime(2026, 1, 1, tzinfo=UTC) + since)
SPANS = st.builds(Span, st.integers(1, 90), st.sampled_from([*SIZES, "working-days"]))
NEARS = st.builds(Near, st.sampled_from([0, 0.5, 0.8, 0.95]), st.none() | SPANS)
LENGTHS = st.timedeltas(timedelta(minutes=1), timedelta(days=40))


def length(start: datetime, end: datetime, calendar: WorkCalendar, *, works: bool) -> int:
    return working_minutes_between(start, end, calendar) * MINUTE if works else (end - start) // MICROSECOND


def is_near(start: datetime, end: datetime, near: Near, now: datetime, *, works: bool) -> bool:
    """The words of the profile: this share is used up, or no more than that is left of what is longer than that."""
    if near.fraction and length(start, now, CALENDAR, works=works) >= near.fraction * length(
        start, end, CALENDAR, works=works
    ):
        return True
    if near.remaining is None:
        return False
    unit = near.remaining.unit
    least = near.remaining.n * (CALENDAR.day_length if unit == "working-days" else SIZES[unit])
    own = unit.startswith("working")
    return length(start, end, CALENDAR, works=own) > least >= length(now, end, CALENDAR, works=own)


@given(MOMENTS, LENGTHS, NEARS, st.booleans(), st.floats(0, 1))
def test_near_since_agrees_with_asking_at_any_moment(
    start: datetime, lasts: timedelta, near: Near, works: bool, part: float
) -> None:
    end, now = start + lasts, start + part * lasts

    since = near_since(start, end, CALENDAR, near, works=works)

    assert is_near(start, end, near, now, works=works) == (since is not None and now >= since)
    if since is not None and start < since <= end:
        assert is_near(start, end, near, since, works=works)
        assert not is_near(start, end, near, since - timedelta(microseconds=1), works=works)
