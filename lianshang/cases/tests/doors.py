"""Visitors of the public pages: what a page's form carries, how it is filled in and sent."""

import gzip
import io
import re
from datetime import timedelta

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from PIL import Image

from lianshang.cases import abuse, codes
from lianshang.cases.models import Case
from lianshang.cases.tests.factories import Town

WORDS = {"text": "厂区东门路灯坏了三天，夜班出车看不清。", "place": "东门", "phone": "13800001234", "nature": "help"}
ACCUSING = {
    "nature": "report",
    "respondent_unit": "other",
    "respondent_name": "某某运输公司",
    "text": "夜间偷倒废渣，已有三次。",
    "place": "河边",
    "named": "no",
    "phone": "",
}


def park_door(town: Town, *, sealed: bool = False) -> str:
    return f"/w/{town.park.code}-{town.park.whistle_token}/" + ("sealed/" if sealed else "")


def enterprise_door(town: Town, *, sealed: bool = False) -> str:
    return f"/w/{town.park.code}-{town.enterprise.whistle_token}/" + ("sealed/" if sealed else "")


def hidden(page: HttpResponse) -> dict[str, str]:
    """Return the hidden fields of the page's form."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def proof_of(question: str) -> str:
    return next(str(n) for n in range(10**7) if abuse.is_proven(question, str(n), settings.PROOF_BITS))


def filled(client: Client, door: str, **more: object) -> dict[str, object]:
    """Open the page and return its form as a browser with scripts would send it."""
    fields = hidden(client.get(door))
    words = ACCUSING if door.endswith("sealed/") else WORDS
    return words | fields | {"proof": proof_of(fields["challenge"])} | more


def blown(client: Client, door: str, **more: object) -> HttpResponse:
    return client.post(door, filled(client, door, **more))


def all_cases(town: Town) -> list[Case]:
    with scope(park=town.park):
        return list(Case.objects.order_by("pk"))


def address_of(town: Town, case: Case) -> str:
    return f"/r/{codes.public_code(town.park, case)}/"


def old_challenge(seconds: int) -> str:
    return abuse.challenge(timezone.now() - timedelta(seconds=seconds))


def photo(name: str = "现场.jpg") -> SimpleUploadedFile:
    """A photo that says where it was taken, and with what."""
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAM"
    exif.get_ifd(0x8825)[2] = (26.0, 12.0, 30.0)
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "gray").save(drawn, "JPEG", exif=exif)
    return SimpleUploadedFile(name, drawn.getvalue(), "image/jpeg")


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 9))
