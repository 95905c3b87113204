"""What one world has and the other has not: a complaint with all that may become of it, or what another park does."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from django_scopes import scope

from lianshang.cases import services
from lianshang.cases.models import Case, Respondent
from lianshang.directory.actors import Actor, holder
from lianshang.directory.models import Role
from tests.access import objects
from tests.access.cases import BEGUN, SEALED_WORDS, Told, case_at
from tests.access.world import AT, DAY, HOUR, MINUTE, World

TEXTS = (
    "厂区东门路灯坏了三天，夜班出车看不清，反映多次没人管。",
    "水务局的人多次索要好处，不给就拖着不办。",
    "示范焦化有限公司夜间偷排废水，已有三次。",
    "三号路口的限高杆又被撞歪了，维修单位虚报工程量。",
    "2026-0003 这件诉求是假的，办件人串通一气。",
)
DEPTHS = ("whistled", "dispatched", "returned", "signed", "paused", "asked", "supervised", "answered", "closed")


@dataclass(frozen=True)
class Whisper:
    """One secret. `of_other`: it is the other park's own, and a secret to this park alone."""

    name: str
    tell: Callable[[World], object]
    of_other: bool = False


def whisper(seed: int) -> Whisper:
    """Return the secret of this seed."""
    dice = Random(seed)
    kinds: tuple[tuple[Callable[[Random], Whisper], int], ...] = (
        (_complaint, 12), (_joined, 2), (_more_of_it, 4), (_chat, 2), (_interest, 1), (_elsewhere, 4),
    )  # fmt: skip
    (make,) = dice.choices([one for one, _ in kinds], [weight for _, weight in kinds])
    return make(dice)


def _complaint(dice: Random) -> Whisper:
    """A new complaint or report: any text, time, respondents, file and handling."""
    words = dict(SEALED_WORDS) | {"nature": dice.choice(("complaint", "report")), "text": dice.choice(TEXTS)}
    words["title"] = words["text"][:12]
    if dice.random() < 0.5:
        words = {key: value for key, value in words.items() if key in ("nature", "text", "title")} | {"anonymous": True}
    by_name, with_file, own = dice.random() < 0.3, dice.random() < 0.5, dice.random() < 0.3
    depth, begun = dice.choice(DEPTHS), BEGUN - dice.randrange(3) * HOUR + dice.randrange(60) * MINUTE

    def tell(world: World) -> Case:
        told = Told(world, sealed=True, begun=begun)
        more = {"enterprise": world.enterprise} if own and "anonymous" not in words else {}
        files = ((world.file, "证据.txt"),) if with_file else ()
        case = services.submit(
            services.Whistle(**{**words, **more}, files=files),
            actor=Actor(kind="holder", park=world.park),
            at=told.later(),
        )
        accuse(world, case, by_name=by_name)
        return handled(told, case, depth)

    return Whisper(
        f"{words['nature']} {depth} {'named' if by_name else 'unit'}{' with file' if with_file else ''}", tell
    )


def accuse(world: World, case: Case, *, by_name: bool) -> None:
    """Somebody or everybody of the water office; those who serve there alone are asked afterwards."""
    people = [
        person for (_, place), person in world.people.items() if place in ("water", "waterhead", "pump", "harbour")
    ]
    rows = [Respondent(park=world.park, case=case, person=one, name=one.name) for one in people]
    unit = Respondent(park=world.park, case=case, unit=world.units["water"], name=world.units["water"].name)
    Respondent.objects.bulk_create(rows if by_name else [unit])


