"""The whistle: a page without login, reached by the QR code of a park or of an enterprise."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django_scopes import scope

from lianshang.cases import abuse, apart, books, codes, receipts, recusal, repeats, services
from lianshang.cases.forms.public import NOT_LISTED, SealedForm, Whistled, WhistleForm
from lianshang.cases.models import Case
from lianshang.cases.services.intake import current_profile_version
from lianshang.cases.views.remembered import COOKIE, remembered
from lianshang.directory.actors import Actor
from lianshang.directory.lines import closure
from lianshang.directory.models import Park, Post, Role, Unit
from lianshang.directory.visitors import address_of
from lianshang.enterprises.models import Enterprise
from lianshang.kernel import file_types, files, idempotency
from lianshang.kernel.models import StoredFile
from lianshang.kernel.refusals import Refused

SUGGESTED = 200  # names of enterprises that a page may carry
SUPERIORS = (Unit.Kind.SUPERIOR,)
ABOVE = (Unit.Kind.COMMITTEE, Unit.Kind.OFFICE, Unit.Kind.SUPERIOR)  # complaints about these go to the authority above
STALE_FORM = "这张表单已失效。请再按一次提交，已填内容都在。"
UPWARDS = (
    "反映的是综合党委、其办公室或者受理投诉举报的人，本园区的人都要回避，这里不能受理。"
    "请直接向{superior}反映；刚才填写的内容没有留存。"
)


@dataclass(frozen=True)
class Entrance:
    """Where the visitor came in: the park, its enterprise if the code is an enterprise's, the open or the sealed page."""

    park: Park
    token: str
    enterprise: Enterprise | None
    sealed: bool

    @property
    def actor(self) -> Actor:
        return Actor(kind="holder", park=self.park)

    @cached_property
    def urgent(self) -> str:
        """The mechanism's word for urgent cases, if it tells them apart. Raises `Refused` where there is none in use."""
        urgencies = books.profile_of(current_profile_version().pk).urgencies
        return urgencies[-1] if len(urgencies) > 1 else ""


@login_not_required
def whistle_here(request: HttpRequest) -> HttpResponse:
    """The way in without a QR code: the park's own page, or the choice among several."""
    parks = list(Park.objects.order_by("code"))
    if len(parks) == 1:
        return redirect("cases:whistle", token_of(parks[0]))
    places = [(park.name, token_of(park)) for park in parks]
    return render(request, "cases/public/parks.html", {"places": places})


def token_of(park: Park) -> str:
    return f"{park.code}-{park.whistle_token}"


@login_not_required
@never_cache
def whistle(request: HttpRequest, token: str, *, sealed: bool = False) -> HttpResponse:
    code, _, secret = token.partition("-")
    park = Park.objects.filter(code=code).first()
    if park is None:
        return render(request, "cases/public/dead.html", status=404)
    request.park, request.actor = park, None
    with scope(park=park):
        own = secret == park.whistle_token
        enterprise = None if own else Enterprise.objects.filter(whistle_token=secret, is_active=True).first()
        if not own and enterprise is None:
            return render(request, "cases/public/dead.html", status=404)
        return _page(request, Entrance(park, token, enterprise, sealed))


