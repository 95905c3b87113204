"""Themes of the demo: made of the cases that the stories laid out, through the services."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lianshang.cases.models import Case, Theme
from lianshang.cases.services import themes
from lianshang.config.demo.park import Stage, data
from lianshang.config.demo.worktime import WorkTime
from lianshang.directory.actors import Actor

OWN = ("verb", "when", "by", "say")  # not answers of the step


def build(stage: Stage, cases: Iterable[Case], time: WorkTime) -> list[Theme]:
    """Open each theme of the file with what had been registered by then, and tell its steps."""
    known = sorted((case for case in cases if not case.sealed), key=lambda case: case.registered_at)
    rows = sorted(data("themes.yaml"), key=lambda row: time.earlier(row["when"]))
    return [_told(row, stage, known, time) for row in rows]


def _told(row: dict[str, Any], stage: Stage, known: list[Case], time: WorkTime) -> Theme:
    at = time.earlier(row["when"])
    theme = themes.open_theme(
        actor=stage.actor("dispatcher"), at=at, title=row["title"], task=row["task"], owner=stage.units[row["owner"]],
        due_at=time.later(time.now, row["ends"]) if "ends" in row else time.earlier(row["due"]),
        cases=[case for case in known if _fits(case, row, at)],
    )  # fmt: skip
    for step in row["steps"]:
        said = {"note": step["say"]} | {key: value for key, value in step.items() if key not in OWN}
        actor = _actor(step["by"], row, stage)
        theme = getattr(themes, step["verb"])(theme, actor=actor, at=time.earlier(step["when"]), **said)
    return theme


def _fits(case: Case, row: dict[str, Any], at: datetime) -> bool:
    says = any(word in case.text for word in row["words"])
    return says and case.category == row["category"] and case.registered_at < at


def _actor(by: str, row: dict[str, Any], stage: Stage) -> Actor:
    return stage.actor(f"liaison:{row['owner']}") if by == "owner" else stage.actor(by)
