"""Receipt codes (查询码): what the enterprise holds instead of an account.

A code is derived from the case's random key and the installation's secret, so that it can be printed again and is
nowhere stored; the table keeps its digest alone. After a change of the secret, older codes come from the secret that
made them, as long as the installation still knows it. 12 letters of 31: 59 bits.
"""

import hashlib
import hmac
import unicodedata

from django.conf import settings

from lianshang.cases.models import Case, Draft
from lianshang.directory.models import Park
from lianshang.kernel.numbers import ALPHABET

OPEN_SERIES = "open"  # the counter of the numbers that people quote; sealed cases are numbered at random
LENGTH = 12


def code_of(case: Case | Draft) -> str:
    """Return the case's code as people read it: `7K3M-9QPX-2AHD`. A case without a digest gets the newest secret's."""
    made = [_code(case, secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return next((code for code in made if digest(code) == case.code_digest), made[0])


def _code(case: Case | Draft, secret: str) -> str:
    raw = hmac.new(secret.encode(), b"receipt:" + case.key.bytes, hashlib.sha256).digest()
    number = int.from_bytes(raw, "big")
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    joined = "".join(letters)
    return "-".join(joined[i : i + 4] for i in range(0, LENGTH, 4))


def plain(code: str) -> str:
    """Return the code without what people put between its letters."""
    return "".join(ch for ch in unicodedata.normalize("NFKC", code).upper() if ch.isalnum())


def digest(code: str) -> str:
    return hashlib.sha256(plain(code).encode()).hexdigest()


def public_code(park: Park, case: Case | Draft) -> str:
    """Return what stands in a link: the park's code, then the case's."""
    return f"{park.code}-{code_of(case)}"
