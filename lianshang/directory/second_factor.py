"""动态口令: codes of six digits from an authenticator (TOTP, RFC 6238), and codes on paper for when it is lost.

The secret is locked by the vault; of the codes on paper keyed hashes are kept. Each code counts once: of two who send
the same one at once, one is let in.
"""

import hmac
import secrets
from base64 import b32decode, b32encode
from datetime import date, datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction

from lianshang.directory import audit
from lianshang.directory.models import ADMINISTRATORS, Account, RecoveryCode, SecondFactor, SecurityRules
from lianshang.kernel import vault
from lianshang.kernel.numbers import random_code
from lianshang.kernel.refusals import Refused

PURPOSE = "second-factor"
STEP, DIGITS = 30, 6  # seconds of a code, its length
DRIFT = 1  # steps that a telephone's clock may be off
SECRET_BYTES = 20
PAPERS, PAPER_LENGTH = 10, 10
LOCKED = "服务器的密钥与启用时不同，动态口令核对不了。请联系安全管理员清除动态口令，再启用一次。"
WRONG = "口令不对，或者已经用过。请等手机上换了新的一组再输；手机时间要设为自动。"
Kind = audit.Kind


def new_secret() -> str:
    """Return a secret as authenticators take it: capitals and the figures 2 to 7."""
    return b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def address(account: Account, secret: str) -> str:
    """Return what the QR code says (otpauth://)."""
    return _totp(secret).get_provisioning_uri(account.username, f"链上 {account.park.name}")


def has(account: Account) -> bool:
    """Needs the park's scope, as all here."""
    return SecondFactor.objects.filter(account=account).exists()


def asked_of(account: Account, roles: frozenset[str], on: date) -> str:
    """Return `now` where the account must have one before anything else, `soon` where it should, empty where not.

    Administrators must from the first day, others from the day that the park has chosen. A demo account opens invented
    data on one machine alone and is never asked.
    """
    if account.is_demo:
        return ""
    if roles & set(ADMINISTRATORS):
        return "now"
    begins = SecurityRules.objects.values_list("second_factor_from", flat=True).first()
    return "now" if begins and begins <= on else "soon"


def proves(secret: str, code: str, *, at: datetime) -> bool:
    """Whether the code is one of the secret's now: the authenticator has it."""
    return _step_of(secret, code, at) is not None


@transaction.atomic
def begin(account: Account, secret: str, code: str, *, at: datetime) -> list[str]:
    """Take the secret into use, once a code of it proves that the authenticator has it; return codes for paper.

    An earlier one is replaced, with its codes: whoever asks has shown a code of it. Raises `Refused`.
    """
    step = _step_of(secret, code, at)
    if step is None:
        raise Refused(WRONG)
    kept = {"secret": vault.lock(secret, purpose=PURPOSE), "last_step": step, "made_at": at}
    SecondFactor.objects.update_or_create(park=account.park, account=account, defaults=kept)
    audit.record(Kind.SECURITY, "启用了动态口令", person=account.person, park=account.park, at=at)
    return _papers(account)


@transaction.atomic
def need(account: Account) -> None:
    """Raise `Refused` where no second factor is set up."""
    if not has(account):
        raise Refused("还没有启用动态口令。请先启用。")


def new_papers(account: Account, *, at: datetime) -> list[str]:
    """Return new codes for paper; the old ones count no more. Raises `Refused`."""
    need(account)
    audit.record(Kind.SECURITY, "换了一组备用码", person=account.person, park=account.park, at=at)
    return _papers(account)


def is_code(code: str) -> bool:
    """Whether these are the digits of an authenticator, not a code on paper."""
    typed = "".join(code.split())
    return len(typed) == DIGITS and typed.isdecimal() and typed.isascii()


def accepts(account: Account, code: str, *, at: datetime) -> bool:
    """Whether the code is right and was not used before; then it is used now. Raises `Refused` without the key."""
    typed = "".join(code.split()).replace("-", "").upper()
    if is_code(typed):
        return _accepts_step(account, typed, at)
    digests = vault.marks(f"{account.pk}:{typed}", purpose=PURPOSE)
    rows = RecoveryCode.objects.filter(park=account.park, account=account, digest__in=digests)
    return bool(typed) and rows.filter(used_at=None).update(used_at=at) == 1


def left(account: Account) -> int:
    """Return how many codes on paper still count."""
    return RecoveryCode.objects.filter(account=account, used_at=None).count()


@transaction.atomic
def drop(account: Account) -> None:
    """Forget it, so that the next sign-in sets up another one."""
    RecoveryCode.objects.filter(park=account.park, account=account).delete()
    SecondFactor.objects.filter(park=account.park, account=account).delete()


def _accepts_step(account: Account, code: str, at: datetime) -> bool:
    row = SecondFactor.objects.filter(account=account).first()
    if row is None:
        return False
    try:
        secret = vault.unlock(row.secret, purpose=PURPOSE)
    except vault.Locked:
        raise Refused(LOCKED) from None
    step = _step_of(secret, code, at)
    if step is None:
        return False
    fresh = SecondFactor.objects.filter(park=account.park, pk=row.pk, last_step__lt=step)
    return fresh.update(last_step=step) == 1


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """Return the step of time whose code this is, among those that a clock may be off by."""
    now, totp = int(at.timestamp()) // STEP, _totp(secret)
    typed = "".join(code.split()).encode()
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(totp.generate(step * STEP), typed):
            return step
    return None


def _totp(secret: str) -> TOTP:
    return TOTP(b32decode(secret), DIGITS, SHA1(), STEP)  # noqa: S303 -- what authenticators understand


def _papers(account: Account) -> list[str]:
    RecoveryCode.objects.filter(park=account.park, account=account).delete()
    codes = [random_code(PAPER_LENGTH) for _ in range(PAPERS)]
    digests = [vault.mark(f"{account.pk}:{code}", purpose=PURPOSE) for code in codes]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(park=account.park, account=account, digest=digest) for digest in digests
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]
