from django.urls import path

from lianshang.directory import views

app_name = "directory"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
]
