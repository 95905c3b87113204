"""Pages, read as text: short, used, and nothing in them that the content security policy would refuse."""

import re
from fnmatch import fnmatch

from tests.tree import CODE, Place, Source, found, none, product, templates

MOST_LINES = 80
MOST_SCRIPT_LINES = 1000
BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
NAMED = re.compile(r"""["']([\w/{}.\[\]'-]+\.html)(?:#[\w-]+)?["']""")


ELSEWHERE = r"""(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z][^\s"')]*"""
REFUSED = (
    r"\sstyle\s*=",
    r"<style\b",
    r"<[^>]*\son[a-z]+\s*=",
    r"<script\b(?![^>]*\bsrc=)[^>]*>",
    r"javascript:",
    r"\|\s*safe(?:seq)?\b",
    r"autoescape\s+off",
)


def styles_and_scripts() -> list[Source]:
    kept = [path for suffix in ("css", "js") for path in CODE.rglob(f"*.{suffix}")]
    return [Source(path) for path in sorted(kept) if "built" not in path.relative_to(CODE).parts]


def name(template: Source) -> str:
    return template.path.as_posix().partition("/templates/")[2]


def test_templates_stay_short():
    none(
        [
            Place(template.name, template.length, f"{template.length} lines, at most {MOST_LINES}: take a part out")
            for template in templates()
            if template.length > MOST_LINES
        ]
    )


def test_every_template_is_used():
    """By its name in quotes in the code or in another template; a name put together stands for all that fit it."""
    named = {
        re.sub(r"\{[^}]*\}", "*", word) for source in [*product(), *templates()] for word in NAMED.findall(source.text)
    }
    unused = [
        Place(template.name, 1, "nothing renders it")
        for template in templates()
        if name(template) not in BY_DJANGO and not any(fnmatch(name(template), word) for word in named)
    ]

    none(unused)


def test_named_templates_exist():
    there = {name(template) for template in templates()}
    missing = [
        Place(source.name, 1, word)
        for source in [*product(), *templates()]
        for word in NAMED.findall(source.text)
        if "{" not in word and word not in there
    ]

    none(missing)


def test_templates_have_no_inline_styles_scripts_or_trusted_text():
    none([place for pattern in REFUSED for place in found(pattern, templates())])


def test_nothing_is_loaded_from_elsewhere():
    """No CDN: pages, styles and scripts name no host but the namespaces of the W3C."""
    none(found(ELSEWHERE, [*templates(), *styles_and_scripts()]))


def test_own_scripts_stay_small():
    lines = {file.name: file.length for file in styles_and_scripts() if file.path.suffix == ".js"}

    assert sum(lines.values()) < MOST_SCRIPT_LINES, lines


def test_loads_are_sorted():
    unsorted = []
    for template in templates():
        libraries = [word for line in re.findall(r"{% load ([\w ]+) %}", template.text) for word in line.split()]
        if libraries != sorted(set(libraries)):
            unsorted.append(Place(template.name, 1, f"load {' '.join(libraries)}"))

    none(unsorted)


def test_pages_use_no_exclamation_marks_and_no_officialese():
    """Words: plain and polite; who does what until when."""
    officialese = r"[一-鿿]！|进行[一-鿿]{2}操作|是否确定要|系统繁忙"

    none(found(officialese, [*templates(), *product()]))
