"""The things besides cases that cells are about: each is made once, in the world's own park."""

import io
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from lianshang.cases import calendar_editions, codes, services
from lianshang.cases.documents.wordings import WORDINGS
from lianshang.cases.models import Draft, DraftRespondent, ExportJob, ImportJob, Interest, SavedView, Theme, WecomApp
from lianshang.cases.services import catalogue, documents, drafts, import_jobs, themes
from lianshang.cases.services import wecom as applications
from lianshang.cases.tests import test_wecom as wecom
from lianshang.directory.actors import Actor
from lianshang.directory.models import Absence, Account, Person, SignIn
from lianshang.indicators import freezing, periods
from lianshang.indicators.models import Publication
from lianshang.kernel.models import ProfileVersion
from lianshang.notices.models import Notice, Robot
from lianshang.notices.tests.test_robots import make_robot
from lianshang.papers import word
from tests.access.canaries import SECRETS
from tests.access.cases import OPEN_ALONE, SEALED_ALONE, STAGES, Told, case_at
from tests.access.world import AT, DAY, HOUR, World

LEDGER = "编号,标题,正文,提出时间,答复意见,答复时间\nA1,路灯,路灯坏了,2025-03-03 10:00,已更换,2025-03-05 16:00\n"
FAULTY = LEDGER + "A3,排水,下雨积水,三月四日,,\n"
NOWHERE = "http://127.0.0.1:9"  # nobody listens there
ROBOT_KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
DRAFT, ARTICLE = "三号路口的限高杆又被撞歪了，五五一八号。", "本月受理诉求3件，其中四四零九厂两件。"
TASK, THEME_NOTE = "查清是哪条线，先看丙丁六六四段。", "已换线，丙丁六六五段也换了。"
ANONYMOUS, SHEET = "无名氏七七三九", "SHEET-OF-ONE-4471"


def owner(world: World, role: str) -> Person:
    return world.people[role, "school"]


def notice(world: World, role: str) -> Notice:
    row = {"topic": "cases", "ref": "access", "text": "有一件待办", "url": "/desk/", "made_at": AT}
    make = lambda: Notice.objects.create(park=world.park, person=owner(world, role), sequence=7_000, **row)  # noqa: E731
    return world.once(("notice", role), make)


def view(world: World, role: str) -> SavedView:
    """Shared with the owner's unit: its colleagues may use it."""
    row = {"name": "在办的", "query": "state=open", "unit": world.units["school"]}
    return world.once(
        ("view", role), lambda: SavedView.objects.create(park=world.park, owner=owner(world, role), **row)
    )


def publication(world: World) -> Publication:
    """The figures of the month, as the committee's clerk published them."""
    clerk = world.actor("reporting_clerk", "office")
    return world.once("publication", lambda: freezing.publish(periods.month(AT.date()), actor=clerk, at=AT))


def absence(world: World, role: str) -> Absence:
    row = {"deputy": world.people["centre_staff", "school#2"], "since": AT.date(), "until": (AT + 5 * DAY).date()}
    make = lambda: Absence.objects.create(park=world.park, person=owner(world, role), entered_at=AT, **row)  # noqa: E731
    return world.once(("absence", role), make)


def export(world: World, role: str) -> ExportJob:
    row = {"stage": ExportJob.Stage.DONE, "name": "台账.xlsx", "content": SHEET.encode(), "made_at": AT, "heard_at": AT}
    make = lambda: ExportJob.objects.create(park=world.park, made_by=owner(world, role), **row)  # noqa: E731
    return world.once(("export", role), make)


def noted(world: World, role: str) -> Any:
    """A case that this person registered."""
    words = services.Whistle(text="电话里说东门路灯不亮。", enterprise=world.enterprise)
    make = lambda: services.submit(words, actor=world.actor(role, "school"), at=AT - HOUR)  # noqa: E731
    return world.once(("noted", role), make)


def post(world: World) -> int:
    return world.people["task_force", "tax"].posts.get().pk


