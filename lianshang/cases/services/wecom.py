"""A message to the park's application becomes a draft, and is answered with its number; the application is set here."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from lianshang.cases import codes
from lianshang.cases.models import Draft, Source, WecomApp
from lianshang.cases.services.drafts import keep_message
from lianshang.cases.wecom import applications
from lianshang.cases.wecom.envelopes import Incoming
from lianshang.directory import actors
from lianshang.directory.actors import Actor
from lianshang.kernel.refusals import Refused

RECEIVED = "已收到，编号 {number}。工作人员登记后开始计时办理，问进度请报这个编号。"
KNOWN = "办到哪一步看这里：{link}"
UNKNOWN = "还不知道您是哪家企业，请再发一句：企业名称、联系电话。"
MEDIA = "图片、语音等留在企业微信里，工作人员会另找您要。"
SEALED = "投诉举报请不要在这里说，请走网页上的投诉举报页，只有专办员看得到。"


def receive(message: Incoming, app: WecomApp, *, at: datetime) -> Draft:
    """Return the message's draft: a new one, or the one that it became when it was sent before."""
    kept = Draft.objects.filter(source=Source.WECOM, external_id=message.key)
    if first := kept.first():
        return first
    try:
        with transaction.atomic():
            draft = keep_message(
                sender=message.sender,
                text=message.text,
                missing=message.missing,
                external_id=message.key,
                happened_at=message.at,
                actor=actors.system(app.park),
                at=at,
            )
            WecomApp.objects.filter(pk=app.pk).update(heard_at=at)
            return draft
    except IntegrityError:
        return kept.get()  # the same message was faster by another way


def answer_to(draft: Draft) -> str:
    """Return the words that answer the message: the same ones each time, nothing of the matter in them."""
    link = f"{settings.ADDRESS.geturl()}/t/{codes.public_code(draft.park, draft)}/"
    lines = [RECEIVED.format(number=draft.number), KNOWN.format(link=link) if draft.enterprise_id else UNKNOWN]
    return "\n".join([*lines, *([MEDIA] if draft.missing else []), SEALED])


def verified(app: WecomApp, *, at: datetime) -> None:
    WecomApp.objects.filter(pk=app.pk).update(verified_at=at)


def set_wecom(
    *, corp_id: str, agent_id: str, token: str, aes_key: str, is_on: bool, actor: Actor, at: datetime
) -> WecomApp:
    """Keep the application's data. An empty secret stays as it was; the first time there must be both."""
    before = WecomApp.objects.first()
    if before is None and not (token and aes_key):
        raise Refused("第一次设置要填 Token 和 EncodingAESKey，两样都在企业微信后台“接收消息”里。")
    kept = {
        name: applications.hidden(secret) if secret else getattr(before, name)
        for name, secret in (("token", token), ("aes_key", aes_key))
    }
    row, _ = WecomApp.objects.update_or_create(
        park=actor.park,
        defaults={
            "corp_id": corp_id,
            "agent_id": agent_id,
            "is_on": is_on,
            "set_at": at,
            "set_by": actor.person,
            "verified_at": None if token or aes_key or before is None else before.verified_at,
            **kept,
        },
    )
    return row
