"""Somebody who works without the mouse: a page and nothing but its keyboard, with the keys counted for each task."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django_scopes import scope
from playwright.sync_api import Browser, Locator, Page, expect

from lianshang.cases import services
from lianshang.cases.models import Case, CatalogueEntry, CatalogueVersion
from lianshang.cases.services.phrases import keep_phrases
from lianshang.cases.tests.factories import HOUR, MONDAY, Town, make_town
from lianshang.directory.models import Account, Person
from lianshang.enterprises.models import Contact
from tests.browsing import DESK, browsers, not_now, press

PASSWORD = "lantern-on-the-east-gate"
LAMPS = tuple(f"{n} 号门外的路灯坏了，夜班出车看不清。" for n in range(1, 12))
# Which key leads from the focus to the row of this link; empty where one is there.
TOWARDS = """one => {
  const rows = [...document.querySelectorAll("[data-queue] tbody tr")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const there = rows.indexOf(one.closest("tr"));
  return here < there ? "j" : here > there ? "k" : "";
}"""

NEXT = "document.activeElement.closest('tr').nextElementSibling.querySelector('.main a').getAttribute('href')"


@dataclass
class Day:
    """A page and nothing but its keyboard. `cost` has one line for each task: how often, keys, seconds."""

    page: Page
    keys: int = 0
    cost: dict[str, list[tuple[int, float]]] = field(default_factory=dict)

    def press(self, *keys: str) -> None:
        press(self.page, *keys)
        self.keys += len(keys)

    def write(self, words: str) -> None:
        """Words of one's own: an input method makes them, so they do not count as keys."""
        self.page.keyboard.insert_text(words)

    @contextmanager
    def task(self, name: str, most: int) -> Iterator[None]:
        began, before = time.monotonic(), self.keys
        yield
        used = self.keys - before
        self.cost.setdefault(name, []).append((used, time.monotonic() - began))
        assert used <= most, f"{name}: {used} keys, at most {most}"

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def said(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator("#banner")).to_contain_text(words)

    def heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)

    def row(self, case: Case) -> Locator:
        return self.page.locator(f"td.main a[href='{case.get_absolute_url()}']")

    def reach(self, case: Case) -> None:
        """Go to the case's row, which is not counted: one goes through a queue in its order."""
        expect(self.row(case)).to_be_visible()
        while way := self.row(case).evaluate(TOWARDS):
            press(self.page, way)

    def next_row(self) -> str:
        """Return the address of the row after the one that has the focus."""
        return self.page.evaluate(NEXT)

    def opens(self, verb: str) -> None:
        """Press the key that the verb's button has on the case page."""
        button = self.page.locator(".next").get_by_role("link", name=verb, exact=True)
        self.press(button.get_attribute("data-key") or "")

    def unfolds(self, verb: str) -> None:
        """What stands under 更多: m opens it, j goes down, Enter opens the form."""
        self.press("m")
        link = self.page.locator("[data-choices]").get_by_role("link", name=verb, exact=True)
        while not link.evaluate("one => one === document.activeElement"):
            self.press("j")
        self.press("Enter")

    def table(self) -> str:
        """Return a line for each task: how often, keys, seconds of the machine."""
        lines = [f"{'times':>6}{'keys each':>11}{'seconds each':>14}  task"]
        for name, costs in self.cost.items():
            keys = "–".join(map(str, sorted({keys for keys, _ in costs})))
            seconds = sum(seconds for _, seconds in costs) / len(costs)
            lines.append(f"{len(costs):>6}{keys:>11}{seconds:>14.2f}  {name}")
        return "\n".join(["", *lines, f"{self.keys} keys, 0 clicks"])


Opens = Callable[[str], Day]


@contextmanager
def furnished() -> Iterator[Town]:
    """A park with accounts, an enterprise's contact, a unit's phrases and a catalogue of one entry; its scope is open."""
    made = make_town()
    with scope(park=made.park):
        person = Person.objects.create(park=made.park, name="何丽", phone="13885801234")
        Contact.objects.create(park=made.park, enterprise=made.enterprise, person=person, is_primary=True)
        password = make_password(PASSWORD)
        for name in ("dispatcher", "liaison"):
            one = getattr(made, name).person
            Account.objects.create(username=name, park=made.park, person=one, password=password)
        keep_phrases(made.lead, ["已到现场查看，", "今晚恢复照明，请留意。"], actor=made.liaison)
        _catalogue(made)
        yield made


def _catalogue(town: Town) -> None:
    version = CatalogueVersion.objects.create(
        park=town.park, number=1, in_force_from=date(2026, 1, 1), made_at=MONDAY, adopted_at=MONDAY
    )
    row = {"matter": "道路照明", "words": "路灯", "lead": town.lead, "basis": "城市道路管理条例"}
    CatalogueEntry.objects.create(park=town.park, version=version, position=1, **row)


@contextmanager
def desks(browser: Browser, url: str) -> Iterator[Opens]:
    """Give a function that signs somebody in by keyboard, in a browser of its own."""
    with browsers(browser, url) as open_browser:

        def open_one(name: str) -> Day:
            day = Day(open_browser(DESK).new_page())
            day.page.goto("/sign-in/")
            with day.task("登录", 2):
                expect(day.page.get_by_label("账号")).to_be_focused()
                day.write(name)
                day.press("Tab")
                day.write(PASSWORD)
                day.press("Enter")
                day.heading("启用动态口令")
            not_now(day.page)
            day.heading("收件箱")
            return day

        yield open_one


def dispatched(town: Town, at: datetime, text: str) -> Case:
    case = town.whistle(at - 2 * HOUR, text=text)
    return services.dispatch(case, actor=town.dispatcher, at=at - 1.5 * HOUR, lead=town.lead)


def state_of(case: Case) -> str:
    case.refresh_from_db()
    return case.state
