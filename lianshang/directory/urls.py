from django.urls import path

from lianshang.directory.views import absences, sign_in

app_name = "directory"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("absences/", absences.listing, name="absences"),
    path("absences/<int:pk>/end/", absences.end, name="absence-end"),
]
