"""`lianshang profile`: the shipped mechanism profiles, one in Chinese sentences, and what is wrong with a file."""

import argparse
from collections.abc import Iterator
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lianshang.cases import presets
from lianshang.config.output import Unusable, emit
from lianshang.kernel.profiles import (
    Fault,
    Limit,
    Profile,
    ProfileFaults,
    ProfileUnreadable,
    describe,
    to_document,
)

HELP = "机制方案：列出、显示、检查"
NEEDS_DATABASE = False

_ENCODINGS = ("utf-8-sig", "gb18030")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="list|show|check", required=True)
    actions.add_parser("list", help="列出自带的机制方案")
    show = actions.add_parser("show", help="用中文句子显示一个机制方案")
    show.add_argument("name", metavar="NAME", help="自带方案的代号，或园区自己的方案")
    check = actions.add_parser("check", help="检查一个机制方案文件，列出全部问题")
    check.add_argument("file", metavar="FILE", help="YAML 或 JSON 文件")


def run(args: argparse.Namespace) -> int:
    return {"list": _list, "show": _show, "check": _check}[args.action](args)


def _list(args: argparse.Namespace) -> int:
    shipped = [presets.preset(name) for name in presets.preset_names()]
    rows = [{"name": p.name, "label": p.label, "basis": p.basis, "digest": p.digest} for p in shipped]
    emit(args, rows, "\n".join(f"{p.name:<10} {p.label}" for p in shipped))
    return 0


def _show(args: argparse.Namespace) -> int:
    profile = _named(args.name, args.park)
    sentences = describe(profile)
    emit(args, _data(profile, sentences), "\n".join(sentences))
    return 0


def _check(args: argparse.Namespace) -> int:
    text = _text(Path(args.file))
    try:
        profile = presets.read(text)
    except ProfileUnreadable as error:
        raise Unusable(str(error)) from error
    except ProfileFaults as error:
        faults = [_fault(fault) for fault in error.faults]
        summary = f"发现 {len(faults)} 处问题："
        emit(args, {"ok": False, "faults": faults}, "\n".join([summary, *map(str, error.faults)]))
        return 1
    found = {"ok": True, "faults": [], "name": profile.name, "label": profile.label, "digest": profile.digest}
    emit(args, found, f"没有问题。机制方案“{profile.label}”（{profile.name}）可以使用。")
    return 0


def _named(name: str, park: str | None) -> Profile:
    """A shipped profile, else the park's own of that name, which needs the database."""
    if name in presets.preset_names():
        return presets.preset(name)
    own = _own(name, park)
    if own is None:
        close = get_close_matches(name, presets.preset_names(), n=1)
        way_out = f"是不是“{close[0]}”？" if close else f"自带的有：{'、'.join(presets.preset_names())}。"
        raise Unusable(f"没有名为“{name}”的机制方案。{way_out}")
    return own


def _own(name: str, park: str | None) -> Profile | None:
    """The park's own profile. Imported here, because only this needs Django and the database."""
    if find_spec("lianshang.config.profiles") is None:
        return None
    from lianshang.config.profiles import named

    try:
        return named(name, park)
    except LookupError:
        return None


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unusable(f"读不了文件“{path}”。请检查路径和权限。") from error
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unusable(f"“{path}”不是文本文件。机制方案应是 UTF-8 的 YAML 或 JSON。")


def _fault(fault: Fault) -> dict[str, Any]:
    return {"line": fault.place.line, "path": fault.place.path, "message": fault.message}


def _data(profile: Profile, sentences: list[str]) -> dict[str, Any]:
    return {
        "name": profile.name,
        "label": profile.label,
        "digest": profile.digest,
        "sentences": sentences,
        "limits": list(_limits(profile)),
        "profile": to_document(profile),
    }


def _limits(profile: Profile) -> Iterator[dict[str, Any]]:
    """Every limit in a row of its own; kind and urgency only where the row is for them alone."""
    for duty in profile.duties:
        row = {"duty": duty.name, "label": profile.vocabulary.duty(duty.name)}
        if duty.limit:
            yield row | _limit(duty.limit)
        for special in duty.specials:
            only = {"kind": special.kind, "urgency": special.urgency}
            yield row | {key: word for key, word in only.items() if word} | _limit(special.limit)


def _limit(limit: Limit | None) -> dict[str, Any]:
    if limit is None:
        return {"form": "none", "phrase": "no limit", "words": "不计时"}
    numbers = {key: getattr(limit, key) for key in ("n", "unit", "day", "at_least") if getattr(limit, key)}
    return {"form": limit.form, **numbers, "or_promise": limit.or_promise, "phrase": limit.phrase, "words": str(limit)}
