"""`python -m tests.oracle --cases 50000`: the long campaign. Ends with 1 where the engines differ."""

import argparse
import sys
import time

from tests.oracle.campaign import differences

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--cases", type=int, default=50_000)
parser.add_argument("--seed", type=int, default=2026)
args = parser.parse_args()

began = time.monotonic()
found = differences(args.cases, args.seed, calendars=max(40, args.cases // 200))
for question, ours, naive in found[:20]:
    print(f"{question}\n  engine {ours}\n  naive  {naive}")
print(f"{args.cases} cases, {len(found)} differences, {time.monotonic() - began:.0f} s")
sys.exit(1 if found else 0)
