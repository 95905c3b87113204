"""Which text, briefing and template a cell is about."""

from lianshang.reports.models import Article, Binding, Briefing
from lianshang.reports.services import articles, briefings
from lianshang.reports.shipped import SHIPPED
from tests.access.asked import Target, keyed
from tests.access.objects import ARTICLE
from tests.access.targets import MAKERS, about, owner
from tests.access.world import AT, World


def article(world: World, role: str) -> Article:
    """A text that this person handed in."""
    row = {"text": ARTICLE, "day": AT.date(), "made_at": AT}
    make = lambda: Article.objects.create(park=world.park, made_by=owner(world, role), **row)  # noqa: E731
    return world.once(("article", role), make)


def briefing(world: World) -> Briefing:
    """The month's briefing, begun by the clerk."""
    clerk, day = world.actor("reporting_clerk", "office"), AT.date()
    return world.once(
        "briefing",
        lambda: briefings.begin(SHIPPED["monthly"], day.replace(day=1), day, day, actor=clerk, at=AT),
    )


def binding(world: World) -> Binding:
    clerk = world.actor("reporting_clerk", "office")
    return world.once("binding", lambda: articles.bind("来访", "件", "cases.intake", actor=clerk, at=AT))


def _own(route: str) -> None:
    def maker(world: World, thing: str, relation: str, role: str) -> Target:
        return keyed(route, article(world, "auditor" if role == "visitor" else role).key)

    MAKERS[route] = maker


_own("reports:article")
_own("reports:article-bind")


@about("reports:binding-end")
def _binding(world: World, thing: str, relation: str, role: str) -> Target:
    return keyed("reports:binding-end", binding(world).key, form="")


for _name in ("briefing", "briefing-edit"):
    MAKERS[f"reports:{_name}"] = lambda world, thing, relation, role, _name=_name: keyed(
        f"reports:{_name}", briefing(world).key
    )
MAKERS["reports:briefing-freeze"] = lambda world, thing, relation, role: keyed(
    "reports:briefing-freeze", briefing(world).key, form=""
)


@about("reports:briefing-file")
def _file(world: World, thing: str, relation: str, role: str) -> Target:
    found = keyed("reports:briefing", briefing(world).key)
    return Target(f"{found.path}word/", f"{found.twin}word/", form=found.form, marks=found.marks)


@about("reports:template", "reports:template-look")
def _template(world: World, thing: str, relation: str, role: str) -> Target:
    return keyed("reports:template", "monthly", "no-such")


MAKERS["reports:template-look"] = lambda world, thing, relation, role: keyed(
    "reports:template-look", "monthly", "no-such"
)
MAKERS["reports:template-retire"] = lambda world, thing, relation, role: keyed(
    "reports:template-retire", "monthly", "no-such", form=""
)
