"""Messages that the test makes itself by the documented scheme, as 企业微信 would send them, over HTTP."""

import base64
import hashlib
import re
import secrets
import time
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.test import Client
from django_scopes import scope

from lianshang.cases import codes, services
from lianshang.cases.models import Case, Draft, WecomApp
from lianshang.cases.services import wecom as applications
from lianshang.cases.tests.desks import at_desk, hidden, words
from lianshang.cases.tests.factories import Town, make_town

CORP, TOKEN = "wwabcd0000112233", "QDG6eKlianshang"
AES_KEY = base64.b64encode(bytes(range(7, 39))).decode().rstrip("=")
MATTER = "我们厂区东门外的路灯三天没亮了"


@pytest.fixture
def app(town: Town) -> WecomApp:
    return applications.set_wecom(
        corp_id=CORP, agent_id="1000002", token=TOKEN, aes_key=AES_KEY, is_on=True, actor=town.administrator,
        at=datetime.now(tz=UTC),
    )  # fmt: skip


class Server:
    """The other side: an encoder of its own, written from the published description."""

    def __init__(self, token: str = TOKEN, aes_key: str = AES_KEY, receiver: str = CORP) -> None:
        self.token, self.key, self.receiver = token, base64.b64decode(aes_key + "="), receiver

    def seal(self, message: str) -> str:
        body = message.encode("utf-8")
        whole = secrets.token_bytes(16) + len(body).to_bytes(4, "big") + body + self.receiver.encode()
        padder = padding.PKCS7(256).padder()
        encryptor = Cipher(algorithms.AES256(self.key), modes.CBC(self.key[0:16])).encryptor()
        return base64.b64encode(
            encryptor.update(padder.update(whole) + padder.finalize()) + encryptor.finalize()
        ).decode()

    def open(self, sealed: str) -> str:
        decryptor = Cipher(algorithms.AES256(self.key), modes.CBC(self.key[0:16])).decryptor()
        unpadder = padding.PKCS7(256).unpadder()
        plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
        whole = unpadder.update(plain) + unpadder.finalize()
        size = int.from_bytes(whole[16:20], "big")
        assert whole[20 + size :].decode() == self.receiver
        return whole[20 : 20 + size].decode()

    def sign(self, timestamp: str, nonce: str, sealed: str) -> str:
        return hashlib.sha1(
            "".join(sorted([self.token, timestamp, nonce, sealed])).encode(), usedforsecurity=False
        ).hexdigest()

    def query(self, sealed: str, ago: float = 0) -> dict[str, str]:
        timestamp, nonce = str(int(time.time() - ago)), "1597212914"
        return {"msg_signature": self.sign(timestamp, nonce, sealed), "timestamp": timestamp, "nonce": nonce}

    def post(self, message: str, *, ago: float = 0, park: str = "LZ", **wrong: str):
        sealed = self.seal(message)
        query = self.query(sealed, ago) | wrong
        body = f"<xml><ToUserName><![CDATA[{self.receiver}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt><AgentID>1000002</AgentID></xml>"
        return Client().post(f"/hooks/wecom/{park}/", body, content_type="text/xml", query_params=query)

    def answer(self, response) -> ET.Element:
        """Open the passive reply as 企业微信 does."""
        outer = ET.fromstring(response.content)  # noqa: S314 our own
        sealed = outer.findtext("Encrypt")
        assert outer.findtext("MsgSignature") == self.sign(outer.findtext("TimeStamp"), outer.findtext("Nonce"), sealed)
        return ET.fromstring(self.open(sealed))  # noqa: S314 our own


def message(
    text: str = MATTER, *, key: str = "7291001", sender: str = "HeLi", kind: str = "text", more: str = ""
) -> str:
    said = f"<Content><![CDATA[{text}]]></Content>" if kind == "text" else ""
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{int(time.time()) - 30}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{said}{more}"
        f"<MsgId>{key}</MsgId><AgentID>1000002</AgentID></xml>"
    )


def drafts(town: Town) -> list[Draft]:
    with scope(park=town.park):
        return list(Draft.objects.order_by("pk"))


def test_the_address_is_verified_by_giving_back_the_echo(town: Town, app: WecomApp):
    server = Server()
    sealed = server.seal("1616140317555161061")

    answer = Client().get("/hooks/wecom/LZ/", server.query(sealed) | {"echostr": sealed})

    assert (answer.status_code, answer.content) == (200, b"1616140317555161061")
    assert WecomApp.objects.get().verified_at


def test_a_message_becomes_a_draft_and_is_answered_with_its_number(town: Town, app: WecomApp):
    server = Server()

    said = server.answer(server.post(message()))

    (draft,) = drafts(town)
    assert (draft.text, draft.sender, draft.state, draft.source) == (MATTER, "HeLi", "open", "wecom")
    assert draft.noted_at - draft.happened_at >= timedelta(seconds=29)
    assert said.findtext("ToUserName") == "HeLi"
    assert draft.number in said.findtext("Content")
    assert "路灯" not in said.findtext("Content")
    assert "/t/" not in said.findtext("Content")
    assert not Case.objects.exists()


def test_a_known_sender_gets_a_link_that_leads_to_the_receipt(town: Town, app: WecomApp):
    server = Server()
    server.post(message("我们是示范焦化，先试一下"))
    (first,) = drafts(town)
    whistle = services.Whistle(text=first.text, enterprise=town.enterprise, channel="chat")
    services.register_drafts([first], whistle, actor=town.dispatcher, at=first.noted_at, remember=True)

    said = server.answer(server.post(message(key="7291002"))).findtext("Content")

    draft = drafts(town)[1]
    assert draft.enterprise == town.enterprise
    link = re.search(r"/t/\S+", said)[0]
    assert draft.number in words(Client().get(link))
    case = services.register_drafts([draft], whistle, actor=town.dispatcher, at=draft.noted_at)
    assert case.number in words(Client().get(link, follow=True))


