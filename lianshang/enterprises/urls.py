from django.urls import path

from lianshang.enterprises import views

app_name = "enterprises"
urlpatterns = [
    path("enterprises/codes/", views.codes, name="codes"),
    path("enterprises/codes/posters/", views.posters, name="posters"),
    path("enterprises/codes/slips/", views.slips, name="slips"),
]
