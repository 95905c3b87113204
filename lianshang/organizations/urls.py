from django.urls import path

from lianshang.organizations.views import bodies, covering, rosters

app_name = "organizations"
urlpatterns = [
    path("organizations/", bodies.listing, name="list"),
    path("organizations/new/", bodies.new, name="new"),
    path("organizations/<uuid:key>/", bodies.one, name="one"),
    path("organizations/<uuid:key>/roster/", bodies.opened, name="opened"),
    path("organizations/<uuid:key>/do/<slug:verb>/", bodies.do, name="do"),
    path("organizations/<uuid:key>/members/<int:pk>/", rosters.member, name="member"),
    path("organizations/<uuid:key>/members/<int:pk>/do/<slug:verb>/", rosters.do, name="member-do"),
    path("coverage/", covering.page, name="coverage"),
    path("coverage/<str:code>/", covering.enterprise, name="enterprise"),
    path("coverage/<str:code>/do/<slug:verb>/", covering.do, name="enterprise-do"),
    path("incubations/<uuid:key>/", covering.incubation, name="incubation"),
    path("incubations/<uuid:key>/do/<slug:verb>/", covering.incubate, name="incubation-do"),
]
