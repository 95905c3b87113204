"""Cases at every stage of their life, open and sealed, brought there through the services as people would."""

from collections.abc import Callable
from datetime import datetime
from inspect import signature

from lianshang.cases import books, services
from lianshang.cases.models import Case, Respondent
from lianshang.cases.services import documents
from lianshang.directory.actors import Actor, holder
from lianshang.directory.models import Role
from tests.access.canaries import SECRETS
from tests.access.world import AT, DAY, HOUR, MINUTE, World

BEGUN = AT - DAY
OPEN_WORDS = {
    "text": "厂区东门路灯坏了三天，夜班出车看不清。灯杆甲七七三五。", "title": "东门外灯不亮一三零七", "place": "望江台东侧六六二",
    "contact_name": "林海桥生", "contact_phone": "13911190417", "contact_email": "open.8841@nowhere.example",
}  # fmt: skip
NOTE, FILE = "已联系企业，四四八一号配件周五到。", "现场照片九九一四"
SEALED_WORDS = {
    "nature": "complaint", "text": f"{SECRETS['text']}，多次索要好处。", "title": SECRETS["title"], "place": SECRETS["place"],
    "enterprise_name": SECRETS["enterprise"], "contact_name": SECRETS["contact name"],
    "contact_phone": SECRETS["contact phone"], "contact_email": SECRETS["contact email"],
}  # fmt: skip


class Told:
    """One case told step by step, five minutes apart, from the day before `AT` or from an hour before."""

    def __init__(self, world: World, *, sealed: bool, begun: datetime = BEGUN) -> None:
        self.world, self.sealed, self.at = world, sealed, begun
        self.director = world.actor("complaints_officer" if sealed else "dispatcher", "office")
        self.note = SECRETS["handling note"] if sealed else NOTE

    def later(self) -> datetime:
        self.at += 5 * MINUTE
        return self.at

    def by(self, place: str, role: str = Role.LIAISON) -> Actor:
        return self.world.actor(role, place)

    def whistle(self) -> services.Whistle:
        named = SECRETS["file name"] if self.sealed else FILE
        more = SEALED_WORDS if self.sealed else {**OPEN_WORDS, "enterprise": self.world.enterprise}
        file = self.world.file if self.sealed else self.world.plain
        return services.Whistle(files=((file, f"{named}.txt"),), **more)

    def fresh(self) -> Case:
        case = services.submit(self.whistle(), actor=Actor(kind="holder", park=self.world.park), at=self.later())
        if self.sealed:
            self.accuse(case)
        return case

    def accuse(self, case: Case) -> None:
        """The water office, and everybody who serves at the museum by name."""
        named = [person for (_, place), person in self.world.people.items() if place == "museum"]
        rows = [Respondent(park=self.world.park, case=case, person=one, name=SECRETS["respondent"]) for one in named]
        unit = Respondent(park=self.world.park, case=case, unit=self.world.units["water"], name=SECRETS["respondent"])
        Respondent.objects.bulk_create([unit, *rows])

    def noted(self) -> Case:
        return services.note_down(self.whistle(), actor=self.by("office", "dispatcher"), at=self.later())

    def joined(self) -> Case:
        main = self.fresh()
        return services.merge(self.fresh(), actor=self.director, at=self.later(), into=main)

    def held(self) -> Case:
        """Sent to the tax office, returned, now led by the roads with the city's help."""
        at, units = self.later, self.world.units
        case = services.dispatch(self.fresh(), actor=self.director, at=at(), lead=units["tax"])
        case = services.ask_return(case, actor=self.by("tax"), at=at(), reason="不属本局职责，应由交通局办。")
        case = services.grant_return(case, actor=self.director, at=at(), lead=units["roads"], reason="同意。")
        return services.involve(case, actor=self.director, at=at(), unit=units["city"], note="请协助。")

    def signed(self) -> Case:
        """Who signs for a complaint declares that they have no interest in it."""
        declared = {"interest": ""} if self.sealed and "interest" in signature(services.sign).parameters else {}
        return services.sign(self.held(), actor=self.by("roads"), at=self.later(), **declared)

    def progressing(self) -> Case:
        return services.contact(self.signed(), actor=self.by("roads"), at=self.later(), note=self.note)

    def documented(self) -> Case:
        case = self.progressing()
        drawn = documents.draw(case, actor=self.director, at=self.later(), kind="order", form="word")
        documents.keep(drawn, actor=self.director, at=self.at)
        return case

    def supervised(self) -> Case:
        head, units = self.by("office", Role.COMMITTEE_HEAD), self.world.units
        case = self.progressing()
        for place in ("roads", "city"):
            case = services.supervise(
                case, actor=head, at=self.later(), unit=units[place], note="请抓紧。", reply_by=AT + 2 * DAY
            )
        return case

    def asked(self) -> Case:
        """The officer wishes to know who it is."""
        return services.ask_identity(self.progressing(), actor=self.director, at=self.later(), reason="要核对账目。")

    def opened(self) -> Case:
        case, self.at = self.asked(), AT - 10 * MINUTE
        return services.open_identity(case, actor=self.by("office", Role.COMMITTEE_HEAD), at=self.at)

    def challenged(self) -> Case:
        """The reporter wishes that somebody else handle it."""
        case = self.progressing()
        reporter = holder(self.world.park, case.pk)
        return services.ask_recusal(case, actor=reporter, at=self.later(), whose="handler", reason="经办人是其亲属。")

    def returning(self) -> Case:
        return services.ask_return(self.held(), actor=self.by("roads"), at=self.later(), reason="应由执法局办。")

    def extending(self) -> Case:
        case = self.progressing()
        return services.ask_extension(
            case, actor=self.by("roads"), at=self.later(), until=AT + 8 * DAY + HOUR, reason="配件要订货。"
        )

    def paused(self) -> Case:
        case = self.progressing()
        cause = books.profile_of(case.profile_version_id).pauses[0].cause
        return services.pause(case, actor=self.director, at=self.later(), cause=cause, reason="等检测结果。")

    def consulting(self) -> Case:
        return services.consult(self.progressing(), actor=self.director, at=self.later(), reason="涉及两家。")

    def deferred(self) -> Case:
        head = self.by("office", Role.COMMITTEE_HEAD)
        return services.defer(
            self.progressing(), actor=head, at=self.later(), reason="要等管网改造。", promised_at=AT + 30 * DAY
        )

    def answered(self) -> Case:
        case = services.co_answer(
            self.progressing(), actor=self.by("city"), at=self.later(), note=f"{self.note}，线路完好。"
        )
        note = f"{self.note}，已更换灯具 12 盏，今晚恢复照明。"
        return services.answer(case, actor=self.by("roads"), at=self.later(), note=note)

    def called(self) -> Case:
        return services.approve(self.answered(), actor=self.director, at=self.later())

    def unreached(self) -> Case:
        case = self.called()
        for _ in range(3):
            self.at += 2 * HOUR
            case = services.miss_call(case, actor=self.calls(), at=self.at)
        return case

    def calls(self) -> Actor:
        return self.director if self.sealed else self.by("office", Role.CALLBACK_OFFICER)

    def closed(self) -> Case:
        case = self.called()
        return services.confirm(case, actor=holder(self.world.park, case.pk), at=self.later(), grade="satisfied")


