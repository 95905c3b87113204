"""Two briefings of the demo park, and a text that the clerk has had checked, with a figure that is wrong."""

from datetime import datetime

from lianshang.directory import actors
from lianshang.directory.models import Park, Person, Role
from lianshang.indicators import periods
from lianshang.reports.services import articles, briefings
from lianshang.reports.shipped import SHIPPED

TEXT = """链上服务情况（供稿）
今年以来，园区落实“企业吹哨、党委响应、部门报到”，首办负责率100%，党政企联席会议解决问题37个，综合党委在走访中解决问题90余个。
企业吹哨后，一般事项5个工作日内答复；目前已建成公交专线1条。
"""


def write(park: Park, now: datetime) -> None:
    """Begin the year's briefing and the month's; hand the text in."""
    day = now.astimezone(park.zoneinfo).date()
    clerk = actors.staff(Person.objects.filter(posts__role=Role.REPORTING_CLERK).order_by("pk")[0], on=day)
    for slug, period in (("monthly", periods.month(day)), ("yearly", periods.parse(f"{day.year}"))):
        briefings.begin(SHIPPED[slug], period.first, period.last, day, actor=clerk, at=now)
    articles.hand_in(TEXT, actor=clerk, at=now, day=day, name="链上服务情况（供稿）")
