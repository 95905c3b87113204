from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lianshang.web import styleguide as guide


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "web/home.html")


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "web/styleguide.html", guide.samples(timezone.now()))


@login_not_required
def styleguide_phone(request: HttpRequest) -> HttpResponse:
    return render(request, "web/styleguide_phone.html", guide.samples(timezone.now()))
