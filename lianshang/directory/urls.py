from django.urls import path

from lianshang.directory import absence_views, views

app_name = "directory"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("absences/", absence_views.absences_page, name="absences"),
    path("absences/<int:pk>/end/", absence_views.end, name="absence-end"),
]
