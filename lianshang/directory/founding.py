"""The first park of an installation that has none yet: what records can be brought into before anybody set it up."""

from django.db import transaction
from django_scopes import scope

from lianshang.directory.models import Park, Unit

CODE, NAME = "P1", "未命名园区"
OFFICE = "综合党委办公室"


@transaction.atomic
def found_park() -> Park:
    """Make a park with its committee's office and nothing else. Its mechanism is adopted by whoever knows mechanisms."""
    park = Park.objects.create(code=CODE, name=NAME)
    with scope(park=park):
        Unit.objects.create(park=park, code="office", name=OFFICE, kind=Unit.Kind.OFFICE)
    return park
