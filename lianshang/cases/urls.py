from django.urls import URLPattern, path

from lianshang.cases.views import (
    actions,
    batches,
    calendars,
    catalogue,
    detail,
    document_templates,
    documents,
    drafts,
    equation,
    exporting,
    importing,
    interests,
    leader,
    listing,
    mine,
    notes,
    own_alike,
    phrases,
    receipt,
    saved_views,
    sealed_words,
    trial,
    wecom,
)
from lianshang.cases.views import desk as desks
from lianshang.cases.views import mechanism as profiles
from lianshang.cases.views import public as whistling
from lianshang.cases.views import themes as subjects

app_name = "cases"

# Public: no account; the link or the code says which park and which case.
public: list[URLPattern] = [
    path("w/", whistling.whistle_here, name="whistle-here"),
    path("w/<str:token>/", whistling.whistle, name="whistle"),
    path("w/<str:token>/sealed/", whistling.whistle, {"sealed": True}, name="whistle-sealed"),
    path("w/<str:token>/alike/", own_alike.own_alike, name="own-alike"),
    path("mine/", mine.mine, name="mine"),
    path("mine/forget/", mine.forget, name="mine-forget"),
    path("mine/<str:token>/", mine.mine_enterprise, name="mine-enterprise"),
    path("r/<str:code>/", receipt.receipt, name="receipt"),
    path("r/<str:code>/files/<int:position>/", receipt.file, name="receipt-file"),
    path("r/<str:code>/proof/", receipt.proof, name="receipt-proof"),
    path("r/<str:code>/<str:verb>/", receipt.act, name="receipt-act"),
]

# Staff: the desks, the ledger, one case and what may be done to it.
desk: list[URLPattern] = [
    path("desk/", desks.desk, name="desk"),
    path("leader/", leader.leader, name="leader"),
    path("leader/more/", leader.more, name="leader-more"),
    path("urge/", batches.urge, name="urge-all"),
    path("hand-over/", batches.hand_over, name="hand-over"),
    path("phrases/", phrases.edit, name="phrases"),
    path("equation/", equation.proof, name="equation"),
    path("equation/sealed/", equation.sealed_proof, name="equation-sealed"),
    path("interests/", interests.interests, name="interests"),
    path("interests/<int:pk>/end/", interests.end, name="interest-end"),
    path("cases/", listing.ledger, name="list"),
    path("cases/new/", notes.new, name="new"),
    path("cases/new/names/", notes.names, name="names"),
    path("cases/new/similar/", notes.similar, name="similar"),
    path("cases/new/<str:token>/", notes.noted, name="noted"),
    path("cases/<uuid:key>/", detail.detail, name="detail"),
    path("cases/<uuid:key>/order/", detail.order, name="order"),
    path("cases/<uuid:key>/words/", sealed_words.words, name="words"),
    path("cases/<uuid:key>/documents/", documents.documents, name="documents"),
    path("cases/<uuid:key>/documents/<int:position>/", documents.document, name="document"),
    path("cases/<uuid:key>/files/<int:position>/", detail.file, name="file"),
    path("cases/<uuid:key>/do/<slug:verb>/", actions.act, name="act"),
]

# What comes up again, studied once.
themes: list[URLPattern] = [
    path("themes/", subjects.listing, name="themes"),
    path("themes/new/", subjects.new, name="theme-new"),
    path("themes/<uuid:key>/", subjects.theme, name="theme"),
    path("themes/<uuid:key>/do/<slug:verb>/", subjects.act, name="theme-act"),
]

# Sheets out, and what one likes to see of the list.
sheets: list[URLPattern] = [
    path("cases/export/", exporting.export, name="export"),
    path("cases/export/unmasked/", exporting.unmasked, name="export-unmasked"),
    path("exports/", exporting.index, name="exports"),
    path("exports/<uuid:key>/", exporting.job, name="export-job"),
    path("exports/<uuid:key>/file/", exporting.file, name="export-file"),
    path("views/", saved_views.listing, name="views"),
    path("views/new/", saved_views.new, name="view-new"),
    path("views/<int:pk>/", saved_views.change, name="view-change"),
    path("views/<int:pk>/drop/", saved_views.drop, name="view-drop"),
]

# What was said in a chat or to the application, before it is a case.
before: list[URLPattern] = [
    path("hooks/wecom/<str:code>/", wecom.callback, name="wecom-callback"),
    path("t/<str:code>/", drafts.waiting, name="draft"),
    path("settings/wecom/", wecom.setting, name="wecom"),
    path("drafts/", drafts.listing, name="drafts"),
    path("drafts/paste/", drafts.paste, name="paste"),
    path("drafts/choose/", drafts.choose, name="draft-choose"),
    path("drafts/aside/", drafts.aside, name="draft-aside"),
    path("drafts/register/", drafts.register, name="draft-register"),
    path("drafts/<uuid:key>/back/", drafts.take_back, name="draft-back"),
]

# Old records in, and promises tried on them.
ledger: list[URLPattern] = [
    path("trial/", trial.trial, name="trial"),
    path("import/", importing.index, name="import"),
    path("import/form/", importing.form, name="import-form"),
    path("import/undo/", importing.undo, name="import-undo"),
    path("import/<uuid:key>/", importing.job, name="import-job"),
    path("import/<uuid:key>/match/", importing.match, name="import-match"),
    path("import/<uuid:key>/store/", importing.store, name="import-store"),
    path("import/<uuid:key>/errors/", importing.errors, name="import-errors"),
    path("import/<uuid:key>/marked/", importing.marked, name="import-marked"),
]

# How the park works: profiles and calendars.
mechanism: list[URLPattern] = [
    path("settings/profiles/", profiles.listing, name="profiles"),
    path("settings/profiles/adopt/", profiles.adopt, name="profile-adopt"),
    path("settings/profiles/upload/", profiles.upload, name="profile-upload"),
    path("settings/profiles/write/", profiles.write, name="profile-write"),
    path("settings/profiles/download/", profiles.download, name="profile-download"),
    path("settings/profiles/versions/<int:pk>/", profiles.version, name="profile-version"),
    path("settings/profiles/shipped/<slug:name>/", profiles.shipped, name="profile-shipped"),
    path("settings/documents/", document_templates.listing, name="document-templates"),
    path("settings/documents/<slug:kind>/", document_templates.template, name="document-template"),
    path("settings/documents/<slug:kind>/revert/", document_templates.revert, name="document-template-revert"),
    path("settings/documents/<slug:kind>/download/", document_templates.download, name="document-template-download"),
    path("settings/catalogue/", catalogue.index, name="catalogue"),
    path("settings/catalogue/draft/", catalogue.draft, name="catalogue-draft"),
    path("settings/catalogue/draft/new/", catalogue.entry, name="catalogue-entry-new"),
    path("settings/catalogue/draft/<int:position>/", catalogue.entry, name="catalogue-entry"),
    path("settings/catalogue/upload/", catalogue.upload, name="catalogue-upload"),
    path("settings/catalogue/download/", catalogue.download, name="catalogue-download"),
    path("settings/catalogue/<int:number>/", catalogue.version, name="catalogue-version"),
    path("settings/calendars/", calendars.listing, name="calendars"),
    path("settings/calendars/national/", calendars.load_national, name="calendar-national"),
    path("settings/calendars/park/", calendars.own, name="calendar-park"),
    path("settings/calendars/units/<int:pk>/", calendars.own, name="calendar-unit"),
    path("settings/calendars/versions/<int:pk>/", calendars.version, name="calendar-version"),
]

urlpatterns = [*public, *desk, *themes, *before, *sheets, *ledger, *mechanism]
