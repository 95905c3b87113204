"""A form that is sent twice acts once, and both senders get the same answer.

The form carries a key from `mint()`. The key's row is written in the transaction of the view: whatever the view wrote
is kept together with the answer, or neither is. A second sender waits for the first (by the unique index or by
SQLite's one writer) and is then redirected to where the first was.

A view of one deed is marked with `once`. The forms of all others are answered once too (`Answered`, in a middleware of
the shell): there the answer is kept after the deed, so such a deed must bear being tried again after a crash.

Keys and answers are kept unreadable, because the answer to a visitor may be the address of a secret receipt: the key
as a digest, the address under a secret made of key and content. So it opens only for the same form with the same
content; another content under a used key is refused, and never taken for the first.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_scopes import scope

from lianshang.kernel import outbox
from lianshang.kernel.models import IdempotencyKey
from lianshang.kernel.refusals import Refused

FIELD = "idempotency_key"
PAGES_OWN = (FIELD, "csrfmiddlewaretoken", "challenge", "proof")  # a form sent again from a new page differs in these
LONGEST_KEY = 200
KEPT = timedelta(days=30)
LOOK = 3600  # seconds
SIGNER = signing.Signer(salt="lianshang.kernel.idempotency")

View = Callable[..., HttpResponse]


class _Repeated(Exception):
    """The key's row stands already."""


@dataclass(frozen=True)
class _Form:
    """Which form it is, and the secret under which its answer is kept."""

    park: Model
    actor: str
    key: str
    route: str
    secret: Fernet

    def row(self) -> IdempotencyKey:
        """Return its row: of when it was sent the hour alone, or a complaint could be told by its moment."""
        row = IdempotencyKey(park=self.park, actor=self.actor, key=self.key, route=self.route)
        row.made_at = row.made_at.replace(minute=0, second=0, microsecond=0)
        return row

    def sealed(self, location: str) -> str:
        return self.secret.encrypt(location.encode()).decode()


def mint() -> str:
    """Return the key of one form, to be sent back in its field `idempotency_key`."""
    return SIGNER.sign(secrets.token_urlsafe(16))


def once(view: View) -> View:
    """Run the view for a form's first POST only, in one transaction; a repeat is redirected to the same place.

    Only a redirect counts as done. Any other answer (a form with errors) and any exception undo all that the view
    wrote and free the key. A POST without key, and other methods, pass through as they are.

    The park is `request.park` (public views set it before) or that of `request.actor`. A visitor has no name, so the
    key alone tells visitors apart: it must be one of ours, which nobody can guess.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = _form(request)
        if form is None:
            return view(request, *args, **kwargs)
        with scope(park=form.park):
            try:
                with transaction.atomic():
                    return _first(form, lambda: view(request, *args, **kwargs))
            except _Repeated:  # all that was undone is the attempt to claim the key
                return _repeat(form)

    guarded.acts_once = True
    return guarded


class Answered:
    """A form of staff whose view is not marked: its answer is kept, and given again to whoever sends it again."""

    def __init__(self, request: HttpRequest, view: View) -> None:
        is_ours = request.method == "POST" and not getattr(view, "acts_once", False)
        self.form = _form(request) if is_ours and getattr(request, "actor", None) else None

    def before(self) -> HttpResponse | None:
        """Return what was answered before. Raises `Refused` where other content comes under a used key."""
        form = self.form
        if form is None or not IdempotencyKey.objects.filter(park=form.park, actor=form.actor, key=form.key).exists():
            return None
        return _repeat(form)

    def keep(self, response: HttpResponse) -> None:
        """Only a redirect is an answer worth keeping: anything else may be tried again."""
        form = self.form
        if form and _leads_on(response):
            row = form.row()
            row.location = form.sealed(response["Location"])
            IdempotencyKey.objects.bulk_create([row], ignore_conflicts=True)


@outbox.every(LOOK)
def forget(park: Model, now: datetime) -> None:
    """Forget keys after 30 days: nobody sends a form again so late."""
    IdempotencyKey.objects.filter(park=park, made_at__lt=now - KEPT).delete()


def _form(request: HttpRequest) -> _Form | None:
    """Return what was sent, or None where it carries no key."""
    if request.method != "POST" or not (key := request.POST.get(FIELD, "")):
        return None
    actor = getattr(request, "actor", None)
    if len(key) > LONGEST_KEY or (not actor and not _ours(key)):
        raise Refused("这张表单已失效。请重新打开页面再提交。")
    secret = hashlib.sha256(f"{key}\n{_content(request)}".encode()).digest()
    return _Form(
        park=getattr(request, "park", None) or actor.park,
        actor=actor.key if actor else "visitor",
        key=hashlib.sha256(f"{request.path}\n{key}".encode()).hexdigest(),
        route=getattr(request.resolver_match, "view_name", "")[:120],
        secret=Fernet(base64.urlsafe_b64encode(secret)),
    )


def _ours(key: str) -> bool:
    try:
        SIGNER.unsign(key)
    except signing.BadSignature:
        return False
    return True


def _content(request: HttpRequest) -> str:
    """What the person typed and chose: the fields and the files; not what is new with each page."""
    fields = {name: values for name, values in request.POST.lists() if name not in PAGES_OWN}
    files = {name: [_told(file) for file in uploads] for name, uploads in request.FILES.lists()}
    return json.dumps([fields, files], sort_keys=True)


def _told(file: UploadedFile) -> list[str]:
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return [file.name or "", digest.hexdigest()]


def _first(form: _Form, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Claim the key, run the view, keep the answer. Raises `_Repeated` where the key is taken."""
    row = form.row()
    try:
        row.save(force_insert=True)
    except IntegrityError:
        raise _Repeated from None
    response = run()
    if not _leads_on(response):
        transaction.set_rollback(True)
        return response
    IdempotencyKey.objects.filter(park=form.park, pk=row.pk).update(location=form.sealed(response["Location"]))
    return response


def _leads_on(response: HttpResponse) -> bool:
    return HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST


def _repeat(form: _Form) -> HttpResponse:
    row = IdempotencyKey.objects.get(park=form.park, actor=form.actor, key=form.key)
    try:
        location = form.secret.decrypt(row.location.encode()).decode()
    except InvalidToken:
        raise Refused("这张表单已经提交过，这次的内容与上次不同。请打开新的表单再提交。") from None
    return HttpResponseRedirect(location)
