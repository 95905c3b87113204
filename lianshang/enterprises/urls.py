from django.urls import path

from lianshang.enterprises.views import codes, contacts

app_name = "enterprises"
urlpatterns = [
    path("enterprises/contacts/", contacts.contacts, name="contacts"),
    path("enterprises/codes/", codes.codes, name="codes"),
    path("enterprises/codes/posters/", codes.posters, name="posters"),
    path("enterprises/codes/slips/", codes.slips, name="slips"),
]
