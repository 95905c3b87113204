"""How the platforms refuse, as their documents say, in sentences for the administrator.

A refusal that trying again cannot mend is final: the robot stops until somebody has mended it, and nothing is lost.
A code that is not here is tried again, more and more seldom, and shown. What is no answer of a robot at all is tried a
few times: there is something else behind the address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from lianshang.notices.models import Robot


@dataclass(frozen=True)
class Reply:
    """Why, for how long at least to wait, whether to stop, at once or after so many tries.

    `more`: other reasons under the same code, by their words.
    """

    why: str
    wait: timedelta = timedelta(0)
    final: bool = False
    patience: int = 0  # tries after which it is final; 0: for ever
    more: Mapping[str, str] = field(default_factory=dict)

    def ends(self, tries: int) -> bool:
        return self.final or 0 < self.patience <= tries

    def because(self, words: str) -> str:
        told = words.casefold()
        return next((why for part, why in self.more.items() if part in told), self.why)


def _stop(why: str) -> Reply:
    return Reply(why, final=True)


KEYWORD = "消息不含机器人设定的关键词，请在安全设置里加上“待办”"
SIGNING = "加签密钥不对，请重新填写"
WHITELIST = "服务器的 IP 不在机器人的白名单里，请在安全设置里加上"

AGAIN = Reply("对方暂时没有收下，会再试")
BUSY = Reply("发得太快，对方限流，稍后再发", wait=timedelta(minutes=1))
ELSEWHERE = Reply("对方要求转到别的地址，没有照做，请核对地址", patience=5)
STRANGE = Reply("回复不是约定的格式，请核对地址", patience=5)
LONG_BUSY = Reply("发得太快，对方限流，十分钟后再发", wait=timedelta(minutes=10))

WECOM = {
    -1: AGAIN,
    45009: BUSY,
    45033: BUSY,
    93000: _stop("机器人的地址不对或机器人已删除，请重新复制 Webhook 地址"),
    93004: _stop("机器人已停用，请在群里重新启用"),
    93008: _stop("机器人不在群里了，请重新添加"),
    93017: _stop("机器人的类型不对，请添加群机器人"),
    40008: _stop("对方不认这种消息"),
    40058: _stop("对方说参数不合要求，请核对地址"),
    41001: _stop("地址里缺少 key，请完整复制 Webhook 地址"),
    44004: _stop("对方说消息是空的"),
    45002: _stop("对方说消息太长"),
}
DINGTALK = {
    -1: AGAIN,
    130101: LONG_BUSY,
    130103: LONG_BUSY,
    410100: LONG_BUSY,
    310000: Reply(
        "没有通过机器人的安全设置，请核对关键词、加签和 IP",
        final=True,
        more={
            "keyword": KEYWORD,
            "关键词": KEYWORD,
            "invalid timestamp": "签名的时间不对，请校准服务器的时钟",
            "sign not match": SIGNING,
            "签名": SIGNING,
            "whitelist": WHITELIST,
            "白名单": WHITELIST,
        },
    ),
    300001: _stop("地址里的 access_token 不对，请重新复制"),
    300005: _stop("地址里的 access_token 不对，请重新复制"),
    400013: _stop("群已解散，请换一个群"),
    400101: _stop("地址里的 access_token 不存在，请重新复制"),
    400102: _stop("机器人已停用，请在群里重新启用"),
    400105: _stop("对方不认这种消息"),
    400106: _stop("机器人不存在，请重新添加"),
    410101: _stop("对方说消息里的链接不合要求，请在安全设置里允许本站的地址"),
    410102: _stop("对方说消息里有不允许的文字"),
}
FEISHU = {
    9499: _stop("对方说请求的格式不对，请核对地址"),
    11232: BUSY,
    11233: BUSY,
    11247: BUSY,
    99991400: BUSY,
    19001: _stop("机器人的地址不对或机器人已删除，请重新复制 Webhook 地址"),
    19002: _stop("对方说参数不合要求，请核对地址"),
    19021: _stop("加签密钥不对，或服务器的时钟差了一小时以上，请核对"),
    19022: _stop(WHITELIST),
    19024: _stop(KEYWORD),
}
REPLIES: Mapping[str, Mapping[int, Reply]] = {
    Robot.Kind.WECOM: WECOM,
    Robot.Kind.DINGTALK: DINGTALK,
    Robot.Kind.FEISHU: FEISHU,
}
