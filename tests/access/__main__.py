"""`python -m tests.access`: what of the site has no rule yet; with `page`, docs/access.md as the table says it."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianshang.config.settings")
django.setup()

from tests.access import drawing, resolver, table  # noqa: E402 models are known from here on

rules = table.read()
if sys.argv[1:] == ["page"]:
    sys.stdout.write(drawing.page(rules))
else:
    found = [*rules.faults, *resolver.unruled(rules)]
    sys.stdout.write("\n".join(found) or f"{sum(1 for _ in rules.cells())} cells, every one decided.")
    sys.stdout.write("\n")
    sys.exit(bool(found))
