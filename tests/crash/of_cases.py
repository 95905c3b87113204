"""Steps of cases that need more than a state and somebody who may: two cases, a complaint, chats, files, many at once."""

import io
from typing import Any

from lianshang.cases import services
from lianshang.cases.chat.offers import offers
from lianshang.cases.models import Case
from lianshang.cases.services import batches, documents, export_jobs, import_jobs, phrases, saved_views, wecom
from lianshang.cases.states import State
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town
from lianshang.cases.tests.test_document_templates import OWN, written
from lianshang.cases.wecom.envelopes import Incoming
from lianshang.directory.actors import Actor
from lianshang.directory.models import Person
from lianshang.kernel import files
from lianshang.kernel.tests.test_files import photo
from tests.crash.core import CHAT, HEAD, ROWS, bring_in, pasted
from tests.crash.scripts import AT, Script, nothing, receipt

QUERY = "state=dispatched"
WHISTLE = {"text": "厂门口积水，货车进不来。", "contact_phone": "13800000000"}


def _complaint(town: Town) -> Case:
    return town.whistle(MONDAY, nature="complaint", text="夜间偷倒废渣，已有三次。", contact_name="何丽")


def _asked(town: Town) -> Case:
    return services.ask_identity(_complaint(town), actor=town.complaints, at=AT, reason="要当面核对地点。")


def _opened(town: Town) -> Case:
    return services.open_identity(_asked(town), actor=town.head, at=AT)


def _recusal(town: Town) -> Case:
    case = town.signed(nature="complaint")
    return services.ask_recusal(case, actor=town.holder(case), at=AT, whose="handler", reason="他与对方相识。")


def _deny(town: Town, case: Any) -> str:
    return receipt(services.deny_recusal(case, actor=town.head, at=AT + HOUR, reason="没有利害关系。"))


def _grant(town: Town, case: Any) -> str:
    people = [town.liaison.person]
    return receipt(services.grant_recusal(case, actor=town.head, at=AT + HOUR, people=people))


def _interest(town: Town, _: Any = None) -> Any:
    return services.declare_interest_in(actor=town.dispatcher, at=MONDAY, relation="亲属", enterprise=town.enterprise)


def _ask_recusal(town: Town, case: Any) -> str:
    return receipt(services.ask_recusal(case, actor=town.holder(case), at=AT, whose="handler", reason="他与对方相识。"))


def _split(town: Town, case: Any) -> str:
    return receipt(services.split(case, actor=town.complaints, at=AT, text="河边路灯不亮，请修。"))


def _screening(town: Town) -> tuple[Case, Any]:
    text = "我是示范焦化有限公司的何丽，电话 13800001234，夜里有人倒渣。"
    case = town.whistle(MONDAY, nature="complaint", text=text, contact_name="何丽")
    return case, case.sayings.first()


def _screen(town: Town, found: tuple[Case, Any]) -> str:
    case, saying = found
    return receipt(services.screen_words(saying, case, actor=town.complaints, at=AT, keep=(), hide=("倒渣",)))


def _sealed(town: Town, _: Any) -> str:
    """A report of which a part is no secret: two cases, one commit."""
    whistle = services.Whistle("夜间偷倒废渣。", nature="report", respondents=(town.lead,), contact_name="何丽")
    anybody = Actor(kind="holder", park=town.park)
    return receipt(services.submit_sealed(whistle, actor=anybody, at=AT, open_part="河边路灯不亮，请修。"))


OF_COMPLAINTS = (
    Script("cases.services.submit_sealed", nothing, _sealed),
    Script("cases.services.ask_identity", _complaint, lambda town, case: receipt(
        services.ask_identity(case, actor=town.complaints, at=AT, reason="要当面核对地点。"))),
    Script("cases.services.open_identity", _asked, lambda town, case: receipt(
        services.open_identity(case, actor=town.head, at=AT))),
    Script("cases.services.refuse_identity", _asked, lambda town, case: receipt(
        services.refuse_identity(case, actor=town.head, at=AT, reason="不必知道。"))),
    Script("cases.services.see_identity", _opened, lambda town, case: receipt(
        services.see_identity(case, actor=town.complaints, at=AT))),
    Script("cases.services.ask_recusal", lambda town: town.signed(nature="complaint"), _ask_recusal),
    Script("cases.services.grant_recusal", _recusal, _grant),
    Script("cases.services.deny_recusal", _recusal, _deny),
    Script("cases.services.declare_interest_in", nothing, lambda town, _: receipt(_interest(town))),
    Script("cases.services.end_interest", _interest, lambda town, one: str(
        services.end_interest(one, actor=town.dispatcher, at=AT, because="已离职"))),
    Script("cases.services.ask_reporter", _complaint, lambda town, case: receipt(
        services.ask_reporter(case, actor=town.complaints, at=AT, note="是哪一天的事？"))),
    Script("cases.services.split", _complaint, _split),
    Script("cases.services.recall", lambda town: town.dispatched(nature="complaint"), lambda town, case: receipt(
        services.recall(case, actor=town.complaints, at=AT, reason="派错了单位。"))),
    Script("cases.services.screen_words", _screening, _screen),
)  # fmt: skip


