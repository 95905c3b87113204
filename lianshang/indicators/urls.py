from django.urls import path

from lianshang.indicators.views import figures, publications

app_name = "indicators"
urlpatterns = [
    path("figures/", figures.listing, name="figures"),
    path("figures/overlap/", figures.overlaps, name="overlap"),
    path("figures/published/", publications.listing, name="publications"),
    path("figures/published/new/", publications.new, name="publish"),
    path("figures/published/<uuid:key>/", publications.publication, name="publication"),
    path("figures/published/<uuid:key>/correct/", publications.correct, name="correct"),
    path("figures/published/<uuid:key>/<str:indicator>/", publications.frozen, name="frozen"),
    path("figures/<str:key>/", figures.figure, name="figure"),
    path("figures/<str:key>/sheet/", figures.sheet, name="sheet"),
]
