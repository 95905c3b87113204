"""Who made the sealed cases that are there already goes into a row apart, under a key of each case; so does what was said.

The events of before keep the words as they were told then: no event is ever changed. No page shows them any more.
"""

from django.db import migrations

from lianshang.cases import giveaways, identities
from lianshang.cases.headlines import headline
from lianshang.kernel import search

BLANK = {"enterprise": None, "enterprise_name": "", "contact_name": "", "contact_phone": "", "contact_email": ""}
SAID = ("note_down", "register", "supplement")  # the reporter's own words


def lock_up(apps, schema_editor):
    Case, Event = apps.get_model("cases", "Case"), apps.get_model("cases", "CaseEvent")
    for case in Case.objects.filter(sealed=True).select_related("enterprise").order_by("pk").iterator():
        identity = _identity(apps, case)
        for event in Event.objects.filter(subject=case, verb__in=SAID).order_by("ordinal"):
            _saying(apps, case, event, identity.key)
        shown = giveaways.screened(case.text, giveaways.marks(case.text))
        place = giveaways.screened(case.place, giveaways.marks(case.place))
        found = search.index_text(case.number, headline(shown), shown, place, case.external_number)
        fields = BLANK | {"text": shown, "title": headline(shown), "place": place, "search_text": found}
        Case.objects.filter(pk=case.pk).update(**fields)


def _identity(apps, case):
    who = identities.Who(
        enterprise=case.enterprise.name if case.enterprise else case.enterprise_name,
        name=case.contact_name,
        phone=case.contact_phone,
        email=case.contact_email,
    )
    fields = identities.locked_up(case.key, who)
    return apps.get_model("cases", "Identity").objects.create(park_id=case.park_id, case=case, **fields)


def _saying(apps, case, event, wrapped):
    own = event.verb != "supplement" or event.by == "holder"
    words = case.text if event.verb != "supplement" else event.note
    if own and words:
        fields = identities.said(case.key, wrapped, words)
        apps.get_model("cases", "Saying").objects.create(park_id=case.park_id, case=case, event=event, **fields)


class Migration(migrations.Migration):
    dependencies = [("cases", "0019_complaints_apart")]

    operations = [migrations.RunPython(lock_up, migrations.RunPython.noop)]
