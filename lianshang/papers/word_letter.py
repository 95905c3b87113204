"""The Word template of a letter, in the layout of issued documents (GB/T 9704-2012 chapter 7)."""

import math
from typing import Any

from docx.document import Document as Opened
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from lianshang.papers.word_parts import (
    AFTER_BORDER,
    AFTER_GRID,
    FANGSONG,
    HEI,
    KAI,
    SONG,
    TITLE,
    face,
    field_code,
    opened,
    put,
)
from lianshang.papers.wording import BODY, CHAPTER, SECTION, Each, Letter, Line, Paragraphs, Part, When

FACES = {BODY: FANGSONG, CHAPTER: HEI, SECTION: KAI}
PITCH = 28.95  # points: 22 lines in 225 mm
CHARACTER = 156 / 25.4 * 72 / 28  # points: 28 characters in 156 mm
SIZE = 16  # 3号
RED = RGBColor(0xD7, 0x00, 0x0F)


class LetterTemplate:
    """The layout of issued documents (GB/T 9704-2012 chapter 7)."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        self.document = opened((37, 35, 28, 26), SIZE)

    def made(self) -> Opened:
        self._grid()
        self._numbers()
        letter = self.letter
        self._head()
        self._line("")
        self._line(letter.title, TITLE, 22, align=ALIGN.CENTER, pitch=Pt(35))
        self._line("")
        self._line(letter.to)
        for part in letter.body:
            self._part(part)
        self._end()
        return self.document

    def _head(self) -> None:
        """The document number; with a mark, the mark in red as large as the width allows, and a red rule."""
        letter = self.letter
        if letter.mark:
            name = letter.mark.strip("{} ")
            self._tag(f"p if {name}")
            for word, size, most in (("if", 36, 11), ("elif", 26, 16), ("else", 18, 0)):
                self._tag(f"p {word} {name}|length <= {most}" if most else f"p {word}")
                mark = self._line(letter.mark, TITLE, size, align=ALIGN.CENTER, pitch=Pt(1.4 * size))
                mark.paragraph_format.space_before = Mm(20)
                mark.runs[0].font.color.rgb = RED
            self._tag("p endif")
            self._line("")
            number = self._line(letter.number, FANGSONG, SIZE, align=ALIGN.CENTER)
            border = put(number._p.get_or_add_pPr(), "w:pBdr", before=AFTER_BORDER)  # noqa: SLF001
            put(border, "w:bottom", val="single", sz=12, space=4, color=str(RED))
            self._tag("p else")
        if letter.number:
            self._line(letter.number, FANGSONG, SIZE, align=ALIGN.CENTER)
        if letter.mark:
            self._tag("p endif")

    def _grid(self) -> None:
        """22 lines a page by the grid, in twentieths of a point; 28 characters a line by setting them a little closer.

        A grid of characters says the same in Word; other programs read it each in its own way.
        """
        section = self.document.sections[0]._sectPr  # noqa: SLF001 -- python-docx knows no grid
        for old in section.findall(qn("w:docGrid")):
            section.remove(old)
        put(section, "w:docGrid", type="lines", linePitch=round(PITCH * 20))
        put(
            self.document.styles["Normal"].element.get_or_add_rPr(),
            "w:spacing",
            val=math.floor((CHARACTER - SIZE) * 20),
        )

    def _numbers(self) -> None:
        """— 1 —, 4号宋体, 7 mm below the text, outside; one character in from the edge."""
        self.document.settings.odd_and_even_pages_header_footer = True
        section = self.document.sections[0]
        section.footer_distance = Mm(35 - 7 - 5)
        for footer, align in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
            footer.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]
            paragraph.alignment = align
            paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
            face(paragraph.add_run("— "), SONG, 14)
            field_code(paragraph, "PAGE", SONG, 14)
            face(paragraph.add_run(" —"), SONG, 14)

    def _line(
        self,
        text: str,
        family: str = FANGSONG,
        size: float = SIZE,
        *,
        align: ALIGN | None = ALIGN.JUSTIFY,
        indent: float = 0,
        pitch: Length | None = None,
    ) -> Any:
        """A paragraph; `indent` in characters."""
        paragraph = self.document.add_paragraph()
        if align is not None:
            paragraph.alignment = align
        shape = paragraph.paragraph_format
        shape.line_spacing = pitch or Pt(PITCH)
        if pitch:
            put(paragraph._p.get_or_add_pPr(), "w:snapToGrid", before=AFTER_GRID, val=0)  # noqa: SLF001 -- a title is not held to the lines
        if indent:
            shape.first_line_indent = Pt(indent * CHARACTER)
            paragraph._p.get_or_add_pPr().ind.set(qn("w:firstLineChars"), str(round(indent * 100)))  # noqa: SLF001
        if text:
            face(paragraph.add_run(text), family, size)
        return paragraph

    def _tag(self, tag: str) -> None:
        self._line("{%" + tag + " %}")

    def _part(self, part: Part) -> None:
        if isinstance(part, Line):
            self._line(part.text, FACES[part.level], indent=2).paragraph_format.keep_with_next = part.level != BODY
        elif isinstance(part, Paragraphs):
            self._paragraphs(part.name)
        elif isinstance(part, Each):
            self._tag(f"p for {part.item} in {part.name}")
            for line in part.lines:
                self._part(line)
            self._tag("p endfor")
        elif isinstance(part, When):
            self._tag(f"p if {part.name}")
            for one in part.parts:
                self._part(one)
            self._tag("p endif")

    def _paragraphs(self, name: str) -> None:
        self._tag(f"p for 段 in {name}")
        for word, level in (("if", CHAPTER), ("elif", SECTION)):
            self._tag(f"p {word} 段.层次 == {level}")
            self._line("{{ 段.文字 }}", FACES[level], indent=2)
        self._tag("p else")
        self._line("{{ 段.文字 }}", indent=2)
        self._tag("p endif")
        self._tag("p endfor")

    def _end(self) -> None:
        """Attachments, who signs and when, whom to call."""
        letter, before = self.letter, len(self.document.paragraphs) - 1
        if letter.attachments:
            self._tag(f"p if {letter.attachments}")
            self._line("")
            self._tag(f"p for 项 in {letter.attachments}")
            self._line(
                "{% if loop.first %}附件：{% else %}　　　{% endif %}{% if loop.length > 1 %}{{ loop.index }}.{% endif %}{{ 项.名称 }}",
                indent=2,
            )
            self._tag("p endfor")
            self._tag("p endif")
        self._line("")
        self._line("")
        for text in (letter.signer, letter.date):
            self._line(text, align=ALIGN.RIGHT).paragraph_format.right_indent = Pt(4 * CHARACTER)
        if letter.note:
            self._line(letter.note, indent=2)
        for paragraph in self.document.paragraphs[before:-1]:
            paragraph.paragraph_format.keep_with_next = True  # who signs never stands alone on a page
