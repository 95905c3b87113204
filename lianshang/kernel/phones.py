"""Telephone numbers as those see them who need not call."""

SHORTEST = 8  # digits of a number that may show its ends


def masked(phone: str) -> str:
    """Return 138****1234; a short number is hidden whole."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= SHORTEST else "*" * len(phone)