def _whistle() -> services.Whistle:
    return services.Whistle(**WHISTLE)


def _two(town: Town) -> tuple[Case, Case]:
    return town.whistle(), town.whistle(MONDAY + HOUR)


def _merged(town: Town) -> Case:
    one, main = _two(town)
    return services.merge(one, actor=town.dispatcher, at=MONDAY + 2 * HOUR, into=main)


def _supplement(town: Town, case: Any) -> str:
    stored = files.store(town.park, io.BytesIO(photo()), "补充.jpg")
    more = {"note": "补一张照片。", "files": [(stored, "补充.jpg")]}
    return receipt(services.supplement(case, actor=town.holder(case), at=AT, **more))


def _message(town: Town, _: Any) -> str:
    row = services.keep_message(
        sender="何丽", text="路灯不亮", missing="", external_id="m1", happened_at=MONDAY, actor=town.system, at=AT
    )
    return receipt(row)


def _drawn(town: Town, case: Any) -> str:
    drawn = documents.draw(case, actor=town.dispatcher, at=AT, kind="order", form="word")
    return receipt(documents.keep(drawn, actor=town.dispatcher, at=AT))


def _template(town: Town, _: Any = None) -> Any:
    return documents.replace_template("order", written(*OWN), "交办单.docx", actor=town.administrator, at=AT)


def _revert(town: Town, _: Any) -> str:
    return receipt(documents.revert_template("order", actor=town.administrator, at=AT + HOUR))


def _handed(town: Town, _: Any) -> str:
    batch = batches.hand_over_all(
        town.lead, before=None, to=Person.objects.get(pk=town.colleague.person.pk), actor=town.liaison, at=AT
    )
    return str(len(batch.done))


def _urged(town: Town, cases: Any) -> str:
    return str(len(batches.urge_all([(case, None) for case in cases], actor=town.dispatcher, at=AT).done))


def _job(town: Town, _: Any = None) -> Any:
    content = "\n".join([HEAD, *ROWS]).encode()
    return import_jobs.open_job("旧台账.csv", content, actor=town.dispatcher, at=AT)


def _checked(town: Town) -> Any:
    job = _job(town)
    import_jobs.match(job, job.mapping, "", actor=town.dispatcher, at=AT)
    job.refresh_from_db()
    return job


def _stage(job: Any) -> str:
    job.refresh_from_db()
    return f"{job.pk} {job.stage}"


def _on(job: Any, deed: Any, town: Town, *words: Any, **named: Any) -> str:
    deed(job, *words, actor=town.dispatcher, at=AT, **named)
    return _stage(job)


def _view(town: Town, _: Any = None) -> Any:
    return saved_views.keep_view("待签收", QUERY, actor=town.dispatcher)


def _setting(town: Town) -> dict[str, Any]:
    keys = {"token": "QDG6eK", "aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"}
    return {
        "corp_id": "wx5823bf96d3bd56c7",
        "agent_id": "218",
        "is_on": True,
        "actor": town.administrator,
        "at": AT,
        **keys,
    }


def _app(town: Town) -> Any:
    return wecom.set_wecom(**_setting(town))


def _received(town: Town, app: Any) -> str:
    return receipt(wecom.receive(Incoming(sender="何丽", key="m2", at=MONDAY, text="东门路灯不亮"), app, at=AT))


def _returning(town: Town) -> Case:
    why = "不属本局职责，应由执法局办。"
    return services.ask_return(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR, reason=why)


def _ask_return(town: Town, case: Any) -> str:
    why = "不属本局职责，应由执法局办。"
    return receipt(services.ask_return(case, actor=town.liaison, at=MONDAY + 2 * HOUR, reason=why))


def _paused(town: Town) -> Case:
    case = services.contact(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR)
    return services.pause(case, actor=town.dispatcher, at=MONDAY + 3 * HOUR, cause="检测", reason="送检。")


def _ask_extension(town: Town, case: Any) -> str:
    until = MONDAY + 10 * DAY
    return receipt(
        services.ask_extension(case, actor=town.liaison, at=MONDAY + 2 * HOUR, until=until, reason="配件要订货。")
    )


