"""A park's application: its secrets kept encrypted, its envelopes opened, its answers sealed."""

import secrets
from datetime import datetime, timedelta

from lianshang.cases.models import WecomApp
from lianshang.cases.wecom import envelopes, scheme
from lianshang.cases.wecom.envelopes import Incoming
from lianshang.cases.wecom.scheme import Unreadable
from lianshang.kernel import vault

PURPOSE = "cases.wecom"
FRESH = timedelta(minutes=10)  # how far a request's own time may be from ours
SHOWN = 3  # characters of a secret that its owner sees again


def hidden(secret: str) -> str:
    """Return the secret as the table keeps it."""
    return vault.lock(secret, purpose=PURPOSE)


def shown(kept: str) -> str:
    """Return the secret. Raises `Unreadable` where the installation's own secret is another."""
    try:
        return vault.unlock(kept, purpose=PURPOSE)
    except vault.Locked:
        raise Unreadable from None


def masked(kept: str) -> str:
    """Return `abc…` for the settings page."""
    try:
        return f"{shown(kept)[:SHOWN]}…"
    except Unreadable:
        return "读不出来，请重新填写"


class Channel:
    """Opens and seals for one application."""

    def __init__(self, app: WecomApp) -> None:
        self.corp_id, self._token = app.corp_id, shown(app.token)
        self._key = scheme.key_of(shown(app.aes_key))

    def opened(self, encrypted: str, *, signature: str, timestamp: str, nonce: str, at: datetime) -> bytes:
        """Return what is inside. Raises `Unreadable` for a wrong signature, an old request, another's envelope."""
        if not scheme.is_signed(signature, self._token, timestamp, nonce, encrypted):
            raise Unreadable
        if (
            not timestamp.isascii()
            or not timestamp.isdigit()
            or abs(int(timestamp) - at.timestamp()) > FRESH.total_seconds()
        ):
            raise Unreadable
        return scheme.decrypt(encrypted, self._key, self.corp_id)

    def message(self, body: bytes, *, signature: str, timestamp: str, nonce: str, at: datetime) -> Incoming:
        encrypted = envelopes.fields(body).get("Encrypt", "").strip()
        return envelopes.incoming(self.opened(encrypted, signature=signature, timestamp=timestamp, nonce=nonce, at=at))

    def answer(self, words: str, *, to: str, at: datetime) -> str:
        """Return the document that answers a member with these words."""
        plain = envelopes.text_reply(words, to=to, sent_from=self.corp_id, at=at)
        encrypted = scheme.encrypt(plain, self._key, self.corp_id, secrets.token_bytes(scheme.RANDOM))
        timestamp, nonce = str(int(at.timestamp())), secrets.token_hex(8)
        return envelopes.wrapped(
            encrypted, scheme.signature(self._token, timestamp, nonce, encrypted), timestamp, nonce
        )
