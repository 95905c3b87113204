"""What a valid body says where the form, filled in as it stands, would not be accepted."""

import re
from base64 import b32decode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from lianshang.cases import calendar_editions
from lianshang.cases.forms.staff import FORMS
from lianshang.cases.forms.themes import FORMS as THEME_FORMS
from lianshang.cases.tests import test_wecom as wecom
from lianshang.cases.tests.test_calendar_pages import notice, week
from lianshang.cases.tests.test_profile_pages import SOUND
from lianshang.cases.views.notes import token
from lianshang.cases.views.receipt import ACTS
from tests.access import objects
from tests.access.cases import case_at
from tests.access.world import AT, PASSWORD, World

STEPS, THEME_STEPS, RECEIPT_STEPS = tuple(FORMS), tuple(THEME_FORMS), tuple(ACTS)

# Values that are functions are asked of the world when the body is sent.
SENT: Mapping[str, Mapping[str, Any]] = {
    "directory:sign-in POST": {"username": "LZ-auditor-museum", "password": PASSWORD},
    "cases:whistle POST": {"proof": "0", "phone": "13800001234", "enterprise_name": ""},
    "cases:whistle-sealed POST": {"proof": "0", "respondent_name": ""},
    "cases:own-alike POST": {"text": "东门路灯坏了三天，夜班出车看不清。"},
    "cases:trial POST": {"proof": "0", "file": lambda world: objects.ledger(), "asked_column": "", "answered_column": "", "reply_column": "", "kind_column": ""},
    "cases:receipt-act urge POST": {"note": ""},
    "directory:absences POST": {"since": "2026-11-05"},
    "directory:password POST": {"old": PASSWORD, "new": "另一句很长的口令-2027", "again": "另一句很长的口令-2027"},
    "directory:person-add POST": {"username": "new.person", "phone": "13900001234", "email": ""},
    "directory:person POST": {"phone": "13900001234", "email": ""},
    "directory:retention-erase POST": {"count": "0"},
    "cases:interests POST": {"enterprise": ""},
    "reports:articles POST": {"text": "本月受理诉求3件，办结2件。", "day": "2026-11-04"},
    "reports:article-bind POST": {"figure": "cases.intake", "words": "来访", "measure": "件"},
    "reports:briefings POST": {"template": "monthly", "period": "2026-11", "day": "2026-11-04"},
    "reports:briefing-edit POST": {"to": ""},
    "reports:template-new POST": {"name": "周报", "title": "本周情况", "body": "受理诉求{{ 受理诉求 }}。", "signer": "办公室", "to": ""},
    "reports:template POST": {"to": ""},
    "indicators:publish POST": {"kind": "当期", "period": "2026-11"},
    "notices:read-all POST": {"until": "1"},
    "notices:wishes POST": {"digest_hours": ""},
    "cases:urge-all POST": {"to": lambda world: str(case_at(world, "progressing", sealed=False).key)},
    "cases:export POST": {"what": "ledger", "query": ""},
    "cases:export (desk) POST": {"what": "desk", "query": ""},
    "cases:new POST": {"contact_phone": "13800001234", "enterprise_name": "示范焦化有限公司", "into": "", "happened": ""},
    "cases:similar POST": {"text": "东门路灯坏了三天，夜班出车看不清。"},
    "cases:paste POST": {"pasted": "苏甲化工-何丽 2026/11/03 09:12\n我们厂东门外的路灯从周五晚上就不亮了"},
    "cases:draft-choose POST": {"do": "register"},
    "cases:draft-register POST": {"contact_phone": "13800001234", "into": ""},
    "cases:draft-aside POST": {"name": ""},
    "cases:documents POST": {"draw": "order:word"},
    "cases:import POST": {"file": lambda world: objects.ledger()},
    "cases:profile-adopt POST": {"source": "preset:quanzhou"},
    "cases:profile-upload POST": {"text": SOUND, "do": "check"},
    "cases:profile-write POST": {"do": "check"},
    "cases:document-templates POST": {"mark": "园区文书", "code": "园办"},
    "cases:document-template POST": {"file": lambda world: objects.template_file()},
    "cases:catalogue-draft POST": {"do": "open"},
    "cases:catalogue-entry POST": {"matter": "路灯常亮", "do": ""},
    "cases:catalogue-entry-new POST": {"matter": "限高杆被撞"},
    "cases:calendar-national POST": {"notices": lambda world: notice(), "source": "国办发明电〔2026〕9号"},
    "cases:calendar-park POST": week(),
    "cases:calendar-unit POST": week(),
    "cases:hand-over POST": {"to": lambda world: world.people["liaison", "roads#2"].pk},
    "cases:wecom POST": {"corp_id": wecom.CORP, "agent_id": "", "token": wecom.TOKEN, "aes_key": wecom.AES_KEY},
    "notices:robot-add POST": {"name": "新群", "address": f"{objects.NOWHERE}/cgi-bin/webhook/send?key=1", "unit": "", "person": ""},
    "notices:robot POST": {"address": "", "secret": "", "unit": "", "person": ""},
    "enterprises:contacts POST": {"enterprise": "E001", "which": "", "deputy": ""},
}  # fmt: skip

