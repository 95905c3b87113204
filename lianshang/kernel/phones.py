"""Telephone numbers as those see them who need not call, and as they are compared."""

import unicodedata

MOBILE = 11  # digits of a mobile number, or of a landline with its area
SHORTEST = 8  # digits of a number that may show its ends


def digits_of(phone: str) -> str:
    """Return the figures of a number without signs between them and without the country: how numbers are compared."""
    digits = "".join(str(unicodedata.digit(sign)) for sign in phone if unicodedata.category(sign) == "Nd")
    return digits[-MOBILE:] if len(digits) > MOBILE and digits.removeprefix("00").startswith("86") else digits


def masked(phone: str) -> str:
    """Return 138****1234; a short number is hidden whole."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= SHORTEST else "*" * len(phone)
