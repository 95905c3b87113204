"""`lianshang chain analyse`: the balance of any park from its tables, and everything that follows from it."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lianshang.config.output import dumps, emit, say, show

if TYPE_CHECKING:
    from lianshang.chain.analysis.answer import Analysis
    from lianshang.chain.analysis.faults import Faulty

HELP = "产业链：由产品、工艺、企业产能算园区的平衡、断链弱链、关键企业和招商候选"
NEEDS_DATABASE = False

MOST_SHOWN = 10  # lines of each part, for people at a terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="analyse", required=True)
    analyse = actions.add_parser("analyse", help="分析一个文件夹里的园区数据")
    analyse.add_argument(
        "folder", metavar="DIR", help="文件夹，内有 products、processes、process_flows、park_demo、park_activities"
    )


def run(args: argparse.Namespace) -> int:
    from lianshang.chain.analysis.answer import analyse
    from lianshang.chain.analysis.faults import Faulty
    from lianshang.chain.analysis.reading import read_park

    try:
        park = read_park(Path(args.folder))
    except Faulty as faulty:
        return _refuse(faulty, as_json=args.json)
    found = analyse(park)
    emit(args, found.as_rows() if args.json else None, "" if args.json else _text(found))
    return 0


def _refuse(faulty: "Faulty", *, as_json: bool) -> int:
    for fault in faulty.faults:
        say(str(fault))
    if as_json:
        show(dumps({"error": faulty.sentence, "faults": [fault.as_dict() for fault in faulty.faults]}))
    return 2


def _text(found: "Analysis") -> str:
    from lianshang.chain.analysis.loops import loops
    from lianshang.chain.analysis.words import NAMES, reason

    park = found.park
    problems = [
        f"{NAMES[each.kind]}　{each.balance.product.name}（{each.balance.product.code}）：{reason(each, park)}"
        for each in found.findings
    ]
    return "\n".join(
        [
            *_summary(found),
            *_part("问题", problems),
            *_part("闭环机会", [each.sentence for each in loops(park, found.balances)]),
            *_part("停产影响最大的企业", _critical(found)),
            *_part("招商候选（本园区）", _attractive(found)),
        ]
    )


def _summary(found: "Analysis") -> Iterator[str]:
    park = found.park
    yield f"{len(park.enterprises)} 家企业，{len(park.activities)} 项生产，年产值 {park.output_value:,.0f} 万元。"
    yield f"{len(found.balances)} 种产品，{len(found.findings)} 处问题。"
    if any(enterprise.is_invented for enterprise in park.enterprises.values()):
        yield "演示数据：其中企业的数字是虚构的，不是同名企业的真实数字。"


def _part(title: str, lines: list[str]) -> Iterator[str]:
    yield f"\n{title}："
    yield from (f"  {line}" for line in lines or ["没有。"])


def _critical(found: "Analysis") -> list[str]:
    from lianshang.chain.analysis.words import share

    return [
        f"{each.name}（{each.enterprise}）：自身 {each.own:,.0f} 万元，"
        f"连带 {each.knock_on:,.0f} 万元（{share(each.knock_on_share)}）"
        for each in found.criticality[:MOST_SHOWN]
    ]


def _attractive(found: "Analysis") -> list[str]:
    processes = found.park.network.processes
    return [
        f"{each.rank_park}. {processes[each.process].name}（{each.process}）：评分 {each.score_park:.3f}"
        for each in found.candidates[:MOST_SHOWN]
        if each.score_park
    ]
