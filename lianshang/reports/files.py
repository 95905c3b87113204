"""Briefings as files: Word with each figure linked to its rows, and PDF, in the layout of issued documents, without red head."""

import copy
import io
import re
from datetime import datetime
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from lianshang.papers import filling, parcels, typesetting, word, wording
from lianshang.papers.fonts import Case
from lianshang.papers.wording import Catalogue, Context, Letter, Paragraphs
from lianshang.reports.names import WORDS
from lianshang.reports.writing import Piece, Written

LETTER = Letter(
    title="{{ 标题 }}", to="{{ 主送 }}", body=(Paragraphs("正文"),), signer="{{ 落款 }}", date="{{ 成文日期 }}"
)
TEXT = {"文字": "一段话", "层次": "0 正文，1 “一、”标题，2 “（一）”标题"}
CATALOGUE = Catalogue(WORDS, {"正文": ("简报正文，一段一行", TEXT)})
# Signs that no text has (private use): around a figure on its way through the template, with its place in the list.
OPEN, MIDDLE, CLOSE = "\ue000", "\ue001", "\ue002"
ABSENT = "\ue003"  # stands where nobody is addressed: a paragraph that says nothing else is left out
LINKED = re.compile(f"{OPEN}(\\d+){MIDDLE}([^{CLOSE}]*){CLOSE}")


def shipped() -> bytes:
    """Return the Word template that comes with the program."""
    return word.template(LETTER)


def word_file(written: Written, template: bytes, *, base: str, at: datetime) -> bytes:
    """Return the briefing in Word; `base` stands before each link."""
    context = dict(written.words) | _context(written, linked=True)
    context["主送"] = context["主送"] or ABSENT
    filled = filling.fill(template, context, title=written.title, author=written.signer, at=at)
    return _with_links(filled, [f"{base}{figure.address}" for figure in written.figures])


def pdf_file(written: Written, case: Case, *, at: datetime) -> bytes:
    """Return the briefing as PDF. Raises `Refused` where there is no font for Chinese."""
    said = wording.said(
        LETTER, _context(written, linked=False) | {"标题": "\n".join(wording.title_lines(written.title))}
    )
    return typesetting.pdf(said, case, author=written.signer, at=at)


def pictures(written: Written, case: Case) -> list[bytes]:
    """Return the pages of the PDF as pictures."""
    said = wording.said(
        LETTER, _context(written, linked=False) | {"标题": "\n".join(wording.title_lines(written.title))}
    )
    return typesetting.pages(said, case, author=written.signer)


def _context(written: Written, *, linked: bool) -> dict[str, Any]:
    body = []
    place = 0
    for line in written.paragraphs:
        text = ""
        for piece in line:
            text += _marked(piece, place) if linked else piece.text
            place += piece.figure is not None
        plain = "".join(piece.text for piece in line)
        level = (wording.paragraphs(plain) or [{"层次": wording.BODY}])[0]["层次"]
        body.append({"文字": text, "层次": level})
    return {
        "标题": written.title, "主送": f"{written.to}：" if written.to else "", "正文": body, "落款": written.signer,
        "成文日期": written.date,
    }  # fmt: skip


def _marked(piece: Piece, place: int) -> str:
    return f"{OPEN}{place}{MIDDLE}{piece.text}{CLOSE}" if piece.figure else piece.text


def example() -> Context:
    """Return words for every name of a template, to try one with."""
    words: dict[str, Any] = {name: f"（{name}）" for name in WORDS}
    return words | {
        "正文": wording.paragraphs("一、办理情况\n受理诉求 12 件 <正常> & 完好。\n（一）后续\n本周内复查一次。")
    }


def _with_links(content: bytes, addresses: list[str]) -> bytes:
    """Make a link of each figure: its run is cut in three, and keeps the look that the template gives it."""
    document = Document(io.BytesIO(content))
    for run in [one for one in document.element.body.iter(qn("w:r")) if OPEN in "".join(one.itertext())]:
        _cut(document, run, addresses)
    _without_absent(document)
    written = io.BytesIO()
    document.save(written)
    return parcels.repacked(written.getvalue())


def _without_absent(document: Any) -> None:
    for paragraph in [one for one in document.element.body.iter(qn("w:p")) if ABSENT in "".join(one.itertext())]:
        if "".join(paragraph.itertext()).strip() == ABSENT and paragraph.getparent().tag == qn("w:body"):
            paragraph.getparent().remove(paragraph)
            continue
        for words in paragraph.iter(qn("w:t")):
            words.text = (words.text or "").replace(ABSENT, "")


def _cut(document: Any, run: Any, addresses: list[str]) -> None:
    text = "".join(one.text or "" for one in run.iter(qn("w:t")))
    at = 0
    for found in LINKED.finditer(text):
        run.addprevious(_run(run, text[at : found.start()]))
        link = OxmlElement("w:hyperlink")
        link.set(
            qn("r:id"), document.part.relate_to(addresses[int(found[1])], RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        )
        link.append(_run(run, found[2]))
        run.addprevious(link)
        at = found.end()
    run.addprevious(_run(run, text[at:]))
    run.getparent().remove(run)


def _run(like: Any, text: str) -> Any:
    """A run with the same properties and other words."""
    made = OxmlElement("w:r")
    if (looks := like.find(qn("w:rPr"))) is not None:
        made.append(copy.deepcopy(looks))
    words = OxmlElement("w:t")
    words.set(qn("xml:space"), "preserve")
    words.text = text
    made.append(words)
    return made
