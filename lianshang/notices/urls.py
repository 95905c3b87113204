from django.urls import path

from lianshang.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.index, name="list"),
    path("notices/read/", views.read_all, name="read-all"),
    path("notices/<int:sequence>/", views.open_one, name="open"),
]
