"""Whether a reply only says that the matter was received or passed on, which is not an answer.

The result is owed to whoever asked, within the limit; “留言已收悉” stops no clock. A reply counts as an acknowledgement
only if *all* of it is courtesy, receipt, passing on, or the promise to deal with it: the text is cut into clauses, and
each must be spelled entirely from the closed vocabulary below, with no room for a fact. Only a name of the body to which
the matter was passed on may stand open, after the verb that passes it on. In doubt a reply is an answer.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import product

LONGEST_CLAUSE = 80
LONGEST_BODY = 24  # characters of the name of a body

# Who speaks and who is spoken to, what was sent, and the particles between them.
_PERSONS = """我 我们 您 你 您们 你们 贵公司 贵企业 贵单位 贵司 企业 网友 网民 市民 群众 本人 诉求人 我局 我办 我部 我委 我院 我校
我司 我公司 我中心 我单位 我县 我区 我市 我镇 我乡 我街道 我处 我科 我站 本局 本办 本单位 本中心 本部门 园区 中心 综合党委 派单员
工作人员 专人 专班 领导 负责同志 主要领导 有关 相关 相应 各 责任 承办 主办 协办 主管 属地 对口 具体 职能 部门 单位 科室 人员 方面 同志"""
_SENT = """反映 反应 反馈 咨询的 所咨询 提出 提交 投诉 诉求 求助 留言 来信 来函 来电 来帖 来邮 发帖 帖文 帖子 信件 信访件 函件 邮件 工单 问题 情况 事项
事情 事件 事宜 此事 该事 一事 意见 建议 内容 需求 困难 申请 哨件 材料 信息 以上 上述 下列 相关事宜 线索 平台 网上 栏目 通过 在 上 中 于 回信 回帖
书记市长信箱 信箱"""
_PARTICLES = """的 所 之 关于 就 对 对于 针对 有关 向 给 把 将 会 将会 并 并且 和 与 及 以及 或 等 也 再 又 后 待 等待 一 一并 此 该 其
这 以 予以 给予 作 做 作出 做出 进行 开展 加以 来 中 当中 之中 过程中 现 现在 目前 已将 已把 已经将 现已将 请 敬请 请您 烦请 希望 如 如有 若有 一旦 有 为 由 到 请予"""
_MANNERS = """尽快 尽早 及时 立即 立刻 马上 迅速 第一时间 抓紧 认真 积极 全力 努力 依法 依规 依法依规 按程序 按规定 按照程序 按职责 高度重视 十分重视
非常重视 很好 正 正在 稍后 随后 近期 近日 后续 届时 今后 尽可能 进一步 妥善 统一 逐一 耐心 继续 持续 务必 迅即 另行 另外 亲自 重点"""
_WORK = """调查 核实 核查 核处 查处 核办 查办 处理 处置 办理 办复 办结 答复 回复 反馈 回应 告知 研究 研判 斟酌 了解 协调 沟通 对接 联系 跟进 跟踪 督办 督促
落实 审核 考虑 参考 采纳 分析 讨论 通知 发布 公布 清楚 结果 进展 进度 关注 留意 查看 谅解 理解 见谅 批示 已作出批示 已作批示 解释 说明 说明情况 清楚后
工作 公开 上网 网上 稍等 等候 静候"""
_COURTESY = "您好 你好 谢谢 感谢 多谢 致谢 特此回复 特此答复 特此告知 特此函复 特复 此复"

# Only these may be called done; whatever else is done already (已整改, 已处理, 已答复) is a fact.
_RECEIVED = "收悉 收到 接到 接收 知悉 获悉 敬悉 收阅 阅 阅悉 受理 登记 记录 记录在案 签收 接单 登记在册 汇总"
_PASSED_ON = """转 转交 转至 转到 转给 转由 转请 转送 转办 转办至 转发 转达 转呈 转报 移交 移送 交 交办 交办给 交办到 交由 交给 批转 批转给 批转至 派发 派单 派发至
派送 分派 分办 发函 发函交办给 发函至 呈报 上报 报送 报请 提请 责成 安排 指派 委托 通知 反映至 反馈至 反馈给 反映给 转交给 转交至 转交到 移交给 移交至"""
_ALREADY = "已 已经 现已 均已 都已 业已 也已 即 及时 迅速 已及时 已第一时间 已依法 已按程序"
_DONE = ("", *_ALREADY.split())
_AFTER = ("", "了", "至", "给", "到", "由", "请", "往", "向")
_TO = {"由", "交由", "向"}

_BODIES = """局 委 办 部 处 科 股 室 所 站 院 校 园 厅 司 队 组 会 行 社 中心 公司 单位 部门 政府 机关 街道 社区 村 乡 镇 县 区 市 州 省 集团 企业 人社 公积金
小区 物业 平台 人员 领导 大学 中学 小学 电信 移动 联通 电力 水务 燃气 方面"""
_NOT_IN_A_NAME = re.compile(r"[并但因系未没不了是的若如可须需应您你\d]|咨询|经[查核调]|已经|为了")
# Words of procedure that say something all the same: where to go instead, or that it was dealt with.
_TELLING = re.compile(r"请[您你]?(?:直接|自行|到|去|往|向|与|联系|咨询|拨打)|建议[您你]|已经?[将把](?!.*[转交派报函])")

_SPEECH = re.compile(r"[“\"「『'‘《〈][^”\"」』'’》〉]{0,40}[”\"」』'’》〉]")
_DATED = re.compile(r"\d{4}[年./-]\d{1,2}[月./-]\d{1,2}[日号]?|\d{4}年\d{1,2}月|(?<!\d)\d{1,2}月\d{1,2}日")
_CODED = re.compile(r"[A-Za-z]{1,2}\d{4,}")
_MASKED = re.compile(r"[A-Z]\d{1,2}(?=[市县区州])")  # a place with a letter for its name, A7县
_ADDRESSED = re.compile(
    r"^(?:(?:尊敬的|亲爱的)?(?:网友|网民|市民|群众|来信人|楼主|企业|同志|朋友|先生|女士|负责人|用户)[^,。:!\n]{0,12}?"
    r"(?:[:,!\n]|(?=[您你]好))|(?:尊敬|亲爱)的[^,。:!\n]{1,16}[:,!\n])"
)
_GREETED = re.compile(r"^(?:尊敬的|亲爱的)?(?:网友|网民|市民|同志|朋友|先生|女士|们)*(?:[您你]?们?好)?")
# The matter told back to whoever raised it: 您反映的厂区道路破损问题.
_TOPIC = re.compile(
    r"(?<=[您你])所?(?:反映|反应|提出|提交|咨询|投诉|反馈|诉求)的?[^已经未没属因系是]{1,20}?(?=的?(?:问题|情况|事项|诉求|建议|意见|一事))"
)
_CUT = re.compile(r"[,。.!?;:~…|()\[\]\n—]+")
_THANKED = re.compile(
    r"(?:在此|再次|最后|首先|十分|非常|衷心|诚挚|同时|也|并|对您?|表示)*(?:感谢|谢谢|多谢)[^\d]{0,36}?"
    r"(?:支持|关心|关注|理解|监督|留言|来信|来函|来电|来帖|来邮|建议|意见|问政|反映|反馈|信任|配合|参与|厚爱|谅解|咨询|提醒)?"
)
_WISHED = re.compile(r"(?:并?敬?恭?祝|顺祝)[^\d]{0,20}")
_INVITED = re.compile(
    r"(?:也|并|同时)?(?:希望|欢迎|恳请)[^\d]{0,14}(?:一如既往|继续|多提|多多|随时)[^\d]{0,24}"
    r"(?:关注|支持|监督|建议|意见|关心|反映|工作|发展)"
)
_SORRY = re.compile(
    r"(?:由此)?(?:给|对)[您你][^\d]{0,8}(?:不便|困扰)|(?:敬请|请[您你]?|望)(?:多多)?(?:谅解|理解|见谅|包涵)|深[表感]歉意"
)
_HEEDED = re.compile(
    r"(?:[^\d,。]{0,14}(?:书记|[县市区镇乡]长|局长|主任|领导|党委|政府|单位|部门|我局))?(?:对此|对该问题)?(?:高度|十分|非常)重视"
)
_REACHED = re.compile(
    r"(?:如|若)(?:[您你])?(?:还|仍|再)?(?:有|需)[^\d]{0,12}(?:请|可)[^\d]{0,10}(?:致电|拨打|联系|来电|咨询)[^。]{0,30}"
    r"|(?:咨询|联系|服务|监督)?(?:电话|热线)?[\d*-]{5,}"
)
_COURTESIES = (_THANKED, _WISHED, _INVITED, _SORRY, _HEEDED, _REACHED)


def only_acknowledges(text: str) -> bool:
    """Whether the whole reply is a receipt, a notice of passing on, or a promise, with nothing said to the matter.

    A text without any such clause (empty, or a greeting and a date) is none: it says nothing at all.
    """
    clauses = list(_clauses(text))
    return bool(clauses) and all(map(_is_empty, clauses))


def _clauses(text: str) -> Iterator[str]:
    """What is left between the marks, without greeting, quoted names, dates and the signature at the end."""
    plain = re.sub(r"[ \t]+", "", unicodedata.normalize("NFKC", text)).replace("、", "")
    plain = _MASKED.sub("", plain)
    plain = _CODED.sub("", _DATED.sub("\n", _SPEECH.sub("", plain))).strip("\n")
    plain = _ADDRESSED.sub("", plain)
    clauses = [clause for piece in _CUT.split(plain) if (clause := _TOPIC.sub("反映", _GREETED.sub("", piece.strip())))]
    if len(clauses) > 1 and _is_body(clauses[-1]):
        clauses.pop()
    yield from clauses


def _is_empty(clause: str) -> bool:
    return any(pattern.fullmatch(clause) for pattern in _COURTESIES) or _is_spelled(clause)


def _is_spelled(clause: str) -> bool:
    """Whether the clause can be read as a row of known words, names of bodies only after a verb of passing on."""
    if len(clause) > LONGEST_CLAUSE or _TELLING.search(clause):
        return False
    reached = [True] + [False] * len(clause)
    for start in range(len(clause)):
        if not reached[start]:
            continue
        for end in range(start + 1, min(len(clause), start + _LONGEST_WORD) + 1):
            word = clause[start:end]
            reached[end] |= word in _WORDS
            if word in _LEADING:
                for stop in _names_from(clause, end):
                    reached[stop] = True
    return reached[-1]


def _names_from(clause: str, start: int) -> Iterator[int]:
    """Where the name of a body that begins here may end."""
    for end in range(start + 1, min(len(clause), start + LONGEST_BODY) + 1):
        if _is_body(clause[start:end]):
            yield end


def _is_body(name: str) -> bool:
    named = name.endswith(_BODY_ENDINGS) and len(name) <= LONGEST_BODY
    return named and not _NOT_IN_A_NAME.search(name.replace("不动产", ""))


def _joined(*parts: Iterable[str]) -> set[str]:
    return {"".join(chosen) for chosen in product(*parts)}


_LEADING = _joined(_DONE, _PASSED_ON.split(), _AFTER) | _TO
_WORDS = frozenset(
    {word for words in (_PERSONS, _SENT, _PARTICLES, _MANNERS, _WORK, _COURTESY) for word in words.split()}
    | _joined(_DONE, _RECEIVED.split(), ("", "了"))
    | _LEADING
)
_LONGEST_WORD = max(map(len, _WORDS))
_BODY_ENDINGS = tuple(_BODIES.split())
