"""Browsers of the walks, opened in one way: patient, and used as by a person, who waits until the page is there.

On a slow machine the words of a page are seen a moment before its deferred scripts listen. Until then the page takes no
click (`HELD`; Playwright tries again by itself), and `press` and `type_in` wait for the page before they touch a key.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
PATIENCE = 30_000  # milliseconds for whatever is waited for; a machine of the slow kind, with others at work on it
CHINA = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
HELD = """if (document.readyState === "loading" && location.protocol.startsWith("http")) {
  const held = new CSSStyleSheet();
  held.replaceSync(":root, :root * { pointer-events: none !important }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, held];
  const free = () => (document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== held));
  document.addEventListener("DOMContentLoaded", free);
}"""

Opener = Any  # (size, **more of Playwright's options) -> BrowserContext


@contextmanager
def browsers(browser: Browser, url: str) -> Iterator[Opener]:
    """Give a function that opens a browser of somebody's own at the site; all are closed in the end."""
    opened: list[BrowserContext] = []

    def open_one(size: dict[str, int], **more: Any) -> BrowserContext:
        context = browser.new_context(viewport=size, base_url=url, **CHINA, **more)
        context.set_default_timeout(PATIENCE)
        if more.get("java_script_enabled", True):
            context.add_init_script(HELD)
        opened.append(context)
        return context

    expect.set_options(timeout=PATIENCE)
    try:
        yield open_one
    finally:
        for context in opened:
            context.close()


def press(where: Page | Locator, *keys: str) -> None:
    """Press keys one after the other, on the page or in a field, as soon as the page's scripts listen."""
    page = where.page if isinstance(where, Locator) else where
    for key in keys:
        page.wait_for_load_state()
        where.press(key) if isinstance(where, Locator) else page.keyboard.press(key)


def type_in(page: Page, words: str, **more: float) -> None:
    """Type the words key by key where the cursor is."""
    page.wait_for_load_state()
    page.keyboard.type(words, **more)


def not_now(page: Page) -> None:
    """Put off what is asked of everybody who signs in without a second factor."""
    press(page.get_by_role("link", name="以后再说"), "Enter")
