"""Tells the stories through the services, all in the order in which they happened."""

import heapq
import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from lianshang.cases import deciders, services
from lianshang.cases.models import Case
from lianshang.cases.services import recusals
from lianshang.config.demo.enterprises import Firm
from lianshang.config.demo.park import Stage
from lianshang.config.demo.stories import Step, Story, drawn
from lianshang.config.demo.worktime import WorkTime
from lianshang.directory import actors
from lianshang.directory.actors import Actor
from lianshang.directory.models import Person
from lianshang.kernel.refusals import Hidden, Refused

OFFICE = {
    "screen", "reclassify", "refuse", "redirect", "merge", "separate", "mistake", "dispatch", "involve", "release", "change_lead",
    "grant_return", "deny_return", "grant_extension", "deny_extension", "pause", "conclude", "terminate", "approve",
    "send_back", "reopen", "record_closed", "register_draft", "ask_reporter", "ask_identity", "see_identity", "split", "recall",
}  # fmt: skip
HOLDER = {"confirm", "reject", "withdraw", "supplement", "urge", "ask_recusal"}
CALLBACK = {"call_back", "call_back_unsolved", "miss_call", "close_unreached"}
HEAD = {
    "defer", "review_deferred", "resume_deferred", "supervise", "lift_supervision", "open_identity", "refuse_identity",
    "grant_recusal", "deny_recusal",
}  # fmt: skip
SAYINGS = ("reason", "result", "facts", "reply", "note")
SPANS = ("until", "promised_at", "reply_by")
UNITS = ("lead", "unit")


class NotTold(Exception):
    """The script is wrong: a step that the rules refuse, or one that would happen after the end of the demo."""


@dataclass
class Telling:
    """A story under way."""

    story: Story
    number: int
    at: datetime
    done: int = -1  # steps told; the whistle is before the first
    case: Case | None = None


class Teller:
    """Holds the stage, the enterprises and the time; `tell` lays all stories out."""

    def __init__(self, stage: Stage, firms: list[Firm], time: WorkTime) -> None:
        self.stage, self.firms, self.time = stage, firms, time
        self.cases: dict[str, Case] = {}

    def tell(self, stories: Iterable[Story]) -> dict[str, Case]:
        """Tell every story up to `time.now`, step by step across all of them. Returns the cases by story name."""
        under_way = [Telling(story, number, self.time.earlier(story.when)) for number, story in enumerate(stories)]
        queue = [(one.at, one.number) for one in under_way]
        heapq.heapify(queue)
        while queue and queue[0][0] <= self.time.now:
            at, number = heapq.heappop(queue)
            one = under_way[number]
            self._act(one, at)
            if one.done < len(one.story.steps):
                one.at = self._next(one, at)
                heapq.heappush(queue, (one.at, number))
        if left := [under_way[number].story.name for _, number in queue if under_way[number].story.strict]:
            raise NotTold(", ".join(sorted(left)))
        return self.cases

    def _next(self, one: Telling, at: datetime) -> datetime:
        return self.time.later(at, str(one.story.steps[one.done].get("after", "30m")))

    def _act(self, one: Telling, at: datetime) -> None:
        if one.done < 0:
            one.case = self._whistle(one, at)
        else:
            one.case = self._step(one, one.story.steps[one.done], at)
        self.cases[one.story.name] = one.case
        one.done += 1

    def _whistle(self, one: Telling, at: datetime) -> Case:
        story = one.story
        said = dict(story.whistle)
        units = self.stage.units
        said["respondents"] = tuple(units.get(name, name) for name in said.get("respondents", ()))
        whistle = services.Whistle(**said, **self._speaker(one))
        actor = self.stage.actor(story.by, one.number) if story.by else Actor(kind="holder", park=self.stage.park)
        return getattr(services, story.opening)(whistle, actor=actor, at=at)

    def _speaker(self, one: Telling) -> dict[str, Any]:
        """Which enterprise speaks, and who for it; nobody where the whistle is anonymous."""
        if one.story.whistle.get("anonymous"):
            return {}
        firm = self._firm(one.story)
        spoken: dict[str, Any] = {"enterprise": firm.enterprise}
        if one.story.contact:
            spoken |= {"contact_name": firm.contact.name, "contact_phone": firm.contact.phone}
        return spoken

    def _firm(self, story: Story) -> Firm:
        if story.firm:
            return next(firm for firm in self.firms if firm.enterprise.code == story.firm)
        fitting = [firm for firm in self.firms if not story.sector or firm.enterprise.sector in story.sector]
        return drawn(story.name).choice(fitting)

    def _step(self, one: Telling, step: Step, at: datetime) -> Case:
        verb = step["verb"]
        service = getattr(services, verb)
        given = {
            key: self._resolved(key, value, at)
            for key, value in step.items()
            if key not in ("verb", "after", "by", "say")
        }
        if step.get("say"):
            given[_saying(verb)] = step["say"]
        if verb in ("sign", "co_sign"):
            given.setdefault("interest", "")
        if verb == "grant_recusal" and one.case:
            given["people"] = Person.objects.filter(pk__in=recusals.meant(one.case))
        try:
            return service(one.case, actor=self._actor(one, verb, step.get("by", "")), at=at, **given)
        except (Hidden, Refused) as no:
            raise NotTold(f"{one.story.name}: {verb} at {at:%F %R}: {no!r}") from no

    def _resolved(self, key: str, value: Any, at: datetime) -> Any:
        if key in SPANS:
            return self.time.later(at, value)
        if key in UNITS:
            return self.stage.units[value]
        if key == "co_units":
            return [self.stage.units[code] for code in value]
        if key == "into":
            return self.cases[value]
        return self._person(value) if key == "to" else value

    def _person(self, name: str) -> Any:
        return next(person for people in self.stage.people.values() for person in people if person.name == name)

    def _actor(self, one: Telling, verb: str, by: str) -> Actor:
        """Return who takes the step: as the script says, else who usually does."""
        case = one.case
        if by in self.stage.units:
            return self.stage.actor(f"liaison:{by}", one.number)
        if by:
            return self.stage.actor(by, one.number)
        if verb in HOLDER:
            return actors.holder(self.stage.park, case.pk)
        if role := _role(case, verb):
            return self.stage.actor(role, one.number)
        return self.stage.liaison(int(case.lead_unit_id or 0), one.number)


def _role(case: Case | None, verb: str) -> str:
    """Return the role that usually takes the step; empty: a unit's liaison."""
    if case and verb in deciders.RULINGS and deciders.waits_for(case):
        return deciders.waits_for(case)
    if verb in HEAD:
        return "committee_head"
    if verb not in OFFICE | CALLBACK:
        return ""
    if case and case.sealed:
        return "complaints_officer:office"
    return "callback_officer" if verb in CALLBACK else "dispatcher"


@cache
def _saying(verb: str) -> str:
    """Return the parameter of the service that takes the words."""
    known = inspect.signature(getattr(services, verb)).parameters
    return next(name for name in SAYINGS if name in known)
