"""Numbers in a text that are no figures: dates, times, numbers of documents and cases, articles, telephones, lists, names.

`masked` replaces them by a sign that nothing matches, character for character, so that places stay what they are.
"""

import re

MASK = "\x00"
CHINESE = "〇零一二两三四五六七八九十"
_YEAR = rf"(?:(?:19|20)\d\d|[二一][〇零○九][{CHINESE}]{{2}})\s?年度?"
_MONTH = rf"(?:\d{{1,2}}|十?[{CHINESE}])\s?月份?"
_DAY = rf"(?:\d{{1,2}}|[一二三]?十?[{CHINESE}])\s?[日号]"
_TO = r"\s?[-—–~至到]+\s?"
_WHOLE_DATE = r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}"
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?"

# What a limit is said in may look like a date: 3日内, 5日以内.
_NOT_A_LIMIT = r"(?!\s?(?:以?内|之内|以上|后内))"

_PATTERNS = (
    # addresses, e-mail, what stands in code marks
    r"(?:https?://|www\.)[\w./?=&%#:~-]+|[\w.+-]+@[\w-]+\.[\w.-]+",
    # numbers of documents: 〔2026〕5号, [2026] 5号, 第214号, and of cases: 2026-0123
    r"[〔\[【(（]\s?(?:19|20)\d\d\s?[〕\]】)）]\s?(?:第\s?)?\d+\s?号",
    rf"第\s?(?:\d+|[{CHINESE}百千]+)\s?(?:[-—–~至到、]\s?第?\s?(?:\d+|[{CHINESE}百千]+)\s?)?\S?",
    r"(?<!\d)(?:19|20)\d\d-\d{3,5}(?!\d)(?!-)",
    # dates and times
    rf"{_WHOLE_DATE}(?:[T\s]?{_CLOCK})?",
    rf"{_YEAR}(?:{_TO}{_YEAR})?(?:\s?{_MONTH}(?:\s?{_DAY})?)?(?:{_TO}(?:{_YEAR})?(?:{_MONTH})?(?:\s?{_DAY})?)?",
    rf"(?<![\d{CHINESE}])(?:\d{{1,2}}|十?[{CHINESE}]){_TO}{_MONTH}",
    rf"(?<![个\d{CHINESE}余多几]){_MONTH}(?:\s?{_DAY})?(?:{_TO}(?:{_MONTH})?(?:{_DAY}))?",
    rf"(?<![\d{CHINESE}共时])(?:\d{{1,2}}{_TO})?{_DAY}{_NOT_A_LIMIT}",
    rf"(?:(?:19|20)\d\d{_TO})?(?:19|20)\d\d(?=[、,，。\s]*(?:$|年))",
    rf"{_CLOCK}|(?:上午|下午|晚上|早上|凌晨|中午)?\d{{1,2}}[时点](?:\d{{1,2}}分|半|整)?(?!间)",
    rf"(?:上午|下午|晚上|早上|凌晨|中午)[{CHINESE}]{{1,3}}[时点](?:[{CHINESE}]{{1,3}}分|半|整)?",
    r"[前]?[一二三四]季度|[1-4]\s?季度|[上下]半年|“?十[三四五六]五”?(?=时期|期间|规划|以来|末|开局|收官|$|[，。])",
    rf"近(?:\d+|[{CHINESE}]+)(?:个月|年|天|周|日)来?",
    # telephones, credit codes, long strings of figures and letters
    r"(?<![\d])(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)",
    r"(?<!\d)0\d{2,3}[-—\s]\d{7,8}(?:[-转]\d+)?(?!\d)|(?<!\d)[48]00-?\d{3}-?\d{4}(?!\d)",
    r"(?<!\d)(?:1[12]\d{3}|11\d|12[02])(?=[热专]线|平台|电话|[，、。）)])",
    r"[0-9A-Za-z]*\d{9,}[0-9A-Za-z]*",
    # names with letters, and sums of them: GB/T 9704-2012, A4, 5G, Q235, 1+5+N, 7×24
    r"[A-Za-z]+(?:/[A-Za-z]+)?[\s-]?\d[\w.-]*(?:-\d+)*|(?<![\d.,])\d+[A-Za-z][A-Za-z0-9]*",
    rf"“?[\dN{CHINESE}]+(?:\s?[+＋]\s?[\dN{CHINESE}]+)+”?|\d+\s?[×xX*]\s?\d+",
    # lists and headings
    rf"(?m:^)\s*(?:[{CHINESE}]+、|[（(](?:\d+|[{CHINESE}]+)[)）]|\d{{1,2}}[.、．](?!\d)|[①-⑳])",
    rf"[（(][{CHINESE}\d]{{1,3}}[)）]|[①-⑳]|(?<![\d{CHINESE}])[{CHINESE}]是|其[一二三四五]",
    # slogans, fixed words; 一起 is together
    (r"三会一课|三重一大|[两三四五]个(?:自信|意识|维护|覆盖|务必|全面|确立|一公里)|一带一路|五位一体|两新|双百|一网通办|"
    r"一站式|一次性|一条龙|一件事|一条心|一条链|一家人|一家子|一家亲|一张网|一张图|一张表|一盘棋|一本账|一把手|"
    r"一个(?:个|样|声音|时期|阶段|方面|方向|劲)|一项项|一件件|一次次|一起|一度|一部分|一批|一步步?|"
    r"一(?:企|户|事|人|链|园|厂|岗|案|地|区|业|村|校|品)一[\u4e00-\u9fff]|一[\u4e00-\u9fff]一(?:策|档|册|案|议|码|员|岗|结|评)|"
    r"十分|万分|千万(?=[别不要])|千方百计|百日|万企|千企|百企|万一|一次办成|只进一[门扇]|最多跑一次|最后一公里"),
)  # fmt: skip
_ANY = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS))


def masked(text: str) -> str:
    """Return the plain text with what is no figure hidden, as long as before."""
    return _ANY.sub(_mask, text)


def _mask(found: re.Match[str]) -> str:
    words = found[0]
    if words.startswith("第"):
        words = words.rstrip(" ")
    return MASK * len(words) + " " * (len(found[0]) - len(words))