SEALED_ALONE = ("asked", "opened", "challenged")
OPEN_ALONE = ("noted",)
STAGES: dict[str, Callable[[Told], Case]] = {
    name: getattr(Told, name)
    for name in (
        "fresh", "noted", "joined", "held", "progressing", "documented", "supervised", "returning", "extending", "paused",
        "consulting", "deferred", "asked", "opened", "challenged", "answered", "called", "unreached", "closed",
    )
}  # fmt: skip
BEFORE = {  # step → the stage that it is taken in; the others while the case is under way
    **dict.fromkeys(("screen", "reclassify", "refuse", "redirect", "merge", "mistake", "dispatch"), "fresh"),
    **dict.fromkeys(("sign", "ask_return"), "held"),
    **dict.fromkeys(("grant_return", "deny_return"), "returning"),
    **dict.fromkeys(("grant_extension", "deny_extension"), "extending"),
    **dict.fromkeys(("review_deferred", "resume_deferred"), "deferred"),
    **dict.fromkeys(("approve", "send_back"), "answered"),
    **dict.fromkeys(("call_back", "call_back_unsolved", "miss_call"), "called"),
    **dict.fromkeys(("respond_supervision", "lift_supervision"), "supervised"),
    **dict.fromkeys(("open_identity", "refuse_identity"), "asked"),
    **dict.fromkeys(("grant_recusal", "deny_recusal"), "challenged"),
    "see_identity": "opened", "recall": "held",
    "register": "noted", "separate": "joined", "resume": "paused", "conclude": "consulting", "close_unreached": "unreached",
    "reopen": "closed",
}  # fmt: skip


def case_at(world: World, stage: str, *, sealed: bool) -> Case:
    """Return the world's case at this stage, made when it is first asked for."""
    begun = AT - HOUR if stage == "held" else BEGUN  # a return has to be asked for at once
    return world.once(("case", stage, sealed), lambda: STAGES[stage](Told(world, sealed=sealed, begun=begun)))
