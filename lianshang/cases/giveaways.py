"""Words that may tell who made a complaint or report: found in what was said before anybody who handles it reads it.

Marks, and no judgement: an officer decides of each whether it is hidden. Until then all are. What is found: telephone,
identity and card numbers, mail addresses, licence plates, names that somebody gives as their own, and phrases that fit
few people ("我们车间只有我"). What is not found an officer can mark by its words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from lianshang.cases import masking

BLANK = "〔已遮盖〕"
NUMBER, PLATE, NAME, PLACE, OWN = "号码", "车牌", "姓名", "岗位身份", "专办员标注"

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明"
    "臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯"
    "管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊甄曲封芮储靳段焦巴牧车侯全班仰秋仲伊宫宁仇"
    "甘厉戎祖武符刘景詹束龙叶幸司黎薄印白蒲邰鄂索赖卓蔺屠蒙池乔阴能苍双闻翟谭贡劳姬申冉桑桂牛寿边燕温庄晏柴瞿阎慕连"
    "茹习艾容向古易廖庾终衡步都耿满弘匡国文寇广欧沃利蔚越师巩聂晁敖冷辛阚那简饶曾沙养丰关相查后荆红游权盖益桓公肖覃牟"
)
_FULL = rf"[{_SURNAMES}][一-鿿]{{1,2}}"
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][\s·.]?[A-HJ-NP-Z0-9]{5,6}(?![A-Z0-9])",
    re.IGNORECASE,
)
_NAMES = (
    re.compile(
        rf"(?:我叫|我的名字[是叫]|本人叫|本人姓名[:：]?|举报人[:：]|投诉人[:：]|反映人[:：]|署名[:：])\s*(?P<mark>{_FULL})"
    ),
    re.compile(rf"联系人(?:[:：]|是|叫)?\s*(?P<mark>{_FULL})(?:(?:先生|女士|经理|主任|师傅|老板))?"),
    re.compile(rf"(?:我是|本人是|我就是)(?P<mark>[^，。；！？\n]{{0,16}}?(?:的)?{_FULL})(?=[，。；！？、\s（(]|$)"),
    re.compile(r"(?P<mark>我姓[一-鿿]{1,2})(?=[，。；！？、\s]|$)"),
)
_WHERE = "车间|班组|班|科室|科|组|部门|公司|单位|厂里|厂|办公室|岗位|食堂|仓库|队|店|楼层|宿舍"
_PLACES = (
    re.compile(
        rf"(?P<mark>(?:我们|咱们|咱|我)?(?:{_WHERE})(?:里|上|内)?(?:就|只|仅)(?:有|剩|是)?我[^，。；！？\n]{{0,14}})"
    ),
    re.compile(r"(?P<mark>(?:只有|就|仅有|唯一)我(?:一个人?|一家|这一家|们一家|自己|本人)[^，。；！？\n]{0,12})"),
    re.compile(r"(?P<mark>我(?:是|就是|在)[^，。；！？\n]{0,12}?(?:唯一|全厂唯一|独一)[^，。；！？\n]{0,12})"),
    re.compile(
        r"(?P<mark>(?:我是|本人是|我在|我当时在)[^，。；！？\n]{1,18}?(?:会计|出纳|司机|保安|班长|组长|车间主任|厂长|经理|文员|质检员"
        r"|安全员|仓管|保管员|电工|焊工|操作工|女工|工人|员工|职工|老板|法人|业务员|化验员|调度))"
    ),
    re.compile(rf"(?P<mark>我们(?:{_WHERE})的?(?:女|男|老)?(?:会计|出纳|司机|保安|班长|化验员|厂长|经理|文员))"),
)


@dataclass(frozen=True)
class Mark:
    """A stretch of the original, what it is, and whether it is kept from those who handle the case."""

    start: int
    end: int
    kind: str
    hidden: bool = True

    @property
    def packed(self) -> list[Any]:
        return list(asdict(self).values())


def unpacked(rows: Iterable[Iterable[Any]]) -> list[Mark]:
    return [Mark(*row) for row in rows]


def marks(words: str) -> list[Mark]:
    """Return what was found, in order, no two overlapping: the longer of two that meet."""
    found = sorted(_found(words), key=lambda one: (one.start - one.end, one.start))
    kept: list[Mark] = []
    for one in found:
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _found(words: str) -> Iterator[Mark]:
    yield from (Mark(start, end, NUMBER) for start, end in masking.spans(words))
    yield from (Mark(*found.span(), PLATE) for found in _PLATE.finditer(words))
    for kind, patterns in ((NAME, _NAMES), (PLACE, _PLACES)):
        for pattern in patterns:
            yield from (Mark(*found.span("mark"), kind) for found in pattern.finditer(words))


def of_phrases(words: str, phrases: Iterable[str]) -> list[Mark]:
    """Return a mark for each place where one of the phrases stands: what an officer wants hidden beside what was found."""
    return [
        Mark(found.start(), found.end(), OWN)
        for phrase in phrases
        if phrase
        for found in re.finditer(re.escape(phrase), words)
    ]


def joined(found: Iterable[Mark], more: Iterable[Mark]) -> list[Mark]:
    """Return both in order; of two that overlap, those of `more` stay and the other is left out if all of it is covered."""
    added = list(more)
    kept = [one for one in found if not any(new.start <= one.start and one.end <= new.end for new in added)]
    return sorted([*kept, *added], key=lambda one: (one.start, one.end))


def screened(words: str, found: Iterable[Mark]) -> str:
    """Return the words with every hidden mark blanked out. Marks may overlap."""
    hidden = sorted((one.start, one.end) for one in found if one.hidden)
    shown, place = "", 0
    for start, end in hidden:
        if end <= place:
            continue
        shown += words[place:start] + ("" if start < place else BLANK)
        place = max(place, end)
    return shown + words[place:]
