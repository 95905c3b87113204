"""Documents of a case: every word from a record, kept as drawn, and for whom."""

import io
import itertools
import re

import pytest
from django.test import Client
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from pypdf import PdfReader

from lianshang.cases import services
from lianshang.cases.documents import kinds
from lianshang.cases.models import Case, CaseDocument, DocumentForm, DocumentKind, Respondent
from lianshang.cases.services import documents
from lianshang.cases.services.intake import attach
from lianshang.cases.tests.desks import at_desk, few_queries, hidden, words
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town, make_town
from lianshang.directory.actors import Actor
from lianshang.kernel import files
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.papers import filling

NOON = MONDAY + 3 * HOUR
NASTY = "厂区东门 <b>&路灯</b> 坏了 {{ 企业电话 }} #let x = 1\n=1+1 请打13912345678，身份证520203199003071234。"


def full(town: Town, **more: object) -> Case:
    """A case with everything that a document can tell of."""
    case = town.signed(co=True, contact_name="王建国", contact_phone="13800000000", **more)
    case = services.urge(case, actor=town.chief, at=MONDAY + 2 * HOUR, note="请今天到现场")
    case = services.supervise(
        case, actor=town.head, at=MONDAY + 2.2 * HOUR, grade="listed", note="两个工作日内恢复照明。\n每天报一次。",
        ground="应办未办好", reply_by=MONDAY + 3 * DAY,
    )  # fmt: skip
    case = services.consult(case, actor=town.dispatcher, at=MONDAY + 2.5 * HOUR, reason="门外道路由谁养护。")
    case = services.conclude(case, actor=town.dispatcher, at=MONDAY + 2.6 * HOUR, result="由交通运输局先修。")
    return services.answer(
        case, actor=town.liaison, at=NOON, note="一、情况\n已更换灯具 12 盏。\n当晚恢复照明。", basis="城市照明管理规定第二十条",
        release_reason="不必再等。",
    )  # fmt: skip


def drawn(case: Case, actor: Actor, kind: str, form: str = "word", **more: object) -> bytes:
    return documents.draw(case, actor=actor, at=NOON + HOUR, kind=kind, form=form, **more).content


def text(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))
    return "\n".join(filling.words(content))


