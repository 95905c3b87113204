"""What the worker runs is registered by the start of the program alone: a worker draws no pages, and must miss nothing."""

import json
import subprocess
import sys

from tests.tree import ROOT

PROGRAM = """
import importlib, json, pkgutil
import django
django.setup()
import lianshang
from lianshang.kernel import outbox

def told():
    return {*outbox.TICKS, *outbox.HANDLERS}

at_start = told()
for found in pkgutil.walk_packages(lianshang.__path__, "lianshang."):
    if not {"tests", "migrations", "__main__"} & set(found.name.split(".")):
        importlib.import_module(found.name)
print(json.dumps([len(at_start), sorted(told() - at_start)]))
"""


def test_nothing_that_the_worker_runs_waits_for_a_page():
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)

    count, late = json.loads(done.stdout.splitlines()[-1])
    assert count > 15
    assert late == []
