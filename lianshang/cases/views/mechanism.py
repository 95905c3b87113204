"""The park's mechanism profile: what it says, where it comes from, another one, one's own."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianshang.cases import mechanism, presets
from lianshang.cases.forms.profile import ProfileFile, ProfileForm
from lianshang.cases.views.settings_access import setters_only
from lianshang.kernel import idempotency, profiles
from lianshang.kernel.models import ProfileVersion
from lianshang.kernel.numbers import whole
from lianshang.kernel.profiles import Profile, ProfileFaults


@require_safe
@setters_only
def listing(request: HttpRequest) -> HttpResponse:
    """What the park works by, its own editions, and the shipped profiles."""
    versions = list(ProfileVersion.objects.select_related("profile", "made_by").order_by("-made_at", "-pk"))
    current = max((v for v in versions if v.profile.is_current), key=lambda v: v.number, default=None)
    value = presets.kept(current.document) if current else None
    context = {
        "current": current,
        "chapters": profiles.chapters(value) if value else [],
        "versions": versions,
        "shipped": [presets.preset(name) for name in presets.preset_names()],
    }
    return render(request, "cases/mechanism/profiles.html", context)


@require_safe
@setters_only
def version(request: HttpRequest, pk: int) -> HttpResponse:
    row: ProfileVersion = get_object_or_404(ProfileVersion.objects.select_related("profile", "made_by"), pk=pk)
    newest = row.profile.versions.order_by("-number").first()
    in_use = row.profile.is_current and newest == row
    return _shown(request, presets.kept(row.document), {"version": row, "in_use": in_use, "source": f"version:{pk}"})


@require_safe
@setters_only
def shipped(request: HttpRequest, name: str) -> HttpResponse:
    return _shown(request, _preset(name), {"in_use": False, "source": f"preset:{name}"})


def _shown(request: HttpRequest, value: Profile, context: dict[str, object]) -> HttpResponse:
    context |= {"profile": value, "chapters": profiles.chapters(value), "idempotency_key": idempotency.mint()}
    return render(request, "cases/mechanism/profile.html", context)


def _preset(name: str) -> Profile:
    try:
        return presets.preset(name)
    except KeyError:
        raise Http404 from None


def _named(source: str, read: Callable[[str], Profile] = presets.kept) -> Profile:
    """Return the profile that `preset:NAME` or `version:KEY` names, or raise Http404."""
    kind, _, name = source.partition(":")
    if kind == "preset":
        return _preset(name)
    if kind != "version":
        raise Http404
    return read(get_object_or_404(ProfileVersion, pk=whole(name)).document)


@require_safe
@setters_only
def download(request: HttpRequest) -> HttpResponse:
    """The profile as a YAML file, to keep or to write one's own from."""
    value = _named(request.GET.get("from", ""))
    response = HttpResponse(profiles.dump(value), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{value.name}.yaml"'
    return response


@require_POST
@setters_only
def adopt(request: HttpRequest) -> HttpResponse:
    """Work by a shipped profile, or by an earlier edition again, if it is sound by what is asked today."""
    try:
        value = _named(request.POST.get("source", ""), read=presets.read)
    except ProfileFaults as no:
        told = "".join(fault.message for fault in no.faults)
        messages.warning(request, f"这一版不合现在的要求，不能直接采用。{told}请打开它，点“照它改一套”。")
        return redirect("cases:profiles")
    return _adopted(request, value)


@idempotency.once
def _adopted(request: HttpRequest, value: Profile) -> HttpResponse:
    made = mechanism.adopt(value, actor=request.actor, at=timezone.now())
    messages.success(request, f"现在按“{made}”办理。已受理的诉求仍按受理时的方案。")
    return redirect("cases:profiles")


@require_http_methods(["GET", "HEAD", "POST"])
@setters_only
def upload(request: HttpRequest) -> HttpResponse:
    """Check a profile file and show every fault, or adopt it; the text stays for mending."""
    form = ProfileFile(request.POST, request.FILES) if request.method == "POST" else ProfileFile()
    return _checked(request, form, "cases/mechanism/upload.html")


@require_http_methods(["GET", "HEAD", "POST"])
@setters_only
def write(request: HttpRequest) -> HttpResponse:
    """Write a profile in fields, beginning from the one in use or from the one named."""
    source = request.GET.get("from", "")
    start = _named(source) if source else _current()
    form = ProfileForm(start, request.POST if request.method == "POST" else None)
    return _checked(request, form, "cases/mechanism/write.html")


def _current() -> Profile:
    row = ProfileVersion.objects.filter(profile__is_current=True).order_by("-number").first()
    return presets.kept(row.document) if row else presets.preset(presets.DEFAULT)


def _checked(request: HttpRequest, form: ProfileFile | ProfileForm, template: str) -> HttpResponse:
    """Adopt what is sound and meant; else show the form with the faults, or what the profile would say."""
    sound = form.profile if form.is_bound and form.is_valid() else None
    if sound and request.POST.get("do") == "adopt":
        return _adopted(request, sound)
    context = {
        "form": form,
        "chapters": profiles.chapters(sound) if sound else [],
        "idempotency_key": idempotency.mint(),
    }
    return render(request, template, context, status=422 if form.is_bound and not sound else 200)
