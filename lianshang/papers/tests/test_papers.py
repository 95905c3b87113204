"""The engine of documents: what is taken in from outside, what words become, which fonts stand in."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE

from lianshang.kernel.refusals import Refused
from lianshang.papers import expressions, filling, fonts, parcels, typesetting, word, wording
from lianshang.papers.wording import Catalogue, Letter, Line, paragraphs, title_lines

AT = datetime(2026, 11, 5, 9, tzinfo=UTC)
HERE = Path(__file__).parent.parent
LETTER = Letter(title="{{ 名 }}", to="甲：", body=(Line("{{ 名 }}"),), signer="乙", date="2026年3月5日")


def plain() -> bytes:
    saved = io.BytesIO()
    Document().save(saved)
    return saved.getvalue()


def changed(name: str, content: bytes | None = None, *, old: bytes = b"", new: bytes = b"") -> bytes:
    """Return a Word file with one more part, or with other words in a part that it has."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain())) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            kept = source.read(entry)
            if entry.filename == name and content is None:
                assert old in kept
                kept = kept.replace(old, new, 1)
            target.writestr(entry.filename, kept)
        if content is not None:
            target.writestr(name, content)
    return packed.getvalue()


def linked() -> bytes:
    document, saved = Document(), io.BytesIO()
    document.part.relate_to("https://elsewhere.example/x.png", RELATIONSHIP_TYPE.IMAGE, is_external=True)
    document.save(saved)
    return saved.getvalue()


def related(attributes: bytes) -> bytes:
    """A document with one more relation."""
    relation = b'<Relationship Id="rX" Type="%s" %s/>' % (RELATIONSHIP_TYPE.IMAGE.encode(), attributes)
    return changed("word/_rels/document.xml.rels", old=b"</Relationships>", new=relation + b"</Relationships>")


def simple_field(element: bytes) -> bytes:
    return changed("word/document.xml", old=b"<w:body>", new=b"<w:body><w:p>" + element + b"</w:p>")


def field(*runs: str) -> bytes:
    """A document with a field whose instruction is cut into runs, as Word does."""
    inner = "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return changed("word/document.xml", old=b"<w:sectPr", new=f"<w:p>{begin}{inner}{end}</w:p><w:sectPr".encode())


