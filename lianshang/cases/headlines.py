"""A title out of a text, where nobody wrote one. Pure: old ledgers use it too, which are read without a database."""

import re

LONGEST = 60  # characters, as much as lists show
GREETING = re.compile(r"(尊敬的|敬爱的)?[^，,]{0,12}(您好|你好|[:：])")


def headline(text: str) -> str:
    """Return the first sentence past the greeting on one line, cut to `LONGEST`; empty only where nothing is said."""
    sentences = [part.strip() for part in re.split(r"[。！？!?；;\n]", text) if part.strip()]
    worded = (part for part in sentences if not GREETING.fullmatch(part))
    sentence = " ".join(next(worded, sentences[0] if sentences else text).split())
    return sentence if len(sentence) <= LONGEST else f"{sentence[: LONGEST - 1]}…"
