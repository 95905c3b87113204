"""Fills a Word template: ours, or one that people put in its place."""

import io
from datetime import datetime
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docxtpl import DocxTemplate
from jinja2 import TemplateError

from lianshang.kernel.refusals import Refused
from lianshang.papers import expressions, parcels
from lianshang.papers.wording import Catalogue, Context, cleaned

UNFILLED = "模板试填时出错：{0}。请对照下载的自带模板改好后再传。"
LEFT_OVER = ("{{", "}}", "{%", "%}")


def fill(template: bytes, context: Context, *, title: str, author: str, at: datetime) -> bytes:
    """Return the template filled in. Values are text: signs of XML and of templates in them stay what they are."""
    document = DocxTemplate(io.BytesIO(template))
    document.render(cleaned(context), jinja_env=expressions.environment(), autoescape=True)
    facts = document.docx.core_properties  # get_docx() would open the template anew
    facts.title, facts.author, facts.last_modified_by, facts.comments = title, author, author, ""
    facts.created = facts.modified = at.replace(tzinfo=None)
    filled = io.BytesIO()
    document.save(filled)
    return parcels.repacked(filled.getvalue())


def check(template: bytes, name: str, catalogue: Catalogue, trial: Context, *, at: datetime) -> list[str]:
    """Return what is wrong with an uploaded template, as sentences; empty where a trial with `trial` came out whole.

    Raises `Refused` where the file itself cannot be taken.
    """
    parcels.check(template, name)
    try:
        texts = _texts(template)
    except Exception:  # noqa: BLE001 -- python-docx and lxml have no common error for a file that is not as it should be
        return ["文件打不开，可能不是 Word 写的。请在 Word 或 WPS 里另存为 .docx 再传。"]
    found = list(dict.fromkeys(fault for text in texts for fault in expressions.faults(text, catalogue)))
    return found or _tried(template, texts, trial, at)


def _texts(template: bytes) -> list[str]:
    """What is read as a template: body, headers, footers and footnotes, as docxtpl puts their runs together."""
    document = DocxTemplate(io.BytesIO(template))
    document.init_docx()
    parts: list[Any] = [document.get_xml()]
    parts += [
        document.xml_to_string(part._element)  # noqa: SLF001 -- python-docx gives the XML of a part no other way
        for uri in (document.HEADER_URI, document.FOOTER_URI)
        for _, part in document.get_headers_footers(uri)
    ]
    notes = [part.blob.decode() for part in document.docx.part.package.iter_parts() if "footnotes" in part.partname]
    return [document.patch_xml(xml) for xml in (*parts, *notes)]


def _tried(template: bytes, texts: list[str], trial: Context, at: datetime) -> list[str]:
    """Fill each part by itself first: docxtpl mends broken XML silently, and may lose what stood in it."""
    try:
        for text in texts:
            parse_xml(expressions.environment().from_string(text).render(cleaned(trial)))
        filled = fill(template, trial, title="试填", author="试填", at=at)
        text = "\n".join(words(filled))
    except Refused:
        raise
    except TemplateError as error:
        return [UNFILLED.format(error.message or "占位符的位置不对")]
    except Exception:  # noqa: BLE001 -- a loop around half a table gives broken XML, which each library reports in its own way
        return [UNFILLED.format("循环或条件的开头和结尾不在同一段、同一张表里")]
    return [] if not any(mark in text for mark in LEFT_OVER) else [UNFILLED.format("有占位符没有填上")]


def words(document: bytes) -> list[str]:
    """Return the texts of all paragraphs of a Word file, those in tables, headers and footers included."""
    opened = Document(io.BytesIO(document))
    places: list[Any] = [opened.element.body]
    for section in opened.sections:
        edges = (section.header, section.footer, section.even_page_footer, section.even_page_header)
        places += [edge._element for edge in edges if not edge.is_linked_to_previous]  # noqa: SLF001
    return ["".join(_texts_of(paragraph)) for place in places for paragraph in place.iter(f"{{{W}}}p")]


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _texts_of(paragraph: Any) -> list[str]:
    named = {f"{{{W}}}t": lambda one: one.text or "", f"{{{W}}}br": lambda _: "\n", f"{{{W}}}tab": lambda _: "\t"}
    return [named[one.tag](one) for run in paragraph.iter(f"{{{W}}}r") for one in run if one.tag in named]
