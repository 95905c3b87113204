"""人员与岗位: the system administrator keeps people and accounts, the security administrator posts and locks."""

from http import HTTPStatus

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianshang.directory import accounts, appointments, openings, second_factor, shown_once, throttle
from lianshang.directory.forms.people import NewPersonForm, PersonForm, PostForm, PurposeForm
from lianshang.directory.models import Account, Person, Post
from lianshang.kernel import idempotency
from lianshang.kernel.paging import asked, page
from lianshang.kernel.phones import masked
from lianshang.kernel.refusals import Hidden, Refused

PASSWORD = "first-password"  # noqa: S105 -- where it is kept until it is written down
DONE = {
    "close": (accounts.close, "账号已停用，登录已退出。"),
    "reopen": (accounts.reopen, "账号已恢复。"),
    "unlock": (appointments.unlock, "已解除等待，现在就可以再试。"),
    "drop-factor": (appointments.drop_second_factor, "动态口令已清除，下次登录时重新启用。"),
}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    words, today = request.GET.get("q", "").strip()[:40], timezone.localdate()
    found = page(accounts.people(request.actor, words), ("name", "id"), after=asked(request))
    posts: dict[int, list[Post]] = {}
    for post in Post.objects.in_force(today).filter(person__in=found.rows).select_related("unit").order_by("pk"):
        posts.setdefault(post.person_id, []).append(post)
    context = {
        "page": found,
        "rows": [(row, _account(row), posts.get(row.pk, [])) for row in found.rows],
        "words": words,
        "manages": request.actor.has(*accounts.MANAGES),
    }
    return render(request, "directory/people.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    if not request.actor.has(*accounts.MANAGES):
        raise Hidden
    return _add(request, accounts.first_password() if request.method == "POST" else None)


@idempotency.once
def _add(request: HttpRequest, first: accounts.FirstPassword | None) -> HttpResponse:
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            account, password = form.add(request.actor, timezone.now(), first)
        except Refused as reason:
            form.add_error("username", str(reason))
        else:
            shown_once.keep(request, PASSWORD, f"{account.person_id} {password}")
            return redirect("directory:person", account.person_id)
    context = {"form": form, "idempotency_key": idempotency.mint()}
    return render(request, "directory/person_add.html", context, status=_status(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: for each administrator what is theirs to change, the rest to read."""
    person, actor, now = accounts.person(request.actor, pk), request.actor, timezone.now()
    form = _form(request, person)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            if isinstance(form, PersonForm):
                accounts.change(person, form.facts, actor=actor, at=now)
            else:
                form.appoint(actor, now)
            messages.success(request, "已保存。")
            return redirect("directory:person", pk)
        except Refused as reason:
            refusal = str(reason)
    status = HTTPStatus.CONFLICT if refusal else _status(form)
    context = _told(request, person) | {"form": form, "refusal": refusal, "idempotency_key": idempotency.mint()}
    return render(request, "directory/person.html", context, status=status)


def _form(request: HttpRequest, person: Person) -> PersonForm | PostForm:
    data = request.POST if request.method == "POST" else None
    if request.actor.has(*accounts.MANAGES):
        return PersonForm(data, person=person)
    return PostForm(person, timezone.localdate(), data)


def _told(request: HttpRequest, person: Person) -> dict[str, object]:
    account, today = _account(person), timezone.localdate()
    own, _, password = shown_once.read(request, PASSWORD).partition(" ")
    return {
        "person": person,
        "account": account,
        "phone": masked(person.phone),
        "posts": [(post, bool(post.until and post.until < today)) for post in appointments.posts_of(person, today)],
        "manages": request.actor.has(*accounts.MANAGES),
        "assigns": appointments.assigns(request.actor),
        "waiting": throttle.waiting(account.username, timezone.now()) if account else 0,
        "has_factor": bool(account and second_factor.has(account)),
        "password": password if own == str(person.pk) else "",
        "is_self": person == request.actor.person,
        "purpose": PurposeForm(),
    }


@require_POST
def noted(request: HttpRequest, pk: int) -> HttpResponse:
    """The first password was written down: it is shown no more."""
    shown_once.forget(request, PASSWORD)
    return redirect("directory:person", pk)


@require_POST
def press(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One of the buttons on an account."""
    person, now = accounts.person(request.actor, pk), timezone.now()
    account = _account(person)
    if account is None:
        raise Hidden
    if what == "reset":
        shown_once.keep(request, PASSWORD, f"{pk} {accounts.reset(account, actor=request.actor, at=now)}")
    else:
        service, said = DONE[what]
        service(account, actor=request.actor, at=now)
        messages.success(request, said)
    return redirect("directory:person", pk)


@require_POST
def end_post(request: HttpRequest, pk: int) -> HttpResponse:
    if not appointments.assigns(request.actor):
        raise Hidden
    post: Post = get_object_or_404(Post.objects.select_related("person", "unit"), pk=pk)
    appointments.end_post(post, actor=request.actor, at=timezone.now())
    messages.success(request, f"{post.person}的{post.get_role_display()}岗位已结束，登录已退出。")
    return redirect("directory:person", post.person_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opened(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole telephone number and mail address, for a purpose that is put on record."""
    person = accounts.person(request.actor, pk)
    form = PurposeForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"person": person, "form": form, "is_open": False, "phone": "", "email": ""}
    if form.is_bound and form.is_valid():
        found = openings.open_contact(person, actor=request.actor, at=timezone.now(), **form.cleaned_data)
        context |= {"phone": found[0], "email": found[1], "is_open": True}
    return render(request, "directory/person_opened.html", context, status=_status(form))


def _account(person: Person) -> Account | None:
    return getattr(person, "account", None)


def _status(form: Form) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and not form.is_valid() else HTTPStatus.OK
