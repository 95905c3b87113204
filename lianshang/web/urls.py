from django.conf import settings
from django.urls import path

from lianshang.web import views

app_name = "web"
urlpatterns = [path("", views.home, name="home")]
if settings.DEBUG:
    urlpatterns += [
        path("styleguide/", views.styleguide, name="styleguide"),
        path("styleguide/phone/", views.styleguide_phone, name="styleguide-phone"),
    ]
