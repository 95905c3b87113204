"""`python -m bench.worked`: do what a worker that was always there would have done, such as telling of what fell due.

A filled database has three years of late clocks that nobody was told of: seconds of work, which would be charged to
whatever is measured first.
"""

import django

django.setup()

from django.utils import timezone  # noqa: E402
from django_scopes import scope  # noqa: E402

from lianshang.directory.models import Park  # noqa: E402
from lianshang.kernel import outbox  # noqa: E402


def main() -> None:
    while outbox.run_due(timezone.now(), worker="measured"):
        pass
    for park in Park.objects.all():
        with scope(park=park):
            for _, tick in outbox.TICKS.values():
                tick(park, timezone.now())


if __name__ == "__main__":
    main()
    print("{}")
