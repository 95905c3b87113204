"""Told of a change of contact persons: who takes over, who is the deputy, and who is relieved. Once a change."""

from django.urls import reverse

from lianshang.directory.models import Park, Person
from lianshang.enterprises.contact_persons import TOPIC
from lianshang.enterprises.models import ContactPerson
from lianshang.kernel import outbox
from lianshang.notices import services


@outbox.handles(TOPIC)
def tell_of_change(park: Park, pk: int) -> None:
    """Tell each of them in one notice of all enterprises that changed hands in the same moment."""
    row = ContactPerson.objects.select_related("person", "deputy").get(pk=pk)
    before = (
        ContactPerson.objects.filter(until=row.since, enterprise=row.enterprise_id).select_related("person").first()
    )
    together = ContactPerson.objects.filter(since=row.since, person=row.person_id).count()
    told = [(row.person, "new", f"请对接企业 {together} 家")]
    if row.deputy:
        told.append((row.deputy, "deputy", f"请替补对接企业 {together} 家，对接人{row.person}"))
    if before and before.person_id != row.person_id:
        count = ContactPerson.objects.filter(until=row.since, person=before.person_id).count()
        told.append((before.person, "former", f"{count} 家企业已交给{row.person}对接"))
    turns = services.in_turn(person for person, *_ in told)
    for person, part, text in sorted(told, key=lambda one: turns.index(one[0])):
        _tell(row, person, part, text)


def _tell(row: ContactPerson, person: Person, part: str, text: str) -> None:
    """`part`: as what the person is told. A former one who becomes the deputy is told of both."""
    link = reverse("enterprises:contacts") + f"?of={row.person_id}"
    ref = f"contact-person:{row.since:%Y%m%d%H%M%S%f}:{row.person_id}:{part}"
    services.tell(person, topic="enterprises", ref=ref, text=text, url=link, at=row.since, email=True)
