from django.urls import path

from lianshang.reports.views import articles, briefings, cockpit, templates

app_name = "reports"
urlpatterns = [
    path("articles/", articles.index, name="articles"),
    path("articles/<uuid:key>/", articles.article, name="article"),
    path("articles/<uuid:key>/bind/", articles.bind, name="article-bind"),
    path("articles/bindings/<uuid:key>/end/", articles.unbind, name="binding-end"),
    path("cockpit/", cockpit.dashboard, name="cockpit"),
    path("cockpit/wall/", cockpit.wall, name="cockpit-wall"),
    path("briefings/", briefings.index, name="briefings"),
    path("briefings/templates/", templates.listing, name="templates"),
    path("briefings/templates/new/", templates.template, name="template-new"),
    path("briefings/templates/<slug:slug>/", templates.template, name="template"),
    path("briefings/templates/<slug:slug>/look/", templates.look, name="template-look"),
    path("briefings/templates/<slug:slug>/retire/", templates.retire, name="template-retire"),
    path("briefings/<uuid:key>/", briefings.briefing, name="briefing"),
    path("briefings/<uuid:key>/edit/", briefings.edit, name="briefing-edit"),
    path("briefings/<uuid:key>/freeze/", briefings.freeze, name="briefing-freeze"),
    path("briefings/<uuid:key>/<slug:form>/", briefings.file, name="briefing-file"),
]
