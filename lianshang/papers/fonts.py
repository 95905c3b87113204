"""Which fonts PDFs are set in: those that the format names, where the machine has them, else the nearest it has.

GB/T 9704-2012 names 小标宋, 仿宋, 楷体, 黑体 and 宋体. Their usual files may not be passed on, so we ship none: a folder of
the installation's own is looked through first, then the machine's.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import typst

BOLD, REGULAR = 700, 400
SERIF = (
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Songti SC",
    "AR PL UMing CN",
)
SANS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "WenQuanYi Zen Hei",
        "WenQuanYi Micro Hei", "Droid Sans Fallback")  # fmt: skip
# Role → (families that are it, families that stand in for it, weight of the latter).
ROLES: dict[str, tuple[tuple[str, ...], tuple[str, ...], int]] = {
    "title": (
        ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05", "方正公文小标宋"),
        ("华文中宋", "STZhongsong", "FandolSong", *SERIF, *SANS), BOLD),
    "body": (
        ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "方正仿宋_GBK", "FZFangSong-Z02", "方正公文仿宋"),
        ("华文仿宋", "STFangsong", "FandolFang R", "FandolFang", *SERIF, *SANS), REGULAR),
    "section": (
        ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "方正楷体_GBK", "FZKai-Z03", "方正公文楷体"),
        ("华文楷体", "STKaiti", "Kaiti SC", "FandolKai", "AR PL UKai CN", "LXGW WenKai", *SERIF, *SANS), REGULAR),
    "chapter": (
        ("黑体", "SimHei", "方正黑体_GBK", "FZHei-B01", "方正公文黑体"),
        ("华文黑体", "STHeiti", "FandolHei", *SANS, *SERIF), REGULAR),
    "number": (
        ("宋体", "SimSun", "新宋体", "NSimSun", "方正书宋_GBK", "FZShuSong-Z01"),
        ("华文宋体", "STSong", "FandolSong", *SERIF, *SANS), REGULAR),
}  # fmt: skip
CHINESE = re.compile(r"CJK|Han S|[一-鿿]|Song|Hei\b|Kai|Fang|Ming|WenQuanYi|YaHei|PingFang|Fallback", re.IGNORECASE)
NAMES = {"title": "小标宋", "body": "仿宋", "section": "楷体", "chapter": "黑体", "number": "宋体"}


@dataclass(frozen=True)
class Face:
    """One role's font. `exact`: the one that the format names, or its like; else what stands in."""

    family: str
    weight: int
    exact: bool


@dataclass(frozen=True)
class Case:
    """The fonts at hand, as a printer's case; `faces` is empty where there is none for Chinese."""

    fonts: typst.Fonts
    faces: dict[str, Face]

    @property
    def has_chinese(self) -> bool:
        return bool(self.faces)

    def missing(self) -> list[str]:
        """Return the fonts that the format names and another one stands in for, in words."""
        return [f"{NAMES[role]}（现用 {face.family}）" for role, face in self.faces.items() if not face.exact]


def case(folder: Path, *, machine: bool = True) -> Case:
    """Return the fonts of the folder and, unless told otherwise, of the machine. Looked through once, and again when the folder changes."""
    stamp = max((one.stat().st_mtime_ns for one in (folder, *folder.rglob("*"))), default=0) if folder.is_dir() else 0
    return _case(folder, stamp, machine=machine)


@lru_cache(maxsize=4)
def _case(folder: Path, stamp: int, *, machine: bool) -> Case:
    fonts = typst.Fonts(
        include_system_fonts=machine, include_embedded_fonts=False, font_paths=[folder] if stamp else []
    )
    own = [one.family for one in fonts.fonts() if one.path and Path(one.path).is_relative_to(folder)]
    known = list(dict.fromkeys([*own, *fonts.families()]))
    return Case(fonts, {role: face for role in ROLES if (face := _face(role, known))})


def _face(role: str, known: list[str]) -> Face | None:
    there = {family.casefold(): family for family in known}
    exact, near, weight = ROLES[role]
    for families, is_exact in ((exact, True), (near, False)):
        for family in families:
            if found := there.get(family.casefold()):
                return Face(found, REGULAR if is_exact else weight, is_exact)
    some = next((family for family in known if CHINESE.search(family)), "")
    return Face(some, weight, exact=False) if some else None