# Their body is all that they need; no page has the form, or it is a single button.
WITHOUT_FORM = {
    "directory:sign-in POST", "directory:sign-out POST", "web:home POST", "cases:whistle-here POST", "cases:mine-forget POST",
    "notices:read-all POST", "cases:urge-all POST", "cases:export POST", "cases:export (desk) POST", "cases:similar POST",
    "directory:keys POST",
    "cases:draft-choose POST", "cases:import POST", "cases:profile-adopt POST", "cases:catalogue-draft POST",
    "cases:documents POST", "cases:catalogue-upload POST", "chain:books POST", "cases:own-alike POST", "cases:calendar-national POST",
    "cases:document-template POST", "cases:import-store POST", "cases:profile-upload POST", "cases:paste POST",
    "cases:calendar-park POST", "cases:calendar-unit POST", "directory:sign-in-code POST", "directory:papers POST",
    "directory:papers-renew POST", "directory:sign-ins-end POST", "directory:audit-export POST", "directory:person-noted POST",
    "indicators:sheet POST", "reports:article-bind POST",
}  # fmt: skip

AS_IT_STANDS = {"cases:profile-write POST", "cases:words POST", "cases:import-match POST"}


def code_of(page: str) -> dict[str, Any]:
    """The figures that an authenticator shows which was given the letters on this page."""
    letters = "".join(re.findall(r"\b[A-Z2-7]{4}\b", page.partition("密钥 <b>")[2])[:8])
    shown = TOTP(b32decode(letters), 6, SHA1(), 30, enforce_key_length=False).generate(int(AT.timestamp()))  # noqa: S303
    return {"code": shown.decode()}


def of_step(verb: str, world: World, relation: str, *, sealed: bool) -> dict[str, Any]:
    """What the step's form has to say besides what stands in it."""
    told: dict[str, Callable[[], dict[str, Any]]] = {
        "merge": lambda: {"number": objects.another_number(world, sealed=sealed)},
        "dispatch": lambda: {"lead": world.units["roads"].pk, "co_units": None, "category": ""},
        "ask_extension": lambda: {"until": "2026-11-12"},
        "supplement": lambda: {"note": "又坏了一盏。"},
        "defer": lambda: {"promised": "2026-12-04"},
        "hand_over": lambda: {"to": world.people["liaison", "city#2" if relation == "co" else "roads#2"].pk},
        "supervise": lambda: {"unit": "", "reply": "2026-11-06"},
    }
    return told[verb]() if verb in told else {}


def of_theme(verb: str, world: World) -> dict[str, Any]:
    if verb == "attach":
        return {"numbers": objects.another_number(world, sealed=False)}
    if verb == "detach":
        return {"case": str(case_at(world, "progressing", sealed=False).key)}
    return {"due": "2026-12-04", "case": ""} if verb in ("reopen", "postpone", "send_back") else {}


def national_version(world: World) -> int:
    newest = calendar_editions.newest(calendar_editions.national())
    return newest.pk if newest else 0


def note_token(world: World, role: str, keyed: Callable[..., Any]) -> Any:
    """The address that was signed for whoever wrote the note; the twin's was signed for nobody."""
    person = "auditor" if role == "visitor" else role
    given = token(objects.noted(world, person), world.actor(person, "school"))
    return keyed("cases:noted", given, "made-up")


# -- 企业微信 --------------------------------------------------------------------------------------------------------


def wecom_question(world: World, *, right: bool) -> str:
    """Return the address by which the platform checks ours; without the right it is signed under another token."""
    objects.wecom_app(world)
    server = wecom.Server() if right else wecom.Server(token="wrong")
    sealed = server.seal("4827")
    return f"/hooks/wecom/{world.park.code}/?" + urlencode(_signed(server, sealed) | {"echostr": sealed})


def wecom_message(world: World, *, right: bool) -> tuple[str, str]:
    objects.wecom_app(world)
    server = wecom.Server() if right else wecom.Server(token="wrong")
    sealed = server.seal(wecom.message())
    body = f"<xml><ToUserName><![CDATA[{wecom.CORP}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return f"/hooks/wecom/{world.park.code}/?" + urlencode(_signed(server, sealed)), body


def _signed(server: wecom.Server, sealed: str) -> dict[str, str]:
    stamp, nonce = str(int(AT.timestamp())), "1597212914"
    return {"msg_signature": server.sign(stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce}
