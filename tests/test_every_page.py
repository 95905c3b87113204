"""Every key page in a real browser, on a phone and on a desk: read by assistive software, and no wider than the screen.

With LIANSHANG_SCREENS=1 the pictures in docs/screens/ are made anew.
"""

import io
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, expect
from playwright.sync_api import Page as Tab

from lianshang.config import demo
from lianshang.config.seed import seed
from lianshang.directory.models import Account
from tests.harness import ROOT
from tests.showcase import PAGES, Demo, Page

SIZES = {390: {"width": 390, "height": 844}, 1440: {"width": 1440, "height": 900}}
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FAULTS = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}"""
WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [
  `${document.documentElement.scrollWidth}px wide: ` + [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(" | ")]"""

SCREENS = ROOT / "docs" / "screens"
HEAVIEST, TALLEST = 120_000, 1500  # bytes, pixels
PHONES = (
    "home sign-in whistle whistle-sealed receipt-fresh receipt-answered receipt-closed confirm desk-liaison case answer"
)
DESKS = (
    "trial desk-dispatcher desk-callback case dispatch list leader equation import profiles calendars codes posters order"
    " refused"
)
PICTURED = {390: PHONES, 1440: DESKS}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def park(live_server: object) -> Iterator[Demo]:
    seed()
    laid = demo.lay_out(timezone.localtime().replace(second=0, microsecond=0))
    with scope(park=laid.park):
        yield Demo(laid.park)


@pytest.fixture
def tabs(browser: Browser, live_server: Any) -> Iterator[Callable[[int, str], Tab]]:
    """Return a function that gives the tab of somebody at that width, signed in and with axe at hand."""
    contexts: dict[tuple[int, str], BrowserContext] = {}

    def tab(width: int, who: str) -> Tab:
        if (width, who) not in contexts:
            context = browser.new_context(
                viewport=SIZES[width], base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai",
                reduced_motion="reduce",
            )  # fmt: skip
            if who:
                context.add_cookies([_session(who, live_server.url)])
            contexts[width, who] = context
            context.new_page()
        return contexts[width, who].pages[0]

    yield tab
    for context in contexts.values():
        context.close()


def _session(who: str, url: str) -> dict[str, str]:
    client = Client()
    client.force_login(Account.objects.get(username=who))
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}


def faults(tab: Tab, shown: Page, address: str) -> list[str]:
    """Open the page and say what is wrong with it."""
    answer = tab.goto(address)
    if answer is None or answer.status != shown.status:
        return [f"answered {answer and answer.status}, not {shown.status}"]
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    return [*tab.evaluate(WIDER), *tab.evaluate(FAULTS)]


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
    page.set_viewport_size(SIZES[390])
    page.set_content('<html lang="zh"><title>坏</title><main><img src="data:,"><p>宽</p></main>')
    page.evaluate("document.querySelector('p').setAttribute('style', 'width: 500px')")

    page.evaluate(AXE.read_text(encoding="utf-8"))

    assert [one.split(":")[0] for one in page.evaluate(FAULTS)] == ["image-alt"]
    assert "500px" in page.evaluate(WIDER)[0]


def test_every_page_can_be_read_by_all_and_fits(park: Demo, tabs: Callable[[int, str], Tab]) -> None:
    found, pictures = {}, "LIANSHANG_SCREENS" in os.environ

    for width in SIZES:
        for shown in PAGES:
            tab = tabs(width, shown.who)
            if wrong := faults(tab, shown, shown.where(park)):
                found[f"{shown.name} at {width}"] = wrong
            if pictures and shown.name in PICTURED[width].split():
                picture(tab, shown.name)

    assert found == {}, "\n".join(f"{place}\n    " + "\n    ".join(wrong) for place, wrong in found.items())


def test_the_result_of_a_trial_can_be_read_by_all_and_fits(tabs: Callable[[int, str], Tab]) -> None:
    rows = "\n".join(f"{n},2026-0{m}-0{n % 8 + 1},2026-0{m}-{n % 19 + 10}" for m in range(1, 10) for n in range(1, 9))
    ledger = {"name": "台账.csv", "mimeType": "text/csv", "buffer": f"编号,受理时间,答复时间\n{rows}\n".encode()}
    seed()

    for width in SIZES:
        tab = tabs(width, "")
        tab.goto("/trial/")
        tab.get_by_label("历史台账").set_input_files(ledger)
        tab.locator("form").get_by_role("button", name="试算").click()
        expect(tab.get_by_role("heading", level=1)).to_contain_text("台账.csv")
        tab.evaluate(AXE.read_text(encoding="utf-8"))
        assert [*tab.evaluate(WIDER), *tab.evaluate(FAULTS)] == []
        if "LIANSHANG_SCREENS" in os.environ:
            picture(tab, "trial-result")
