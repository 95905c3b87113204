"""Two robots as an administrator would have added them. Both are paused: the demo calls nobody."""

from datetime import datetime

from lianshang.config.demo.park import Stage
from lianshang.directory.models import Role
from lianshang.notices import settings_services
from lianshang.notices.models import Robot

DEMO = "demo-not-a-real-token-0000"
ROBOTS = (
    ("各部门联络员群", Robot.Kind.WECOM, f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={DEMO}", None),
    ("交通运输局内部群", Robot.Kind.DINGTALK, f"https://oapi.dingtalk.com/robot/send?access_token={DEMO}", "jtj"),
)


def build(stage: Stage, at: datetime) -> None:
    """Needs the park's scope."""
    administrator = stage.actor(Role.ADMINISTRATOR)
    for name, kind, address, unit in ROBOTS:
        facts = {"name": name, "kind": kind, "address": address, "secret": "", "person": None}
        robot = settings_services.add_robot(administrator, facts | {"unit": stage.units[unit] if unit else None}, at=at)
        settings_services.pause(administrator, robot, at=at)
