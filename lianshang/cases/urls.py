from django.urls import URLPattern, path

app_name = "cases"

# Public: no account; the link or the code says which park and which case.
public: list[URLPattern] = []

# Staff: the desks, the ledger, one case and what may be done to it.
desk: list[URLPattern] = []

# Old records in, and promises tried on them.
ledger: list[URLPattern] = []

# How the park works: profiles and calendars.
mechanism: list[URLPattern] = []

urlpatterns = [*public, *desk, *ledger, *mechanism]
