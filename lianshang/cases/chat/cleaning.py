"""What a copied line carries besides what was said: lines of the program, quotes, pictures that stayed behind, faces."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

MEDIA = {
    "图片": "图片", "照片": "图片", "image": "图片", "photo": "图片", "视频": "视频", "video": "视频", "语音": "语音", "语音消息": "语音",
    "voice": "语音", "文件": "文件", "file": "文件", "位置": "位置", "链接": "链接", "小程序": "小程序", "聊天记录": "聊天记录",
    "视频号": "视频", "名片": "名片", "笔记": "笔记",
}  # fmt: skip
DROPPED = ("动画表情", "表情", "红包", "微信红包", "转账", "拍一拍", "sticker")
FACES = frozenset(
    """
    微笑 撇嘴 色 发呆 得意 流泪 害羞 闭嘴 睡 大哭 尴尬 发怒 调皮 呲牙 惊讶 难过 囧 抓狂 吐 偷笑 愉快 白眼 傲慢 困 惊恐 憨笑 悠闲 咒骂
    疑问 嘘 晕 衰  骷髅 敲打 再见 擦汗 抠鼻 鼓掌 坏笑 右哼哼 鄙视 委屈 快哭了 阴险 亲亲 可怜 笑脸 生病 脸红 破涕为笑 恐惧 失望 无语 嘿哈
    捂脸 奸笑 机智 皱眉 耶 吃瓜 加油 汗  天啊 Emm 社会社会 旺柴 好的 打脸 哇 翻白眼 666 让我看看 叹气 苦涩 裂开 嘴唇 爱心 心碎 拥抱
    强 弱 握手 胜利 抱拳 勾引 拳头 OK 合十 啤酒 咖啡 蛋糕 玫瑰  凋谢 菜刀 炸弹 便便 月亮 太阳 庆祝 礼物 红包 發 福 烟花 爆竹 猪头 跳跳
    发抖 转圈 赞
    """.split()  # noqa: SIM905 a list to read
)
BRACKETED = re.compile(
    r"[\[【<]\s*(?P<word>[^\[\]【】<>\n:：]{1,8})\s*(?:[:：]\s*(?P<name>[^\[\]【】<>\n]{1,80}))?[\]】>]"
)
SECONDS = re.compile(r"^\s*\d{1,2}\s*[\"”″'秒]+")
EVERYBODY = re.compile(r"[@＠](?:所有人|全体成员|all)[\s\u2005]*", re.IGNORECASE)
QUOTE_OPEN = re.compile(r"^[「『]\s*(?P<rest>.*)$")
QUOTE_RULE = re.compile(r"^[-—–─\s]{5,}$")
QUOTED_LINE = re.compile(r"^(?:\[引用\]|【引用】|引用|\[回复\])\s*[:：]?\s*(?P<rest>.+)$")
PROGRAMS = (
    r"^.{0,60}撤回了(?:一条|成员.{0,30}的一条)?消息.{0,8}$",
    r"^.{0,120}邀请.{1,160}加入(?:了)?群聊.{0,20}$",
    r"^.{0,60}(?:通过|经).{0,60}(?:加入|进入)(?:了)?群聊.{0,12}$",
    r"^.{0,60}(?:加入|退出|移出|离开)(?:了)?(?:本)?群聊.{0,8}$",
    r"^.{0,60}(?:修改群名为|修改了?群公告|将群名.{0,10}改为|成为新群主|(?:开启|关闭)了.{0,6}(?:禁言|群聊邀请|入群验证)|解散了该群聊).{0,60}$",
    r'^.{0,40}拍了拍["“「我自].{0,40}$',
    r"^[—\-–─\s]*以[上下](?:是|为).{0,20}(?:消息|内容)[—\-–─\s]*$",
    r"^.{0,60}的(?:群聊)?聊天记录[:：]?$",
    r"^群聊的聊天记录$",
    r"^(?:你|.{1,20})与群里其他人都不是.{0,30}$",
    r"^(?:共|等)?\d+条(?:新)?消息$",
    r"^该消息类型暂不能展示$",
)
PROGRAM = re.compile("|".join(PROGRAMS))
REPLIES = re.compile(
    r"(?:收到|收悉|已收到|好的?|好滴|好嘞|嗯|哦|ok|行|是的?|对|谢谢您?|感谢|辛苦了?|知道了|明白了?|了解|不客气|在的?|早上好|大家好|各位好|"
    r"没问题|马上(?:看|来|安排|处理)?|稍等|领导|老师|1|[\W_])*",
    re.IGNORECASE,
)
LONGEST_REPLY = 20
NAME_WRAP = " \t\u3000\u2005\"“”'‘’「」[]【】"


def narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def is_of_the_program(line: str) -> bool:
    return bool(line) and bool(PROGRAM.match(line))


def name(words: str) -> str:
    """Return the sender as people would call him: without quotes, the colon, and the mark of an outside contact."""
    plain = words.strip(NAME_WRAP).rstrip("：:").strip(NAME_WRAP)
    return re.sub(r"[@＠]微信$", "", plain).strip()[:80]


def parted(lines: Sequence[str]) -> tuple[str, str]:
    """Return what was said and what was quoted for it: 「张三：…」 above a rule, or a line that begins with 引用."""
    said: list[str] = []
    quoted: list[str] = []
    inside = False
    for raw in lines:
        line = raw.strip()
        if inside or (not said and QUOTE_OPEN.match(line)):
            quoted.append(line.lstrip("「『").rstrip("」』"))
            inside = not line.endswith(("」", "』"))
        elif quoted and not said and (QUOTE_RULE.match(line) or not line):
            continue
        elif found := QUOTED_LINE.match(line):
            quoted.append(found["rest"])
        else:
            said.append(raw.rstrip())
    return "\n".join(said).strip(), "\n".join(one for one in quoted if one).strip()


def without_placeholders(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the words alone, and what was not copied: `图片 2`, `文件 1（报价单.xlsx）`."""
    counts: Counter[str] = Counter()
    names: dict[str, list[str]] = {}

    def take(found: re.Match[str]) -> str:
        word = narrow(found["word"]).strip().lower()
        if kind := MEDIA.get(word):
            counts[kind] += 1
            names.setdefault(kind, []).extend([found["name"]] if found["name"] else [])
            return "\0"
        return "" if word in DROPPED or found["word"].strip() in FACES else found[0]

    lines = [_line(BRACKETED.sub(take, EVERYBODY.sub("", line)), names) for line in text.split("\n")]
    said = "\n".join(line for line in lines if line is not None).strip()
    return said, tuple(_told(kind, count, names.get(kind, [])) for kind, count in counts.items())


def _line(line: str, names: dict[str, list[str]]) -> str | None:
    """Return what is left of the line, or None where it was a placeholder alone; a file's name goes with its file."""
    if "\0" not in line:
        return line.rstrip()
    rest = SECONDS.sub("", line.rpartition("\0")[2]).strip()
    if "文件" in names and re.fullmatch(r"\S.{0,100}\.\w{2,5}", rest):
        names["文件"].append(rest)
        line, rest = line.rpartition("\0")[0], ""
    left = f"{line.rpartition(chr(0))[0].replace(chr(0), '')}{rest}".strip()
    return left or None


def _told(kind: str, count: int, names: Sequence[str]) -> str:
    return f"{kind} {count}（{'、'.join(names)}）" if names else f"{kind} {count}"


def is_chatter(text: str) -> bool:
    """Whether the words only answer or greet: 收到, 好的谢谢, 👍."""
    plain = narrow(text).strip()
    return len(plain) <= LONGEST_REPLY and bool(REPLIES.fullmatch(plain))
