"""Builds the Word template of a wording: what is shipped, and what people download to write their own from."""

import io
from functools import lru_cache

from lianshang.papers import parcels
from lianshang.papers.word_letter import LetterTemplate
from lianshang.papers.word_sheet import SheetTemplate
from lianshang.papers.wording import Letter, Wording


@lru_cache(maxsize=32)
def template(wording: Wording) -> bytes:
    """Return the wording as a .docx whose placeholders are still to be filled."""
    document = LetterTemplate(wording).made() if isinstance(wording, Letter) else SheetTemplate(wording).made()
    written = io.BytesIO()
    document.save(written)
    return parcels.repacked(written.getvalue())