def test_of_several_senders_in_one_case_the_others_get_no_receipt(town: Town, app: WecomApp):
    server = Server()
    server.post(message("东门路灯不亮", key="1", sender="HeLi"))
    server.post(message("路灯不亮，翻沟里了", key="2", sender="LaoWu"))
    one, two = drafts(town)

    case = services.register_drafts(
        [one, two], services.Whistle(text="路灯不亮"), actor=town.dispatcher, at=two.noted_at
    )

    pages = [words(Client().get(f"/t/{codes.public_code(town.park, draft)}/", follow=True)) for draft in (one, two)]
    assert [case.number in page for page in pages] == [True, False]
    assert "已登记，一并办理" in pages[1]
    assert "东门" not in pages[1]


def test_the_same_message_is_answered_the_same_and_kept_once(town: Town, app: WecomApp):
    server = Server()

    first, again = (server.answer(server.post(message())).findtext("Content") for _ in range(2))

    assert first == again
    assert len(drafts(town)) == 1


@pytest.mark.parametrize(
    "send",
    [
        lambda server: server.post(message(), msg_signature="0" * 40),
        lambda server: server.post(message(), msg_signature=""),
        lambda server: server.post(message(), timestamp="1"),
        lambda server: server.post(message(), ago=3600),
        lambda server: server.post(message(), ago=-3600),
        lambda server: server.post(message(), park="NOWHERE"),
        lambda server: server.post("no document"),
        lambda server: Client().post("/hooks/wecom/LZ/", b'<?xml version="1.0" encoding="rot13"?><xml/>', content_type="text/xml"),
        lambda server: Client().post("/hooks/wecom/LZ/", b'<?xml version="1.0" encoding="gbk"?><xml/>', content_type="text/xml"),
        lambda server: server.post("<xml><CreateTime>x</CreateTime></xml>"),
        lambda server: server.post('<!DOCTYPE x [<!ENTITY a "b">]><xml><Content>&a;</Content></xml>'),
        lambda server: server.post('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>'),
        lambda server: Server(token="another").post(message()),
        lambda server: Server(receiver="wwother").post(message()),
        lambda server: Server(aes_key=base64.b64encode(bytes(32)).decode().rstrip("=")).post(message()),
        lambda server: Client().post("/hooks/wecom/LZ/", b"<xml/>", content_type="text/xml"),
        lambda server: Client().post("/hooks/wecom/LZ/", b"\xff" * 300_000, content_type="text/xml"),
        lambda server: Client().get("/hooks/wecom/LZ/", {"echostr": "x" * 500, "timestamp": "²", "msg_signature": "中"}),
    ],
)  # fmt: skip
def test_whatever_is_wrong_is_refused_alike_and_kept_nowhere(town: Town, app: WecomApp, send):
    answer = send(Server())

    assert (answer.status_code, answer.content) == (403, b"")
    assert drafts(town) == []


def test_pictures_stay_behind_and_are_noted(town: Town, app: WecomApp):
    server = Server()
    picture = message(kind="image", more="<PicUrl><![CDATA[http://x]]></PicUrl><MediaId><![CDATA[MEDIA_7]]></MediaId>")

    said = server.answer(server.post(picture)).findtext("Content")

    (draft,) = drafts(town)
    assert draft.missing == "图片 1（MEDIA_7）"
    assert "图片" in said


def test_events_are_answered_with_nothing(town: Town, app: WecomApp):
    event = message(kind="event", more="<Event><![CDATA[enter_agent]]></Event>")

    answer = Server().post(event)

    assert (answer.status_code, answer.content) == (200, b"")
    assert drafts(town) == []


def test_an_application_that_is_off_or_anothers_takes_nothing(town: Town, app: WecomApp):
    WecomApp.objects.update(is_on=False)
    other = make_town("PZ")

    assert Server().post(message()).status_code == 403
    assert Server().post(message(), park="PZ").status_code == 403
    assert drafts(town) == drafts(other) == []


def test_secrets_are_kept_unreadable_and_never_shown(town: Town, app: WecomApp):
    page = at_desk(town.administrator).get("/settings/wecom/").content.decode()

    assert TOKEN not in app.token
    assert AES_KEY not in app.aes_key
    assert TOKEN not in page
    assert AES_KEY not in page
    assert "/hooks/wecom/LZ/" in page


def test_the_setting_is_the_administrators_and_keeps_what_is_left_empty(town: Town, app: WecomApp):
    client = at_desk(town.administrator)
    answers = {"corp_id": "wwnew", "is_on": "on"}

    kept = client.post("/settings/wecom/", hidden(client.get("/settings/wecom/")) | answers)
    refused = client.post("/settings/wecom/", hidden(client.get("/settings/wecom/")) | answers | {"aes_key": "short"})

    assert (kept.status_code, refused.status_code) == (302, 422)
    assert at_desk(town.dispatcher).get("/settings/wecom/").status_code == 404
    after = WecomApp.objects.get()
    assert (after.corp_id, after.token, after.aes_key) == ("wwnew", app.token, app.aes_key)


def test_the_first_setting_needs_both_secrets(town: Town):
    client = at_desk(town.administrator)

    answer = client.post("/settings/wecom/", {"corp_id": CORP, "is_on": "on"})

    assert answer.status_code == 422
    assert words(answer).count("第一次设置要填这一项") >= 2
    assert CORP in answer.content.decode()
