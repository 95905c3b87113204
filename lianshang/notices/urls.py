from django.urls import path

from lianshang.notices.views import inbox, robots, wishes

app_name = "notices"
urlpatterns = [
    path("notices/", inbox.index, name="list"),
    path("notices/read/", inbox.read_all, name="read-all"),
    path("notices/<int:sequence>/", inbox.open_one, name="open"),
    path("notices/wishes/", wishes.wishes, name="wishes"),
    path("settings/robots/", robots.listing, name="robots"),
    path("settings/robots/add/", robots.add, name="robot-add"),
    path("settings/robots/<int:pk>/", robots.one, name="robot"),
    path("settings/robots/<int:pk>/test/", robots.test, name="robot-test"),
    path("settings/robots/<int:pk>/pause/", robots.switch, {"press": "pause"}, name="robot-pause"),
    path("settings/robots/<int:pk>/resume/", robots.switch, {"press": "resume"}, name="robot-resume"),
]
