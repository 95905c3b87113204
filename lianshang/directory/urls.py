from django.urls import path, re_path

from lianshang.directory.views import absences, account, audit, people, security, sign_in

app_name = "directory"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/code/", sign_in.code, name="sign-in-code"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("account/", account.mine, name="account"),
    path("account/keys/", account.switch_keys, name="keys"),
    path("account/password/", account.password, name="password"),
    path("account/second-factor/", account.set_up, name="second-factor"),
    path("account/codes/", account.papers, name="papers"),
    path("account/codes/renew/", account.renew_papers, name="papers-renew"),
    path("account/sign-ins/end/", account.end_others, name="sign-ins-end"),
    path("account/sign-ins/<int:pk>/end/", account.end_sign_in, name="sign-in-end"),
    path("people/", people.listing, name="people"),
    path("people/add/", people.add, name="person-add"),
    path("people/<int:pk>/", people.one, name="person"),
    path("people/<int:pk>/noted/", people.noted, name="person-noted"),
    path("people/<int:pk>/opened/", people.opened, name="person-opened"),
    re_path(
        r"^people/(?P<pk>[0-9]{1,18})/(?P<what>close|reopen|reset|unlock|drop-factor)/$", people.press, name="press"
    ),
    path("posts/<int:pk>/end/", people.end_post, name="post-end"),
    path("settings/sign-in/", security.rules, name="security"),
    path("settings/retention/", security.retention, name="retention"),
    path("settings/retention/<slug:name>/", security.period, name="retention-period"),
    path("settings/retention/<slug:name>/erase/", security.erase, name="retention-erase"),
    path("audit/", audit.listing, name="audit"),
    path("audit/export/", audit.export, name="audit-export"),
    path("absences/", absences.listing, name="absences"),
    path("absences/<int:pk>/end/", absences.end, name="absence-end"),
]
