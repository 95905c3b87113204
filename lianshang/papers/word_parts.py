"""Parts of Word files that both kinds of templates are made of: fonts, pages, fields."""

from typing import Any

from docx import Document
from docx.document import Document as Opened
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FANGSONG, KAI, HEI, TITLE, SONG = "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体", "宋体"
AFTER_GRID = ("w:spacing", "w:ind", "w:jc", "w:rPr")  # what comes after w:snapToGrid in a paragraph's properties
AFTER_SPACES = ("w:snapToGrid", *AFTER_GRID)
AFTER_BORDER = ("w:shd", "w:tabs", *AFTER_SPACES)
AFTER_PITCH = ("w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")  # after w:spacing in a run's


def face(target: Any, family: str, size: float) -> None:
    """Set the font for Latin and Chinese alike: Word asks for them apart."""
    target.font.name, target.font.size = family, Pt(size)
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), family)


def opened(margins: tuple[float, float, float, float], size: float) -> Opened:
    """An empty A4 document; margins top, bottom, left, right in mm."""
    document: Opened = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    top, bottom, left, right = (Mm(one) for one in margins)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = top, bottom, left, right
    normal = document.styles["Normal"]
    face(normal, FANGSONG, size)
    shape = normal.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.widow_control = False
    for between in ("w:autoSpaceDE", "w:autoSpaceDN"):  # no gaps between Chinese and figures
        put(normal.element.get_or_add_pPr(), between, before=AFTER_SPACES, val=0)
    return document


def put(parent: Any, tag: str, *, before: tuple[str, ...] = (), **values: Any) -> Any:
    """Put an element into `parent`, at its end or before the first of those named: Word minds their order."""
    element = OxmlElement(tag)
    for name, value in values.items():
        element.set(qn(f"w:{name}"), str(value))
    if before:
        parent.insert_element_before(element, *before)
    else:
        parent.append(element)
    return element


def field_code(paragraph: Any, instruction: str, family: str, size: float) -> None:
    for kind, text in (("begin", ""), ("", instruction), ("end", "")):
        run = paragraph.add_run()
        face(run, family, size)
        if kind:
            put(run._r, "w:fldChar", fldCharType=kind)  # noqa: SLF001 -- python-docx knows no fields
        else:
            put(run._r, "w:instrText").text = text  # noqa: SLF001
