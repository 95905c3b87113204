"""A stage on which two worlds can be compared byte by byte: the clock stands still, and chance comes from a seed.

Everywhere else time is an argument and nothing is patched. Here the whole site runs, views included, and whatever
differs between two runs must come from what the worlds hold, not from the second in which they were looked at.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace
from unittest.mock import patch

from cryptography import fernet
from django.apps import apps
from django.core import signing
from django.db.models import Field
from django.utils import timezone

NOW = timezone.now  # the real one, as fields hold it for a default


@contextmanager
def standing_still(at: datetime) -> Iterator[None]:
    """Every clock that the product reads says `at`: views, defaults of columns, signatures, tokens."""
    clock = SimpleNamespace(time=at.timestamp)
    held = [one for model in apps.get_models() for one in model._meta.local_fields if one.default is NOW]
    with (
        patch.object(timezone, "now", lambda: at),
        patch.object(signing, "time", clock),
        patch.object(fernet, "time", clock),
    ):
        for one in held:
            _default(one, lambda: at)
        try:
            yield
        finally:
            for one in held:
                _default(one, NOW)


def _default(column: "Field", value: object) -> None:
    column.default = value
    column.__dict__.pop("_get_default", None)


@contextmanager
def dice(seed: object) -> Iterator[None]:
    """Chance comes from the seed: keys, codes, numbers, tokens and nonces are the same for the same seed."""
    bytes_of = random.Random(repr(seed)).randbytes
    with patch.object(os, "urandom", bytes_of), patch.object(random, "_urandom", bytes_of):
        yield
