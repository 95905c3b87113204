"""Every address of the site. A package brings its own; nothing is routed here but packages."""

from django.urls import include, path

urlpatterns = [
    path("", include("lianshang.directory.urls")),
    path("", include("lianshang.enterprises.urls")),
    path("", include("lianshang.notices.urls")),
    path("", include("lianshang.indicators.urls")),
    path("", include("lianshang.cases.urls")),
    path("", include("lianshang.chain.urls")),
    path("", include("lianshang.organizations.urls")),
    path("", include("lianshang.reports.urls")),
    path("", include("lianshang.web.urls")),
]