def sign_in(world: World, role: str) -> SignIn:
    """Where else the owner is signed in."""
    row = {"session_key": f"elsewhere-{role}", "at": AT - HOUR, "seen_at": AT - HOUR}
    account = Account.objects.get(person=owner(world, role))
    return world.once(("sign-in", role), lambda: SignIn.objects.create(park=world.park, account=account, **row))


def interest(world: World, role: str) -> Interest:
    """An interest in a person of whom nothing here is told."""
    row = {"relation": "kin", "name": ANONYMOUS, "declared_at": AT - DAY}
    return world.once(
        ("interest", role), lambda: Interest.objects.create(park=world.park, person=owner(world, role), **row)
    )


def prepare(world: World) -> None:
    """Make what changes other things when it is made, and the cases, before anything is asked."""
    calendar_version(world)
    for stage in STAGES:
        for sealed in (False, True):
            if stage not in (OPEN_ALONE if sealed else SEALED_ALONE):
                case_at(world, stage, sealed=sealed)


def closed_account(world: World) -> int:
    """The person whose account it is."""
    person = world.people["instructor", "tax"]
    world.once("closed", lambda: Account.objects.filter(person=person).update(is_active=False))
    return person.pk


# -- drafts -----------------------------------------------------------------------------------------------------------


def draft(world: World, by: Person, *, settled: bool = False) -> Draft:
    return world.once(("draft", by.pk, settled), lambda: _draft(world, by, settled=settled))


def _draft(world: World, by: Person, *, settled: bool) -> Draft:
    row = _said(world, DRAFT, by)
    if settled:
        Draft.objects.filter(park=world.park, pk=row.pk).update(reason="chatter", settled_at=AT - HOUR, settled_by=by)
    return row


def _said(world: World, text: str, by: Person) -> Draft:
    system = Actor(kind="system", park=world.park)
    row = drafts.keep_message(
        sender="张师傅",
        text=text,
        missing="",
        external_id=uuid.uuid4().hex,
        happened_at=AT - DAY,
        actor=system,
        at=AT - DAY,
    )
    Draft.objects.filter(park=world.park, pk=row.pk).update(noted_by=by)
    return row


def sealed_draft(world: World, by: Person) -> Draft:
    return world.once(("sealed draft", by.pk), lambda: _sealed_draft(world, by))


def _sealed_draft(world: World, by: Person) -> Draft:
    row = _said(world, SECRETS["text"], by)
    Draft.objects.filter(park=world.park, pk=row.pk).update(reason="sealed", settled_at=AT - HOUR, settled_by=by)
    named = [person for (_, place), person in world.people.items() if place == "museum"]
    about: list[dict[str, Any]] = [{"unit": world.units["water"]}, *({"person": one} for one in named)]
    DraftRespondent.objects.bulk_create(
        DraftRespondent(park=world.park, draft=row, name=SECRETS["respondent"], **one) for one in about
    )
    return row


def draft_code(world: World) -> str:
    return codes.public_code(world.park, draft(world, owner(world, "dispatcher")))


# -- themes -----------------------------------------------------------------------------------------------------------


def theme(world: World, state: str = "open") -> Theme:
    return world.once(("theme", state), lambda: _theme(world, state))


def _theme(world: World, state: str) -> Theme:
    """The roads settle it; the city has a part in its one case."""
    office, at = world.actor("dispatcher", "office"), AT - 2 * HOUR
    own = [case_at(world, "progressing", sealed=False)] if state == "open" else []
    made = themes.open_theme(
        actor=office, at=at, title=f"路灯成片不亮（{state}）", task=TASK, owner=world.units["roads"],
        due_at=AT + 20 * DAY, cases=own,
    )  # fmt: skip
    if state == "closing":
        return themes.ask_close(made, actor=world.actor("liaison", "roads"), at=at + HOUR / 2, note=THEME_NOTE)
    if state == "closed":
        return themes.close(made, actor=office, at=at + HOUR / 2, outcome="settled", note="没有再发生。")
    return made


# -- old ledgers ------------------------------------------------------------------------------------------------------