def handled(told: Told, case: Case, depth: str) -> Case:
    """Bring the case on until the depth is reached."""
    at, units, lead, way = told.later, told.world.units, told.by("roads"), DEPTHS.index(depth)
    head = told.by("office", Role.COMMITTEE_HEAD)
    steps: tuple[Callable[[Case], Case], ...] = (
        lambda one: services.dispatch(one, actor=told.director, at=at(), lead=units["roads"], co_units=[units["city"]]),
        lambda one: services.contact(signed(one), actor=lead, at=at(), note="已联系。"),
    )
    signed = lambda one: services.sign(one, actor=lead, at=at(), interest="")  # noqa: E731
    endings: dict[str, Callable[[Case], Case]] = {
        "returned": lambda one: services.ask_return(one, actor=lead, at=at(), reason="不属本局职责，应由别局办。"),
        "paused": lambda one: services.consult(one, actor=told.director, at=at(), reason="涉及两家。"),
        "asked": lambda one: services.ask_reporter(one, actor=told.director, at=at(), note="请补充时间和地点。"),
        "supervised": lambda one: services.supervise(one, actor=head, at=at(), note="请抓紧。"),
        "answered": lambda one: services.answer(
            one, actor=lead, at=at(), note="经核查，情况属实，已纠正。", release_reason="不必再等。"
        ),
    }
    taken = 0 if way == 0 else 1 if depth in ("dispatched", "returned") else 2
    for step in steps[:taken]:
        case = step(case)
    if depth == "closed":
        case = endings["answered"](case)
        case = services.approve(case, actor=told.director, at=at())
        return services.confirm(case, actor=holder(told.world.park, case.pk), at=at(), grade="satisfied")
    return endings[depth](case) if depth in endings else case


def _joined(dice: Random) -> Whisper:
    """Two complaints that are made one."""
    text = dice.choice(TEXTS)

    def tell(world: World) -> Case:
        told, cases = Told(world, sealed=True), []
        for _ in range(2):
            words = services.Whistle(nature="complaint", text=text, anonymous=True)
            cases.append(services.submit(words, actor=Actor(kind="holder", park=world.park), at=told.later()))
            accuse(world, cases[-1], by_name=False)
        return services.merge(cases[0], actor=told.director, at=told.later(), into=cases[1])

    return Whisper("two complaints joined", tell)


def _more_of_it(dice: Random) -> Whisper:
    """A step of a complaint that is there in both worlds."""
    step = dice.choice(("supplement", "urge", "ask_reporter", "ask_identity", "recusal", "progress"))

    def tell(world: World) -> Case:
        case, told = case_at(world, "progressing", sealed=True), Told(world, sealed=True, begun=AT - HOUR)
        who, at = told.director, told.later()
        reporter = holder(world.park, case.pk)
        steps: dict[str, Callable[[], Case]] = {
            "supplement": lambda: services.supplement(case, actor=reporter, at=at, note="又来了一次。"),
            "urge": lambda: services.urge(case, actor=reporter, at=at, note="请快些。"),
            "ask_reporter": lambda: services.ask_reporter(case, actor=who, at=at, note="请补充时间和地点。"),
            "ask_identity": lambda: services.ask_identity(case, actor=who, at=at, reason="要核对账目。"),
            "recusal": lambda: services.ask_recusal(case, actor=reporter, at=at, whose="handler", reason="是其亲属。"),
            "progress": lambda: services.progress(case, actor=told.by("roads"), at=at, note="正在核查，本周有结果。"),
        }
        return steps[step]()

    return Whisper(f"a complaint's {step}", tell)


def _chat(dice: Random) -> Whisper:
    """A message of a chat that was set aside as a complaint."""
    by = dice.choice(("auditor", "instructor"))
    return Whisper("a sealed draft", lambda world: objects._sealed_draft(world, world.people[by, "bureau"]))


def _interest(dice: Random) -> Whisper:
    def tell(world: World) -> object:
        who = world.actor(Role.LIAISON, "bureau")
        return services.declare_interest_in(
            actor=who, at=AT - HOUR, relation="kin", unit=world.units["water"], enterprise=None, name="", note=""
        )

    return Whisper("somebody's interest", tell)


def _elsewhere(dice: Random) -> Whisper:
    """Whatever the other park does."""
    count, text = dice.randint(1, 3), dice.choice(TEXTS)

    def tell(world: World) -> None:
        with scope(park=world.other):
            for n in range(count):
                words = services.Whistle(text=f"{text}{n}", anonymous=True, nature=dice.choice(("help", "complaint")))
                services.submit(words, actor=Actor(kind="holder", park=world.other), at=AT - DAY + n * HOUR)

    return Whisper("another park's whistles", tell, of_other=True)