@pytest.mark.parametrize("form", list(DocumentForm))
@pytest.mark.parametrize("kind", list(DocumentKind))
def test_every_document_says_number_and_matter_and_leaves_no_placeholder(town: Town, kind: str, form: str):
    case = full(town)

    said = text(drawn(case, town.dispatcher, kind, form))

    assert case.number in said
    assert case.title.rstrip("。…") in said
    assert re.findall(r"\{\{|\{%|%\}|None", said) == []


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("order", ["交通运输局", "0858-0000000", "李路", "王**", "138****0000", "办理", "5个工作日"]),
        ("urging", ["韩松", "请今天到现场", "催办记录（共1次）", "综合党委办公室"]),
        ("supervision", ["挂牌督办", "一、督办要求", "两个工作日内恢复照明。", "至今已催办1次", "请今天到现场。", "2026年11月2日", "督办情形：应办未办好。", "并于11月5日周四09:30前将办理情况书面报送"]),
        ("reply", ["示范焦化有限公司：", "一、情况", "当晚恢复照明。", "依据：城市照明管理规定第二十条。", "已解决", "李路", "〔2026〕"]),
        ("consultation", ["交通运输局：", "门外道路由谁养护。", "时间：", "综合党委办公室"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", list(DocumentForm))
def test_documents_say_what_is_on_record(town: Town, kind: str, told: list[str], form: str):
    case = full(town)
    if kind == "order":
        case = town.signed(contact_name="王建国", contact_phone="13800000000")
    if kind == "urging":
        told = [word for word in told if word != "韩松"]

    said = re.sub(r"\s", "", text(drawn(case, town.dispatcher, kind, form)))

    assert [word for word in told if word not in said] == []
    assert "13800000000" not in said


def test_supervision_without_ground_and_date_leaves_both_out(town: Town):
    case = services.supervise(
        town.signed(), actor=town.head, at=MONDAY + 2 * HOUR, note="今天恢复照明。", ground="其他"
    )

    said = text(drawn(case, town.dispatcher, "supervision"))

    assert "督办情形" not in said
    assert "抓紧办理，并将办理情况书面报送" in said


@pytest.mark.parametrize("form", list(DocumentForm))
def test_what_people_typed_is_text_and_numbers_of_persons_are_hidden(town: Town, form: str):
    case = town.dispatched(text=NASTY)

    said = text(drawn(case, town.dispatcher, "order", form))

    flat = re.sub(r"\s", "", said)
    assert "<b>&路灯</b>坏了{{企业电话}}#letx=1" in flat
    assert "=1+1请打139****5678，身份证520***********1234。" in flat
    if form == DocumentForm.WORD:
        assert "#let x = 1\n=1+1" in said  # the line break of the words is one of the paper


def test_word_letter_has_the_layout_of_issued_documents(town: Town):
    document = Document(io.BytesIO(drawn(full(town), town.liaison, "reply")))

    page = document.sections[0]
    grid = page._sectPr.find(qn("w:docGrid"))
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(one / Mm(1)) for one in (page.page_width, page.page_height, *margins)] == [210, 297, 37, 35, 28, 26]
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    runs = {run.text: run for paragraph in document.paragraphs for run in paragraph.runs if run.text}
    title = next(run for said, run in runs.items() if said.startswith("关于"))
    faces = {said: run._r.rPr.rFonts.get(qn("w:eastAsia")) for said, run in runs.items()}
    assert (faces[title.text], title.font.size.pt) == ("方正小标宋简体", 22)
    assert (faces["一、情况"], faces["当晚恢复照明。"]) == ("黑体", "仿宋_GB2312")
    assert runs["当晚恢复照明。"].font.size.pt == 16
    assert document.settings.odd_and_even_pages_header_footer
    orders = [[child.tag.rpartition("}")[2] for child in p._p.pPr] for p in document.paragraphs if p._p.pPr is not None]
    assert [
        names for names in orders if "snapToGrid" in names and names.index("snapToGrid") > names.index("spacing")
    ] == []


def test_pdf_letter_has_the_layout_of_issued_documents(town: Town):
    note = "\n".join(f"第{n}段，已经逐项核对现场情况并更换老化线路和灯具，今后每周巡查一次。" for n in range(40))
    case = town.signed()
    case = services.answer(case, actor=town.liaison, at=NOON, note=note)
    places: list[tuple[float, float, str]] = []

    first = PdfReader(io.BytesIO(drawn(case, town.liaison, "reply", "pdf"))).pages[0]
    first.extract_text(visitor_text=lambda said, cm, *_: places.append((cm[4], cm[5], said)))

    lines = sorted({round(y, 1) for x, y, said in places if said.strip() and y > 99}, reverse=True)
    pitches = {round(a - b, 1) for a, b in itertools.pairwise(lines[5:])}
    assert [round(float(one)) for one in first.mediabox[2:]] == [595, 842]
    assert pitches <= {28.9, 29.0}
    assert min(x for x, y, said in places if said.strip() and y > 99) >= 28 / 25.4 * 72 - 1
    assert "—1—" in re.sub(r"\s", "", "".join(said for _, y, said in places if y < 99))


def test_files_of_an_answer_are_its_attachments(town: Town):
    case = town.signed()
    case = services.answer(case, actor=town.liaison, at=NOON, note="已更换灯具 12 盏。")
    stored = files.store(town.park, io.BytesIO(b"a,b\n1,2\n"), "清单.csv")
    attach(case, ((stored, "灯具清单.csv"), (stored, "巡查表.csv")))

    said = text(drawn(case, town.liaison, "reply"))

    assert "附件：1.灯具清单.csv" in said
    assert "2.巡查表.csv" in said


def test_whole_number_only_where_asked_for(town: Town):
    case = town.dispatched(contact_name="王建国", contact_phone="13800000000")

    said = text(drawn(case, town.dispatcher, "order", shows_phone=True))

    assert "王建国" in said
    assert "13800000000" in said


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_document_without_its_step_is_refused(town: Town, kind: str):
    with pytest.raises(Refused):
        drawn(town.whistle(), town.dispatcher, kind)


def test_reply_to_nobody_is_refused(town: Town):
    case = services.answer(town.signed(enterprise=None), actor=town.liaison, at=NOON, note="已更换灯具 12 盏。")

    with pytest.raises(Refused, match="没有署名"):
        drawn(case, town.liaison, "reply")


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("dispatcher", {"order", "urging", "supervision", "reply", "consultation"}),
        ("head", {"order", "urging", "supervision", "consultation"}),
        ("chief", {"order", "urging", "supervision"}),
        ("liaison", {"order", "reply", "consultation"}),
        ("outsider", set()),
        ("auditor", set()),
        ("callback", set()),
        ("administrator", set()),
    ],
)
def test_who_may_draw_what(town: Town, who: str, may: set[str]):
    case = full(town)

    able = {kind for kind in kinds.KINDS if kinds.may_draw(kinds.KINDS[kind], case, getattr(town, who))}

    assert able == may
    for kind in set(kinds.KINDS) - may:
        with pytest.raises(Hidden):
            drawn(case, getattr(town, who), kind)


def sealed(town: Town) -> Case:
    case = town.dispatched(
        nature="complaint", respondents=(), contact_name="王建国", contact_phone="13800000000", text="夜间偷倒废渣。"
    )
    case = services.sign(case, actor=town.liaison, at=MONDAY + 2 * HOUR, interest="")
    case = services.urge(case, actor=town.holder(case), at=MONDAY + 2.2 * HOUR, note="我是示范焦化的老王，请快办")
    return services.urge(case, actor=town.complaints, at=MONDAY + 2.5 * HOUR, note="请今天到现场")


@pytest.mark.parametrize("form", list(DocumentForm))
@pytest.mark.parametrize("kind", ["order", "urging"])
def test_documents_of_sealed_cases_do_not_say_who_reported(town: Town, kind: str, form: str):
    case = sealed(town)

    said = text(drawn(case, town.complaints, kind, form, shows_phone=True))

    assert "保密件" in said
    assert [word for word in ("示范焦化", "王", "138", "0000000000") if word in said.replace("0858-0000000", "")] == []


