"""Every key page in a real browser, on a phone and on a desk: read by assistive software, and no wider than the screen.

With LIANSHANG_SCREENS=1 the pictures in docs/screens/ are made anew.
"""

import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from PIL import Image
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from lianshang.config import demo
from lianshang.config.seed import seed
from lianshang.directory.models import Account
from tests.browsing import DESK, PHONE, Opener, browsers
from tests.database import emptied
from tests.harness import ROOT, forget_editions
from tests.showcase import PAGES, Demo, Page

SIZES = {390: PHONE, 1440: DESK}
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FAULTS = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}"""
WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [
  `${document.documentElement.scrollWidth}px wide: ` + [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(" | ")]"""

SCREENS, PICTURES = ROOT / "docs" / "screens", "LIANSHANG_SCREENS" in os.environ
HEAVIEST, TALLEST = 120_000, 1500  # bytes, pixels
PHONES = (
    "home sign-in whistle whistle-sealed receipt-fresh receipt-answered receipt-closed confirm desk-liaison case answer"
    " trial-result"
)
DESKS = (
    "trial desk-dispatcher desk-callback case dispatch list leader equation import profiles calendars codes posters order"
    " refused trial-result"
)
PICTURED = {390: PHONES, 1440: DESKS}

pytestmark = pytest.mark.browser


@dataclass
class Site:
    """The demo park on a server, and a tab for each who reads it: signed in, kept, with axe at hand on every page."""

    park: Demo
    url: str
    open_browser: Opener
    tabs: dict[str, Tab] = field(default_factory=dict)

    def tab(self, who: str) -> Tab:
        if who not in self.tabs:
            context = self.open_browser(DESK, reduced_motion="reduce")
            context.add_init_script(path=AXE)
            if who:
                context.add_cookies([self._session(who)])
            self.tabs[who] = context.new_page()
        return self.tabs[who]

    def _session(self, who: str) -> Any:
        client = Client()
        client.force_login(Account.objects.get(username=who))
        return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.url}


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any, browser: Browser) -> Iterator[Site]:
    """The demo, laid out and served once for this module, and taken away afterwards: nobody here writes anything."""
    with django_db_blocker.unblock():
        forget_editions()
        server = LiveServer("localhost")
        try:
            seed()
            laid = demo.lay_out(timezone.localtime().replace(second=0, microsecond=0))
            with scope(park=laid.park), browsers(browser, server.url) as open_browser:
                yield Site(Demo(laid.park), server.url, open_browser)
        finally:
            server.stop()
            emptied(connection)


def faults(tab: Tab, name: str) -> list[str]:
    """Say what is wrong with what the tab shows, in both widths; nothing of ours asks how wide the window is."""
    found = []
    for width, size in SIZES.items():
        tab.set_viewport_size(size)
        found += [f"{width}: {one}" for one in (*tab.evaluate(WIDER), *tab.evaluate(FAULTS))]
        if PICTURES and name in PICTURED[width].split():
            picture(tab, name)
    return found


def picture(tab: Tab, name: str) -> None:
    """Keep the page as a small PNG, in a window as high as the page: what sticks to the window's edge stays there."""
    size = tab.viewport_size
    high = min(tab.evaluate("() => document.documentElement.scrollHeight"), TALLEST)
    tab.set_viewport_size({"width": size["width"], "height": max(high, 500)})
    shot = Image.open(io.BytesIO(tab.screenshot())).convert("RGB")
    tab.set_viewport_size(size)
    for colours, height in ((128, high), (64, high), (64, high * 3 // 4), (64, high // 2)):
        kept = io.BytesIO()
        shot.crop((0, 0, shot.width, max(height, 500))).quantize(colours).save(kept, "PNG", optimize=True)
        if kept.tell() <= HEAVIEST:
            break
    SCREENS.mkdir(parents=True, exist_ok=True)
    (SCREENS / f"{name}-{size['width']}.png").write_bytes(kept.getvalue())


def test_the_look_catches_what_it_is_for(page: Tab) -> None:
    page.set_content('<html lang="zh"><title>坏</title><main><img src="data:,"><p>宽</p></main>')
    page.evaluate("document.body.style.margin = 0; document.querySelector('p').style.width = '500px'")
    page.evaluate(AXE.read_text(encoding="utf-8"))

    found = faults(page, "bad")

    assert [one.split(":")[:2] for one in found] == [
        ["390", " 500px wide"],
        ["390", " image-alt"],
        ["1440", " image-alt"],
    ]


def test_no_script_asks_how_wide_the_window_is() -> None:
    """Otherwise a page would have to be opened anew in each width."""
    scripts = (ROOT / "lianshang" / "web" / "assets" / "js").rglob("*.js")

    assert [
        path.name for path in scripts if re.search(r"matchMedia|innerWidth|clientWidth|\bresize", path.read_text())
    ] == []


@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_page_can_be_read_by_all_and_fits(site: Site, shown: Page) -> None:
    tab = site.tab(shown.who)

    answer = tab.goto(shown.where(site.park))

    assert answer is not None
    assert answer.status == shown.status
    assert faults(tab, shown.name) == []


def test_the_result_of_a_trial_can_be_read_by_all_and_fits(site: Site) -> None:
    rows = "\n".join(f"{n},2026-0{m}-0{n % 8 + 1},2026-0{m}-{n % 19 + 10}" for m in range(1, 10) for n in range(1, 9))
    ledger = {"name": "台账.csv", "mimeType": "text/csv", "buffer": f"编号,受理时间,答复时间\n{rows}\n".encode()}
    tab = site.tab("")

    tab.goto("/trial/")
    tab.get_by_label("历史台账").set_input_files(ledger)
    tab.locator("form").get_by_role("button", name="试算").click()

    expect(tab.get_by_role("heading", level=1)).to_contain_text("台账.csv")
    assert faults(tab, "trial-result") == []
