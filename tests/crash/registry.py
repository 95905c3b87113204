"""Every use case that changes something, found by reading the code: whoever adds one has to say how it is brought about.

A use case is a public function that is told who acts (`actor`) and stands outside of views and commands, or that the
worker runs. What only looks, and what is a part of another deed, is named here with the reason.
"""

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from lianshang.kernel import outbox
from tests.tree import CODE, Source, product

PARTS = {
    "cases.services.complaints.take_out": "a step of split and register",
    "cases.services.dispatching.let_lead_go": "a step of release and change_lead",
    "cases.services.endings.close": "the step behind confirm, call_back and terminate",
    "cases.services.endings.end": "the step behind refuse, redirect and their like",
    "cases.services.recusals.declared": "a step of sign",
    "organizations.services.records.put_down": "a step of every deed there",
}
LOOKS = {
    "cases.answering.good_answers": "reads",
    "cases.answering.helps": "reads",
    "cases.calendar_editions.preview_national": "says what would move",
    "cases.calendar_editions.preview_own": "says what would move",
    "cases.calendar_editions.seal": "makes a confirmation's stamp",
    "cases.calendar_previews.preview": "says what would move",
    "cases.openings.may_read": "reads",
    "cases.sealed_card.card_of": "reads",
    "cases.sealed_card.pressable": "reads",
    "cases.services.documents.draw": "draws in memory; `keep` is the deed",
    "cases.services.export_jobs.own": "reads",
    "cases.services.import_jobs.own": "reads",
    "cases.suggesting.suggest": "reads",
    "cases.training.look": "starts a process; what that learns is made anew when it is lost",
    "directory.sign_ins.ended": "reads",
    "directory.sign_ins.seen": "keeps when a browser was last seen, which the next look keeps again",
    "kernel.statistics.keep_fresh": "tells the planner of the database what there is",
    "notices.settings_services.test": "sends one line that says it is a test; nothing is kept",
}
NOT_THERE = ("views", "commands", "forms", "migrations", "models", "documents", "demo", "templatetags")


def use_cases() -> set[str]:
    """Return the dotted names, without `lianshang.` and without the names of private folders of one subject's services."""
    return {_short(name) for name in {*_told_who_acts(), *_run_by_the_worker()} if name not in {*PARTS, *LOOKS}}


def _told_who_acts() -> Iterator[str]:
    for source in product():
        if not _may_hold_deeds(source):
            continue
        module = import_module(_module(source))
        for name, function in vars(module).items():
            if _is_deed(module, name, function):
                yield f"{module.__name__.removeprefix('lianshang.')}.{name}"


def _may_hold_deeds(source: Source) -> bool:
    parts = source.path.relative_to(CODE).parts
    return (
        "def " in source.text
        and "actor" in source.text
        and not set(NOT_THERE) & {part.removesuffix(".py") for part in parts}
    )


def _module(source: Source) -> str:
    return ".".join(source.path.relative_to(CODE.parent).with_suffix("").parts).removesuffix(".__init__")


def _is_deed(module: Any, name: str, function: Any) -> bool:
    if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != module.__name__:
        return False
    told = inspect.signature(function).parameters
    return "actor" in told and (told["actor"].kind is inspect.Parameter.KEYWORD_ONLY or "at" in told)


def _run_by_the_worker() -> Iterator[str]:
    for task in [*outbox.HANDLERS.values(), *(tick for _, tick in outbox.TICKS.values())]:
        if task.__module__.startswith("lianshang."):
            yield f"{task.__module__.removeprefix('lianshang.')}.{task.__qualname__}"


def _short(name: str) -> str:
    """`cases.services.feedback.answer` is called as `cases.services.answer`."""
    import lianshang.cases.services as verbs

    *_, last = name.split(".")
    known = getattr(verbs, last, None) if last in verbs.__all__ else None
    if known is not None and f"{known.__module__}.{last}" == f"lianshang.{name}":
        return f"cases.services.{last}"
    return name
