"""What can be checked of the look without a browser: contrast, strictness, sizes."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parent.parent
CSS = (WEB / "assets" / "css" / "lianshang.css").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", CSS))
TEMPLATES = sorted(WEB.parent.glob("*/templates/**/*.html"))

TEXT = 4.5
EDGE = 3.0
PAIRS = [
    *[(text, ground, TEXT) for text in ("ink", "ink-soft", "ink-faint", "action", "cinnabar") for ground in ("paper", "surface")],
    *[(colour, f"{colour}-tint", TEXT) for colour in ("ontime", "near", "late", "action")],
    *[(colour, "surface", TEXT) for colour in ("ontime", "near", "late")],
    *[("ink", f"{tint}-tint", TEXT) for tint in ("ontime", "near", "late", "action", "still")],
    ("ink-soft", "still-tint", TEXT), ("ink-faint", "still-tint", TEXT), ("late", "paper", TEXT),
    ("surface", "action", TEXT), ("surface", "action-deep", TEXT), ("surface", "ink", TEXT), ("surface", "ink-raised", TEXT),
    ("surface", "cinnabar", TEXT), ("on-ink", "ink", TEXT), ("on-ink", "ink-raised", TEXT), ("on-ink-faint", "ink", TEXT),
    ("edge", "surface", EDGE), ("edge", "paper", EDGE), ("action", "paper", EDGE),
]  # fmt: skip


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_tokens_have_contrast(text, ground, least):
    assert contrast(TOKENS[text], TOKENS[ground]) >= least


def test_tokens_have_the_colours_decided():
    decided = {
        "ink": "#1d2b3a", "paper": "#f7f8f9", "surface": "#ffffff", "line": "#dfe3e8", "cinnabar": "#9c2a1f",
        "action": "#1f4e79", "ontime": "#1a7f4b", "near": "#a15c00", "late": "#b3261e",
    }  # fmt: skip

    assert {name: TOKENS[name] for name in decided} == decided


def test_style_names_colours_in_the_first_block_alone():
    rules = CSS.split("/* Ground", 1)[1]

    assert set(re.findall(r"#[0-9a-f]{3,6}\b", rules)) <= {"#fff", "#000"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_obeys_the_policy(path):
    text = path.read_text(encoding="utf-8")

    assert (
        re.findall(
            r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)|hx-on|https?://(?!www\.w3\.org)", text
        )
        == []
    )
    assert len(text.splitlines()) <= 80


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_speaks_plainly(path):
    words = path.read_text(encoding="utf-8")

    assert re.findall(r"！|是否确定|进行[\u4e00-\u9fff]{0,4}操作|系统繁忙|\N{WHITE HEAVY CHECK MARK}", words) == []


def test_scripts_stay_short():
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in (WEB / "assets" / "js").rglob("*.js"))

    assert lines < 1000


@pytest.mark.skipif(not (WEB / "static" / "built" / "phone.js").exists(), reason="the assets are not built")
def test_phone_page_is_light():
    import gzip

    weights = {
        name: len(gzip.compress((WEB / "static" / "built" / name).read_bytes()))
        for name in ("lianshang.css", "phone.js", "icons.svg")
    }

    assert sum(weights.values()) <= 25_000