def test_sealed_cases_have_no_letters_to_others(town: Town):
    case = sealed(town)
    case = services.answer(case, actor=town.liaison, at=NOON, note="已清理并处罚。")

    for kind in ("reply", "consultation"):
        with pytest.raises(Refused, match="保密件"):
            drawn(case, town.complaints, kind)
    with pytest.raises(Hidden):
        drawn(case, town.dispatcher, "order")


def press(client: Client, case: Case, draw: str, **more: object):
    address = f"/cases/{case.key}/documents/"
    return client.post(address, hidden(client.get(address)) | {"draw": draw} | more)


def fetched(client: Client, case: Case, place: int) -> tuple[int, bytes]:
    """Return status and content of the document at that place."""
    answer = client.get(f"/cases/{case.key}/documents/{place}/")
    return answer.status_code, b"".join(answer.streaming_content) if answer.streaming else b""


def test_one_press_draws_keeps_and_hands_over(town: Town):
    case, client = full(town), at_desk(town.dispatcher)

    answer = press(client, case, "order:pdf")
    page = client.get(answer["Location"])
    status, content = fetched(client, case, 1)

    row = CaseDocument.objects.get()
    assert f"交办单 {case.number}.pdf" in words(page)
    assert 'content="0; url=' in page.content.decode()
    assert (status, content[:5], row.stored.media_type) == (200, b"%PDF-", "application/pdf")
    assert (row.made_by, row.case_version, row.template) == (town.dispatcher.person, case.version, None)


def test_same_form_sent_twice_draws_once(town: Town):
    case, client = full(town), at_desk(town.dispatcher)
    fields = hidden(client.get(f"/cases/{case.key}/documents/")) | {"draw": "order:word"}

    first, second = (client.post(f"/cases/{case.key}/documents/", fields) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert CaseDocument.objects.count() == 1


def test_document_stays_as_it_was_drawn(town: Town):
    case, client = town.dispatched(), at_desk(town.dispatcher)
    press(client, case, "order:word")
    services.sign(case, actor=town.liaison, at=MONDAY + 2 * HOUR)
    press(client, case, "order:word")

    first, second = (text(fetched(client, case, place)[1]) for place in (1, 2))

    assert "李路" not in first
    assert "李路" in second
    assert "又办了 1 步" in words(client.get(f"/cases/{case.key}/documents/"))


def test_document_with_the_number_is_for_those_who_may_see_it(town: Town):
    case = town.dispatched(contact_phone="13800000000")
    press(at_desk(town.dispatcher), case, "order:word", phone="on")

    statuses = {
        name: fetched(at_desk(getattr(town, name)), case, 1)[0]
        for name in ("dispatcher", "liaison", "auditor", "outsider")
    }

    assert statuses == {"dispatcher": 200, "liaison": 200, "auditor": 404, "outsider": 404}


def test_unknown_place_and_kind_are_not_there(town: Town):
    case, client = full(town), at_desk(town.dispatcher)

    assert client.get(f"/cases/{case.key}/documents/7/").status_code == 404
    for draw in ("order:exe", "diploma:word", "", "order"):
        assert press(client, case, draw).status_code == 404


def test_accused_and_other_parks_have_no_documents(town: Town):
    case = sealed(town)
    press(at_desk(town.complaints), case, "order:word")
    Respondent.objects.create(park=town.park, case=case, unit=town.other)
    Respondent.objects.create(park=town.park, case=case, person=town.head.person)
    elsewhere = make_town("PZ").dispatcher

    for actor in (town.outsider, town.head, town.dispatcher, town.auditor, elsewhere):
        for rest in ("", "1/"):
            assert at_desk(actor).get(f"/cases/{case.key}/documents/{rest}").status_code == 404


def test_pages_take_few_queries(town: Town):
    case, client = full(town), at_desk(town.dispatcher)
    for kind in DocumentKind:
        press(client, case, f"{kind}:word")

    for address in (f"/cases/{case.key}/documents/", case.get_absolute_url()):
        with few_queries():
            assert client.get(address).status_code == 200


def test_case_page_offers_what_may_be_drawn_now(town: Town):
    page = at_desk(town.liaison).get(town.answered().get_absolute_url()).content.decode()

    assert re.findall(r'name="draw" value="([a-z:]+)"', page) == ["order:word", "order:pdf", "reply:word", "reply:pdf"]


def test_reader_without_a_part_sees_no_buttons(town: Town):
    case = full(town)

    page = at_desk(town.auditor).get(f"/cases/{case.key}/documents/")

    assert page.status_code == 200
    assert 'name="draw"' not in page.content.decode()


def test_stranger_gets_nothing(town: Town):
    case = full(town)

    assert Client().get(f"/cases/{case.key}/documents/").status_code == 302


def test_drawing_is_a_day_later_still_of_its_day(town: Town):
    said = documents.draw(full(town), actor=town.dispatcher, at=MONDAY + 62 * DAY, kind="supervision", form="word")

    assert "2027年1月3日" in text(said.content)