OF_UNITS = (
    Script("cases.services.ask_return", lambda town: town.signed(), _ask_return),
    Script("cases.services.ask_extension", lambda town: town.signed(), _ask_extension),
    Script("cases.services.grant_return", _returning, lambda town, case: receipt(
        services.grant_return(case, actor=town.dispatcher, at=AT, lead=town.co))),
    Script("cases.services.change_lead", lambda town: town.signed(), lambda town, case: receipt(
        services.change_lead(case, actor=town.dispatcher, at=AT, lead=town.other, reason="职责调整。"))),
    Script("cases.services.involve", lambda town: town.signed(), lambda town, case: receipt(
        services.involve(case, actor=town.dispatcher, at=AT, unit=town.co))),
    Script("cases.services.release", lambda town: town.signed(co=True), lambda town, case: receipt(
        services.release(case, actor=town.dispatcher, at=AT, unit=town.co, reason="已查清，不必协办。"))),
    Script("cases.services.resume", _paused, lambda town, case: receipt(
        services.resume(case, actor=town.dispatcher, at=AT))),
    Script("cases.services.record_closed", lambda town: town.whistle(channel="import"), lambda town, case: receipt(
        services.record_closed(case, actor=town.dispatcher, at=AT, reply="已修补。"))),
    Script("cases.services.register_draft", lambda town: town.in_state(State.DRAFT), lambda town, case: receipt(
        services.register_draft(case, actor=town.dispatcher, at=AT))),
)  # fmt: skip

OF_CASES = (
    Script("cases.services.note_down", nothing, lambda town, _: receipt(
        services.note_down(_whistle(), actor=town.dispatcher, at=AT))),
    Script("cases.services.register_note", lambda town: town.whistle(), lambda town, main: receipt(
        services.register_note(_whistle(), actor=town.dispatcher, at=AT, into=main))),
    Script("cases.services.keep_pasted", nothing, lambda town, _: str(
        len(services.keep_pasted(offers(CHAT, MONDAY).offers, actor=town.dispatcher, at=MONDAY).drafts))),
    Script("cases.services.keep_message", nothing, _message),
    Script("cases.services.set_aside", pasted, lambda town, rows: str(
        services.set_aside(rows, "sealed", actor=town.dispatcher, at=AT, about=[town.lead]))),
    Script("cases.services.take_back", lambda town: _aside(town), lambda town, row: str(
        services.take_back(row, actor=town.complaints, at=AT))),
    Script("cases.services.merge", _two, lambda town, two: receipt(
        services.merge(two[0], actor=town.dispatcher, at=AT, into=two[1]))),
    Script("cases.services.separate", _merged, lambda town, case: receipt(
        services.separate(case, actor=town.dispatcher, at=AT, reason="不是一件事。"))),
    Script("cases.services.supplement", lambda town: town.signed(), _supplement),
    Script("cases.services.reload_calendar", lambda town: town.signed(), lambda town, _: str(
        len(services.reload_calendar(actor=town.system, at=AT, note="新日历")))),
    Script("cases.services.documents.keep", lambda town: town.dispatched(), _drawn),
    Script("cases.services.documents.replace_template", nothing, lambda town, _: receipt(_template(town))),
    Script("cases.services.documents.revert_template", _template, _revert),
    Script("cases.services.documents.set_head", nothing, lambda town, _: receipt(
        documents.set_head(town.lead, mark="六枝特区交通运输局", code="六交", actor=town.administrator, at=AT))),
    Script("cases.services.batches.hand_over_all", lambda town: (town.signed(), town.signed()), _handed),
    Script("cases.services.batches.urge_all", lambda town: (town.signed(), town.signed()), _urged),
    Script("cases.services.phrases.keep_phrases", nothing, lambda town, _: str(
        len(phrases.keep_phrases(town.lead, ["已派人查看。", "今日修好。"], actor=town.liaison)))),
    Script("cases.services.saved_views.keep_view", nothing, lambda town, _: receipt(_view(town))),
    Script("cases.services.saved_views.change_view", _view, lambda town, view: receipt(
        saved_views.change_view(view, "等签收", actor=town.dispatcher, unit=town.office))),
    Script("cases.services.saved_views.refit_view", _view, lambda town, view: receipt(
        saved_views.refit_view(view, "state=signed", actor=town.dispatcher))),
    Script("cases.services.saved_views.drop_view", _view, lambda town, view: str(
        saved_views.drop_view(view, actor=town.dispatcher))),
    Script("cases.services.export_jobs.ask", lambda town: town.signed(), lambda town, _: receipt(
        export_jobs.ask("ledger", "", actor=town.dispatcher, at=AT))),
    Script("cases.services.import_jobs.open_job", nothing, lambda town, _: _stage(_job(town))),
    Script("cases.services.import_jobs.turn_to", _job, lambda town, job: _on(job, import_jobs.turn_to, town, "")),
    Script("cases.services.import_jobs.match", _job, lambda town, job: _on(job, import_jobs.match, town, job.mapping, "")),
    Script("cases.services.import_jobs.store", _checked, lambda town, job: _on(job, import_jobs.store, town, partial=True)),
    Script("cases.services.import_jobs.undo", bring_in, lambda town, batch: _stage(
        import_jobs.undo(batch, actor=town.dispatcher, at=AT + DAY))),
    Script("cases.services.wecom.set_wecom", nothing, lambda town, _: receipt(_app(town))),
    Script("cases.services.wecom.receive", _app, _received),
)  # fmt: skip


def _aside(town: Town) -> Any:
    (row, *_) = pasted(town)
    services.set_aside([row], "sealed", actor=town.dispatcher, at=MONDAY, about=[town.lead])
    return row
