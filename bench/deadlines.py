"""`python -m bench.deadlines N`: N due times of mixed units over three years; prints JSON with seconds and µs of each."""

import json
import random
import sys
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from lianshang.kernel.calendars import national
from lianshang.kernel.deadlines import UNITS, due

ASKED = {"minutes": 90, "hours": 48, "days": 15, "working-minutes": 240, "working-hours": 16, "working-days": 30}


def main(number: int) -> dict[str, float]:
    chance = random.Random(7)
    calendar = national()
    begin = datetime(2024, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    questions = [
        (begin + timedelta(minutes=chance.randrange(3 * 365 * 1440)), chance.randrange(1, ASKED[unit]), unit)
        for unit in (chance.choice(UNITS) for _ in range(min(number, 100_000)))
    ]
    rounds = max(1, number // len(questions))
    begun = time.perf_counter()
    for _ in range(rounds):
        for start, n, unit in questions:
            due(start, n, unit, calendar)
    seconds = time.perf_counter() - begun
    return {"deadlines": rounds * len(questions), "seconds": seconds, "us": seconds / rounds / len(questions) * 1e6}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