def ledger(text: str = LEDGER) -> SimpleUploadedFile:
    return SimpleUploadedFile("旧台账.csv", text.encode())


def import_job(world: World, role: str, stage: str) -> ImportJob:
    """A file of this person's that stands at this stage."""
    return world.once(("import", role, stage), lambda: _import_of(world, role, stage))


def _import_of(world: World, role: str, stage: str) -> ImportJob:
    row = ImportJob.objects.get(pk=world.once(("import", stage), lambda: _import(world, stage)).pk)
    row.pk, row.key, row.made_by = None, uuid.uuid4(), owner(world, role)
    row.save(force_insert=True)
    return row


def _import(world: World, stage: str) -> ImportJob:
    """`matching`, `checked` (sound), `faulty` or `done`, brought there by the clerk."""
    who = {"actor": world.actor("reporting_clerk", "office"), "at": AT - HOUR}
    text = (FAULTY if stage == "faulty" else LEDGER).replace("A1", f"{stage}-1")  # the same rows do not come in twice
    job = import_jobs.open_job("旧台账.csv", text.encode(), **who)
    if stage != "matching":
        import_jobs.match(job, job.mapping, "default", **who)
        job.refresh_from_db()
    if stage == "done":
        import_jobs.store(job, partial=False, **who)
        job.refresh_from_db()
    return job


def batch(world: World) -> int:
    return world.once("batch", lambda: _import(world, "done").batch_id)


# -- how the park works -----------------------------------------------------------------------------------------------


def profile_version(world: World) -> int:
    return world.once("profile", lambda: ProfileVersion.objects.order_by("pk")[0].pk)


def calendar_version(world: World) -> int:
    """The park's own edition."""
    return world.once("calendar", lambda: _calendar(world).pk)


def _calendar(world: World) -> Any:
    document = {"name": "LZ 工作日历", "days": {"2026-12-01": {"name": "园区日", "off": True}}}
    who = {"actor": world.actor("administrator", "office"), "at": AT - 2 * DAY}
    return calendar_editions.publish_own(None, document, source="园区通知", **who)


def catalogue_in_force(world: World) -> None:
    """Edition 1 in force, and a draft with an entry."""
    world.once("catalogue", lambda: _catalogue(world))


def _catalogue(world: World) -> bool:
    who = {"actor": world.actor("dispatcher", "office"), "at": AT - HOUR}
    catalogue.open_draft(**who)
    catalogue.save_entry(catalogue.Matter("路灯不亮", world.units["roads"], "园区分工", ("路灯",)), **who)
    catalogue.publish(since=AT.date(), **who)
    catalogue.open_draft(**who)
    return True


def own_template(world: World) -> None:
    """A template of the park's own for replies."""
    world.once("template", lambda: _template(world))


def _template(world: World) -> Any:
    who = {"actor": world.actor("administrator", "office"), "at": AT - HOUR}
    return documents.replace_template("reply", word.template(WORDINGS["reply"]), "答复函.docx", **who)


def template_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("交办单.docx", word.template(WORDINGS["order"]))


def robot(world: World) -> Robot:
    address = f"{NOWHERE}/cgi-bin/webhook/send?key={ROBOT_KEY}"
    return world.once("robot", lambda: make_robot(world.park, address, name="工作群"))


def wecom_app(world: World) -> WecomApp:
    who = {"actor": world.actor("administrator", "office"), "at": AT - HOUR}
    make = lambda: applications.set_wecom(  # noqa: E731
        corp_id=wecom.CORP, agent_id="1000002", token=wecom.TOKEN, aes_key=wecom.AES_KEY, is_on=True, **who
    )
    return world.once("wecom", make)


def receipt_code(world: World, stage: str, *, sealed: bool = False) -> str:
    return codes.public_code(world.park, case_at(world, stage, sealed=sealed))


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, io.BytesIO(content).read())


def another_number(world: World, *, sealed: bool) -> str:
    """The number of another case that is under way, of the same book."""
    return world.once(("another", sealed), lambda: Told(world, sealed=sealed).signed()).number
