"""Which briefing templates a park has: the shipped ones, its own editions of them, and those that it wrote itself."""

from lianshang.kernel import files
from lianshang.kernel.refusals import Hidden
from lianshang.reports import files as papers
from lianshang.reports.models import BriefingTemplate
from lianshang.reports.shipped import SHIPPED, Template


def editions() -> dict[str, BriefingTemplate]:
    """Return the newest edition of each template of the park."""
    newest: dict[str, BriefingTemplate] = {}
    for row in BriefingTemplate.objects.select_related("stored", "made_by").order_by("number"):
        newest[row.slug] = row
    return newest


def in_force() -> list[Template]:
    """Return the templates that are offered, the shipped ones first."""
    own = editions()
    shipped = [of_row(own[slug]) if slug in own else one for slug, one in SHIPPED.items()]
    added = [of_row(row) for slug, row in own.items() if slug not in SHIPPED]
    retired = {slug for slug, row in own.items() if row.retired}
    return [one for one in (*shipped, *added) if one.slug not in retired]


def put_away() -> list[BriefingTemplate]:
    """Return the newest editions of the templates that are offered no more."""
    return [row for row in editions().values() if row.retired]


def named(slug: str) -> Template:
    """Return the template in force. Raises `Hidden` for none of that name."""
    row = BriefingTemplate.objects.filter(slug=slug).order_by("-number").first()
    if row is not None:
        return of_row(row)
    if slug not in SHIPPED:
        raise Hidden
    return SHIPPED[slug]


def of_row(row: BriefingTemplate) -> Template:
    return Template(row.slug, row.name, row.title, row.body, row.signer, row.to, row.most, row.number)


def look(slug: str, number: int) -> bytes:
    """Return the Word template of an edition: the park's own file, or the shipped layout."""
    row = BriefingTemplate.objects.filter(slug=slug, number=number).select_related("stored").first()
    if row is None or row.stored is None:
        return papers.shipped()
    with files.open_file(row.stored) as file:
        return file.read()
