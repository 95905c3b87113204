"""Told of an absence: who stands in, and who is stood in for, whoever entered it."""

from django.urls import reverse

from lianshang.directory.absences import TOPIC
from lianshang.directory.models import Absence, Park
from lianshang.kernel import outbox
from lianshang.notices import services


@outbox.handles(TOPIC)
def tell_of_absence(park: Park, pk: int) -> None:
    row = Absence.objects.select_related("person", "deputy").get(pk=pk)
    days = f"{row.since:%-m月%-d日}至{row.until:%-m月%-d日}"
    for person, text in ((row.deputy, f"{days}请代理{row.person}"), (row.person, f"{days}由{row.deputy}代理您")):
        services.tell(
            person, topic="directory", ref=f"absence:{row.pk}", text=text, url=reverse("directory:absences"),
            at=row.entered_at, email=True,
        )  # fmt: skip