def _page(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    at = timezone.now()
    if closed := _closed(entrance, at):
        context = {"entrance": entrance, "office": receipts.office_contact(at), "why": closed}
        return render(request, "cases/public/closed.html", context, status=503)
    if request.method != "POST":
        return _show(request, entrance, _form(entrance), at)
    form = _form(entrance, request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, entrance, form, at, status=422)
    try:
        _let_pass(request, at)
    except Refused as no:
        return _turned_away(request, entrance, form, at, no)
    return _taken_in(request, entrance, at)


@files.prepared
@idempotency.once
def _taken_in(request: HttpRequest, entrance: Entrance, at: datetime) -> HttpResponse:
    """Make the case; the challenge is spent on nothing less."""
    form = _form(entrance, request.POST, request.FILES)
    form.full_clean()
    if repeat := _sent_before(request, entrance, form, at):
        return _show(request, entrance, form, at, repeat=repeat, status=409)
    try:
        case = _register(entrance, form, at)
        abuse.spend(request.POST["challenge"], at)
    except Refused as no:
        return _refused(request, entrance, form, at, no)
    return redirect("cases:receipt", codes.public_code(entrance.park, case))


def _sent_before(request: HttpRequest, entrance: Entrance, form: Whistled, at: datetime) -> repeats.Repeat | None:
    """Return what the same person just said in the same words: the page before was gone back to and sent again."""
    if entrance.sealed or "another" in request.POST:
        return None
    text, phone = form.cleaned_data["text"], form.cleaned_data["phone"]
    return repeats.taken_in(text, phone=phone, enterprise=entrance.enterprise, held=remembered(request), at=at)


def _refused(request: HttpRequest, entrance: Entrance, form: Whistled, at: datetime, no: Refused) -> HttpResponse:
    renew = isinstance(no, abuse.Stale)
    return _show(request, entrance, form, at, refusal=str(no), renew=renew, status=abuse.status_of(no))


# The same form, taken in before or at this moment, is led to its receipt all the same.
_turned_away = idempotency.once(_refused)


def _closed(entrance: Entrance, at: datetime) -> str:
    """Why nothing can be taken in here; empty while all is well."""
    try:
        _ = entrance.urgent  # known where a mechanism is in use
    except Refused:
        return "本园区还没有开通吹哨。"
    if entrance.sealed and not receipts.officers(at).exists():
        return "本园区还没有指定投诉举报专办员，这里暂时不能受理投诉举报。"
    return ""


def _form(entrance: Entrance, *data: Any) -> Whistled:
    if entrance.sealed:
        units = Unit.objects.filter(is_active=True).exclude(kind__in=SUPERIORS if _goes_up() else ABOVE)
        return SealedForm(*data, units=units.order_by("name"))
    return WhistleForm(*data, enterprise=entrance.enterprise, may_urge=bool(entrance.urgent))


def _show(
    request: HttpRequest,
    entrance: Entrance,
    form: Whistled,
    at: datetime,
    *,
    refusal: str = "",
    renew: bool = False,
    repeat: repeats.Repeat | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page with whatever was typed. `renew` where the challenge has served."""
    names = Enterprise.objects.filter(is_active=True).order_by("name").values_list("name", flat=True)
    suggested = [] if entrance.enterprise or entrance.sealed else list(names[: SUGGESTED + 1])
    context = {
        "entrance": entrance,
        "form": form,
        "refusal": refusal,
        "repeat": repeat,
        "challenge": (not renew and request.POST.get("challenge")) or abuse.challenge(at),
        "bits": settings.PROOF_BITS,
        "key": request.POST.get(idempotency.FIELD) or idempotency.mint(),
        "names": suggested if len(suggested) <= SUGGESTED else [],
        "superior": superior(),
        "goes_up": entrance.sealed and _goes_up(),
        "has_receipts": not entrance.sealed and COOKIE in request.COOKIES,
    }
    page = "sealed" if entrance.sealed else "whistle"
    return render(request, f"cases/public/{page}.html", context, status=status)


def _let_pass(request: HttpRequest, at: datetime) -> None:
    if not request.POST.get(idempotency.FIELD):
        raise abuse.Stale(STALE_FORM)
    challenge, proof = request.POST.get("challenge", ""), request.POST.get("proof", "")
    abuse.check(challenge, proof, address=address_of(request), at=at)


def _register(entrance: Entrance, form: Whistled, at: datetime) -> Case:
    data = form.cleaned_data
    if not entrance.sealed:
        return services.submit(_open_whistle(entrance, data), actor=entrance.actor, at=at)
    case = services.submit_sealed(
        _sealed_whistle(entrance, data), actor=entrance.actor, at=at, open_part=data["open_part"]
    )
    _refuse_unreachable(case, at)
    return case


def _open_whistle(entrance: Entrance, data: dict[str, Any]) -> services.Whistle:
    typed = data.get("enterprise_name", "").strip()
    enterprise = (
        entrance.enterprise or (typed and Enterprise.objects.filter(name=typed, is_active=True).first()) or None
    )
    return services.Whistle(
        text=data["text"],
        place=data["place"],
        nature=data["nature"],
        urgency=entrance.urgent if data.get("urgent") else "",
        enterprise=enterprise,
        enterprise_name=typed,
        contact_phone=data["phone"],
        anonymous=not (data["phone"] or enterprise or typed),
        files=stored(entrance.park, data["files"]),
    )


def _sealed_whistle(entrance: Entrance, data: dict[str, Any]) -> services.Whistle:
    """An anonymous one carries no enterprise, and none of them names of files: either may tell who it was."""
    anonymous = data["named"] != "yes"
    name = data["respondent_name"].strip()
    return services.Whistle(
        text=data["text"],
        place=data["place"],
        nature=data["nature"],
        enterprise=None if anonymous else entrance.enterprise,
        contact_name="" if anonymous else data["called"],
        contact_phone="" if anonymous else data["phone"],
        anonymous=anonymous,
        respondents=tuple(one for one in (data["respondent_unit"], name) if one and one != NOT_LISTED),
        files=stored(entrance.park, data["files"], nameless=True, at=apart.day_of(timezone.now())),
    )


def _refuse_unreachable(case: Case, at: datetime) -> None:
    """Where every officer is inside the respondents, nobody here may see it: it has to go to the authority above."""
    if not recusal.outside(receipts.officers(at), case, on=timezone.localdate(at)).exists():
        raise Refused(UPWARDS.format(superior=superior()))


def _goes_up() -> bool:
    """Whether a complaint about the committee can be taken in: somebody above it, outside its line, looks after these."""
    below = closure(Unit.objects.filter(kind__in=(Unit.Kind.COMMITTEE, Unit.Kind.OFFICE)).values_list("pk", flat=True))
    posts = Post.objects.in_force(timezone.localdate()).filter(
        role=Role.COMPLAINTS_OFFICER, unit__kind=Unit.Kind.SUPERIOR
    )
    return posts.exclude(unit__in=below).exists()


def superior() -> str:
    """Return the authority above in words, with its telephone."""
    unit = Unit.objects.filter(kind=Unit.Kind.SUPERIOR, is_active=True).order_by("pk").first()
    return f"{unit.name}（{unit.phone}）" if unit and unit.phone else str(unit or "上级党委、纪委监委")


def stored(
    park: Park, uploads: list[UploadedFile], *, nameless: bool = False, at: datetime | None = None
) -> tuple[tuple[StoredFile, str], ...]:
    """Keep what was handed in, under true names of at most 120 signs. Raises `Refused` naming the file at fault.

    `at` is when it says that it was kept, where that is not to be the very moment.
    """
    kept = []
    for position, upload in enumerate(uploads, 1):
        name = upload.name or "附件"
        try:
            row = files.store(park, upload, name, at=at)
        except Refused as no:
            raise Refused(f"“{name[-40:]}”没有收下。{no}") from None
        shown = f"附件{position}" if nameless else name[-110:]
        kept.append((row, file_types.fitting_name(shown, row.media_type)))
    return tuple(kept)
