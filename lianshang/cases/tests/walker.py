"""Takes random steps through the services, as tired people would: any verb, any actor, mostly in order."""

from datetime import datetime, timedelta
from random import Random

from lianshang.cases import books, services
from lianshang.cases.flow import FLOW
from lianshang.cases.models import Case
from lianshang.cases.states import ENDED, Grade, SuperviseGrade
from lianshang.cases.tests.factories import MONDAY, Town
from lianshang.kernel.refusals import Hidden, Refused

ACTORS = ("dispatcher", "head", "chief", "callback", "liaison", "colleague", "co_liaison", "outsider", "holder")


class Walker:
    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.random = town, Random(seed)
        self.at = MONDAY
        self.done: list[str] = []

    def run(self, steps: int) -> None:
        for _ in range(steps):
            self.at += timedelta(minutes=self.random.choice([5, 40, 200, 900, 3000, 9000]))
            if self.random.random() < 0.06 or not Case.objects.exists():
                self.town.whistle(self.at, contact_phone=self.random.choice(["", "13800000000"]))
            else:
                rows = Case.objects.all() if self.random.random() < 0.1 else Case.objects.unfinished()
                self.step(self.random.choice(list(rows.order_by("-pk")[:6]) or [Case.objects.first()]))

    def step(self, case: Case) -> None:
        """Try one verb that somebody may do; a refusal is an answer too, and must change nothing."""
        options = [
            (actor, move.name, self.weight(move.moves[case.state], case))
            for actor in (self.town.actor(name, case) for name in ACTORS)
            for move in FLOW.offered(case, actor)
        ]
        if not options:
            return
        actor, verb, _ = self.random.choices(options, [weight for *_, weight in options])[0]
        before = case.version
        try:
            CALLS.get(verb, plain)(self, verb, case, actor)
            self.done.append(verb)
        except (Refused, Hidden):
            case.refresh_from_db()
            assert case.version == before

    def weight(self, target: str, case: Case) -> float:
        """Ends come seldom and changes of state often, or a walk would urge for ever."""
        return 0.2 if target in ENDED else 1 if target == case.state else 4

    def cause(self, case: Case) -> str:
        return next((one.cause for one in books.profile_of(case.profile_version_id).pauses), "检测")


def plain(walker: Walker, verb: str, case: Case, actor: object) -> None:
    getattr(services, verb)(case, actor=actor, at=walker.at)


def with_text(name: str):
    def call(walker: Walker, verb: str, case: Case, actor: object) -> None:
        getattr(services, verb)(case, actor=actor, at=walker.at, **{name: "已到现场查看，问题属实，正在处理。"})

    return call


def later(walker: Walker) -> datetime:
    return walker.at + timedelta(days=walker.random.randint(1, 20))


def _dispatch(walker, verb, case, actor):
    co = walker.random.sample([walker.town.co, walker.town.other], walker.random.randint(0, 2))
    kind = walker.random.choice(["咨询", "一般", "复杂"])
    services.dispatch(case, actor=actor, at=walker.at, lead=walker.town.lead, co_units=co, kind=kind)


def _merge(walker, verb, case, actor):
    others = list(Case.objects.exclude(pk=case.pk).order_by("pk"))
    main = walker.random.choice(others) if others else None
    if main:
        services.merge(case, actor=actor, at=walker.at, into=main)


def _unit(walker):
    return walker.random.choice([walker.town.lead, walker.town.co, walker.town.other])


CALLS = (
    {
        "dispatch": _dispatch,
        "merge": _merge,
        "refuse": lambda w, v, c, a: services.refuse(c, actor=a, at=w.at, reason="合同纠纷", way_out="可起诉"),
        "redirect": lambda w, v, c, a: services.redirect(c, actor=a, at=w.at, reason="消费投诉", body="12315"),
        "reclassify": lambda w, v, c, a: services.reclassify(c, actor=a, at=w.at, kind="复杂"),
        "involve": lambda w, v, c, a: services.involve(c, actor=a, at=w.at, unit=_unit(w)),
        "release": lambda w, v, c, a: services.release(c, actor=a, at=w.at, unit=_unit(w), reason="已查清无需协办"),
        "change_lead": lambda w, v, c, a: services.change_lead(c, actor=a, at=w.at, lead=_unit(w), reason="职责调整"),
        "grant_return": lambda w, v, c, a: services.grant_return(c, actor=a, at=w.at, lead=_unit(w)),
        "ask_extension": lambda w, v, c, a: services.ask_extension(
            c, actor=a, at=w.at, until=later(w), reason="配件订货"
        ),
        "pause": lambda w, v, c, a: services.pause(c, actor=a, at=w.at, cause=w.cause(c), reason="送检"),
        "defer": lambda w, v, c, a: services.defer(c, actor=a, at=w.at, reason="等管网", promised_at=later(w)),
        "confirm": lambda w, v, c, a: services.confirm(c, actor=a, at=w.at, grade=w.random.choice(Grade.values)),
        "call_back": lambda w, v, c, a: services.call_back(
            c, actor=a, at=w.at, solved=w.random.random() < 0.7, grade=w.random.choice(Grade.values), note="企业说的"
        ),
        "hand_over": lambda w, v, c, a: services.hand_over(
            c, actor=a, at=w.at, to=(a if a == w.town.co_liaison else w.town.colleague).person
        ),
        "plan": lambda w, v, c, a: services.plan(
            c, actor=a, at=w.at, note="下周施工", promised_at=w.random.choice([None, later(w)])
        ),
        "answer": lambda w, v, c, a: services.answer(
            c, actor=a, at=w.at, note="已更换灯具，今晚恢复照明。", release_reason=w.random.choice(["", "已查清"])
        ),
        "supervise": lambda w, v, c, a: services.supervise(
            c,
            actor=a,
            at=w.at,
            grade=w.random.choice(SuperviseGrade.values),
            unit=w.random.choice([None, w.town.co]),
            note="请于期限内办结",
            reply_by=w.random.choice([None, later(w)]),
            again="仍未办",
        ),
        "conclude": with_text("result"),
        "review_deferred": with_text("result"),
        "reopen": with_text("facts"),
    }
    | {
        verb: with_text("reason")
        for verb in (
            "mistake",
            "lift_supervision",
            "ask_return",
            "deny_return",
            "deny_extension",
            "consult",
            "terminate",
            "send_back",
            "reject",
        )
    }
    | {
        verb: with_text("note")
        for verb in ("progress", "co_answer", "supplement", "respond_supervision", "call_back_unsolved")
    }
)
