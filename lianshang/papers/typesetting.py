"""Sets a wording that was said (`wording.said`) as PDF. The words go in as data: nothing in them is read as markup."""

import hashlib
import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from lianshang.kernel.refusals import Refused
from lianshang.papers import fonts

LAYOUTS = Path(__file__).parent / "layouts"
NO_FONTS = "服务器上没有中文字体，PDF 里的字会变成方框，所以不生成。可以先用 Word；请告诉系统管理员在字体文件夹里放上中文字体。"


def pdf(said: dict[str, Any], case: fonts.Case, *, author: str, at: datetime) -> bytes:
    """Return the document as PDF (PDF/A-2b). Raises `Refused` where there is no font for Chinese."""
    made = _compiler(said, case, author).compile(format="pdf", pdf_standards="a-2b", timestamp=int(at.timestamp()))
    return made if isinstance(made, bytes) else b""


def pages(said: dict[str, Any], case: fonts.Case, *, author: str, ppi: int = 100) -> list[bytes]:
    """Return the document as pictures (PNG), one for each page."""
    made = _compiler(said, case, author).compile(format="png", ppi=ppi)
    return [made] if isinstance(made, bytes) else list(made or [])


def _compiler(said: dict[str, Any], case: fonts.Case, author: str) -> typst.Compiler:
    if not case.has_chinese:
        raise Refused(NO_FONTS)
    faces = {role: {"family": face.family, "weight": face.weight} for role, face in case.faces.items()}
    data = json.dumps(said | {"faces": faces, "author": author}, ensure_ascii=False)
    return typst.Compiler(
        input=LAYOUTS / f"{said['shape']}.typ", root=LAYOUTS, font_paths=case.fonts, sys_inputs={"data": data}
    )


@cache
def digest(shape: str) -> str:
    """Return what tells one edition of a layout from another."""
    return hashlib.sha256((LAYOUTS / f"{shape}.typ").read_bytes()).hexdigest()
