"""A chat that the dispatcher has pasted and not registered yet, so that the drafts have something to show."""

from datetime import datetime, timedelta
from importlib.resources import files

import yaml

from lianshang.cases import services
from lianshang.cases.chat.offers import offers
from lianshang.directory import actors
from lianshang.directory.models import Post, Role


def paste(now: datetime) -> None:
    """Paste the chat a quarter of an hour ago, as it is copied on a desktop."""
    said = yaml.safe_load((files(__package__) / "chat.yaml").read_text(encoding="utf-8"))
    at = now - timedelta(minutes=15)
    lines = [f"{who} {now - timedelta(minutes=ago):%Y/%m/%d %H:%M}\n{words}\n" for ago, who, words in said]
    clerk = Post.objects.filter(role=Role.DISPATCHER).order_by("pk").select_related("person")[0].person
    found = offers("\n".join(lines), at)
    services.keep_pasted(found.offers, actor=actors.staff(clerk, on=at.date()), at=at)