REFUSED = {
    "no Word file": (lambda: b"%PDF-1.7", "docx"),
    "an old Word file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "docx"),
    "macros": (lambda: changed("word/vbaProject.bin", b"x"), "宏"),
    "an object": (lambda: changed("word/embeddings/oleObject1.bin", b"x"), "嵌有"),
    "a control": (lambda: changed("word/activeX/activeX1.xml", b"<a/>"), "嵌有"),
    "a link": (linked, "外部链接（https://elsewhere.example"),
    "a template elsewhere": (
        lambda: changed("word/_rels/settings.xml.rels", b'<Relationships><Relationship Target="x" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'),
        "嵌有",
    ),
    "a picture field": (lambda: field(" INCLUDE", 'PICTURE "http://x"'), "INCLUDEPICTURE"),
    "a command": (lambda: field("DDEAUTO cmd"), "DDEAUTO"),
    "entities": (lambda: changed("word/custom.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "Word 自己写的"),
    "another encoding": (lambda: changed("word/custom.xml", "<?xml version='1.0'?><a/>".encode("utf-16")), "Word 自己写的"),
    "a bomb": (lambda: changed("word/media/a.xml", bytes(7 * 2**20)), "大得不正常"),
    "a large part": (lambda: changed("word/media/a.xml", bytes(9 * 2**20)), "大得不正常"),
    "a way out": (lambda: changed("../a.xml", b"<a/>"), "Word 自己写的"),
    "names in its facts": (lambda: changed("docProps/custom.xml", b"<a>{{ x }}</a>"), "文件属性"),
    "names in numbers": (lambda: changed("docProps/custom.xml", b"<a>&#123;&#123; 7*7 &#125;&#125;</a>"), "文件属性"),
    "a link behind a sign": (lambda: related(b'Target="http://x/?a>b" TargetMode="External"'), "外部链接（http://x"),
    "a link in numbers": (lambda: related(b'Target="http://x/" TargetMode="Extern&#97;l"'), "外部链接（http://x"),
    "a field in other quotes": (lambda: simple_field(b"<w:fldSimple w:instr='INCLUDETEXT x'/>"), "INCLUDETEXT"),
    "a field by another prefix": (lambda: simple_field(b'<v:fldSimple xmlns:v="%s" v:instr="DDE x"/>' % filling.W.encode()), "DDE"),
}  # fmt: skip


@pytest.mark.parametrize(("made", "says"), REFUSED.values(), ids=list(REFUSED))
def test_word_file_with_something_in_it_is_refused(made, says):
    with pytest.raises(Refused, match=says):
        parcels.check(made(), "a.docx")


def test_word_file_that_is_too_large_is_refused():
    with pytest.raises(Refused, match="5 MB"):
        parcels.check(plain() + bytes(parcels.LARGEST), "a.docx")


@pytest.mark.parametrize("instruction", ["PAGE", " NUMPAGES \\* MERGEFORMAT ", 'DATE \\@ "yyyy"'])
def test_harmless_fields_may_stay(instruction):
    parcels.check(field(instruction), "a.docx")


def test_shipped_templates_pass():
    parcels.check(word.template(LETTER), "a.docx")


def test_same_document_has_the_same_bytes():
    first, second = (filling.fill(word.template(LETTER), {"名": "甲"}, title="t", author="a", at=AT) for _ in range(2))

    assert first == second


def test_words_are_never_read_as_a_template():
    said = wording.said(LETTER, {"名": "{{ 名 }}{% for %}#let"})

    assert said["body"] == [{"text": "{{ 名 }}{% for %}#let", "level": 0}]


def test_signs_that_no_document_holds_are_left_out():
    assert wording.clean("甲\x00\x0b\x0c\ud800\u202e\ufffe乙\tA\r\nB") == "甲乙 A\nB"


def test_levels_are_found_in_what_people_type():
    typed = "一、情况\n　　（一）经过\n\n一、这一段很长，虽然开头像标题，其实是正文，所以不按标题排版。\n正文"

    assert [one["层次"] for one in paragraphs(typed)] == [1, 2, 0, 0]
    assert [one["文字"] for one in paragraphs(typed)][1] == "（一）经过"
    assert {one["层次"] for one in paragraphs(typed, headings=False)} == {0}


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于“路灯不亮”的答复函", ["关于“路灯不亮”的答复函"]),
        (
            "关于“厂区东门外道路路灯坏了三天夜班出车看不清”的答复函",
            ["关于“厂区东门外道路路灯坏了", "三天夜班出车看不清”的答复函"],
        ),
    ],
)
def test_titles_break_in_lines_that_fit(title, lines):
    assert title_lines(title) == lines


@pytest.mark.parametrize("length", range(1, 100, 7))
def test_title_of_any_length_fits(length):
    lines = title_lines(f"关于“{'甲乙丙丁戊' * 20}"[:length] + "”的答复函")

    assert max(map(len, lines)) <= wording.TITLE_LINE + 2
    assert not any(line[0] in wording.NOT_FIRST for line in lines)


def test_expressions_know_loops_and_conditions():
    catalogue = Catalogue({"甲": ""}, {"表": ("", {"列": ""})})

    assert (
        expressions.faults(
            "{% if 甲 and 甲 != '无' %}{% for 行 in 表 %}{{ loop.index }}{{ 行.列 }}{% endfor %}{% endif %}", catalogue
        )
        == []
    )
    assert expressions.faults("{{ 甲|default('—') }}", catalogue) == []
    assert expressions.faults("{{ 行.列 }}", catalogue) != []


def test_machine_without_chinese_fonts_refuses_instead_of_boxes(tmp_path):
    case = fonts.case(tmp_path, machine=False)

    assert not case.has_chinese
    with pytest.raises(Refused, match="没有中文字体"):
        typesetting.pdf(wording.said(LETTER, {"名": "甲"}), case, author="a", at=AT)


def test_first_name_of_the_format_wins_over_what_stands_in():
    face = fonts._face("body", ["Noto Serif CJK SC", "FandolFang R", "fangsong_gb2312"])
    near = fonts._face("title", ["Noto Serif CJK SC", "FandolSong"])
    some = fonts._face("body", ["DejaVu Sans", "某某手写体"])

    assert (face.family, face.exact) == ("fangsong_gb2312", True)
    assert (near.family, near.weight, near.exact) == ("FandolSong", fonts.BOLD, False)
    assert some.family == "某某手写体"
    assert fonts._face("body", ["DejaVu Sans"]) is None


def test_engine_knows_no_subject():
    """It could move below as it stands: it imports the kernel and itself."""
    ours = [
        line
        for path in HERE.glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "lianshang." in line and "import" in line
    ]

    assert [line for line in ours if "lianshang.kernel" not in line and "lianshang.papers" not in line] == []
