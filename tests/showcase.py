"""The key pages of the demo park: whose they are and where, for all tests that look at every page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from lianshang.cases import codes, supervision
from lianshang.cases.models import Case, Draft, Recusal, Theme, ThemeState
from lianshang.cases.states import State
from lianshang.chain.models import Scenario
from lianshang.directory.models import Account, Park, Person
from lianshang.enterprises.models import Enterprise
from lianshang.indicators.models import Publication
from lianshang.notices.models import Robot
from lianshang.organizations.models import Incubation, Organization
from lianshang.reports.models import Article, Briefing


class Demo:
    """Addresses in the demo park. Needs its scope."""

    def __init__(self, park: Park) -> None:
        self.park = park
        self.enterprise = Enterprise.objects.order_by("code").first()

    def case(self, *states: State, **more: object) -> Case:
        """Return the newest open case in one of these states, one with an enterprise."""
        rows = Case.objects.filter(Q(**more), state__in=states, sealed=False, enterprise__isnull=False)
        return rows.order_by("-registered_at").first() or Case.objects.filter(state__in=states, sealed=False).latest(
            "pk"
        )

    def receipt(self, *states: State) -> str:
        return f"/r/{codes.public_code(self.park, self.case(*states))}/"

    def draft(self) -> Draft:
        """Return the oldest draft that waits."""
        return Draft.objects.filter(settled_at=None).order_by("noted_at", "position")[0]

    def theme(self, state: ThemeState) -> Theme:
        """Return the newest theme in this state."""
        return Theme.objects.filter(state=state).latest("opened_at")

    def publication(self) -> Publication:
        """Return what was published last."""
        return Publication.objects.latest("recorded_at")

    def scenarios(self) -> str:
        """Return the question that sets all kept what-ifs side by side."""
        return "?" + "&".join(f"with={kept.key}" for kept in Scenario.objects.order_by("name"))

    def briefing(self) -> Briefing:
        """Return the newest briefing."""
        return Briefing.objects.latest("pk")

    def article(self) -> Article:
        """Return the text that was handed in last."""
        return Article.objects.latest("pk")

    def supervised(self) -> Case:
        """Return the newest case that is under supervision."""
        return supervision.supervised(Case.objects.open_ledger()).latest("registered_at")

    def branch(self) -> Organization:
        """Return the branch of the chain leader."""
        return Organization.objects.filter(kind="branch").earliest("pk")

    def party_member(self) -> str:
        """Return where one of its members stands."""
        member = self.branch().affiliations.earliest("pk").member_id
        return f"{self.branch().get_absolute_url()}members/{member}/"

    def colleague(self) -> Person:
        """Return the dispatcher, as the administrators see them."""
        return Account.objects.get(username="demo-dispatcher").person

    def sealed(self, *states: State) -> Case:
        """Return the newest complaint or report in one of these states."""
        return Case.objects.filter(sealed=True, state__in=states).latest("registered_at", "pk")

    def recusal(self) -> str:
        """Return where a recusal waits to be granted."""
        return f"{Recusal.objects.filter(decided=None).latest('pk').case.get_absolute_url()}do/grant_recusal/"

    def do(self, verb: str, *states: State, **more: object) -> str:
        return f"{self.case(*states, **more).get_absolute_url()}do/{verb}/"

    def whistle(self, token: str, rest: str = "") -> str:
        return f"/w/{self.park.code}-{token}/{rest}"


@dataclass(frozen=True)
class Page:
    """A page: its name, the account that opens it (none: a visitor), its address, and the status that it answers."""

    name: str
    who: str
    where: Callable[[Demo], str]
    status: int = 200


ROADS = "jtj"  # the unit of demo-liaison
PAGES = (
    Page("home", "", lambda _: "/"),
    Page("sign-in", "", lambda _: "/sign-in/"),
    Page("whistle", "", lambda d: d.whistle(d.enterprise.whistle_token)),
    Page("whistle-park", "", lambda d: d.whistle(d.park.whistle_token)),
    Page("whistle-sealed", "", lambda d: d.whistle(d.park.whistle_token, "sealed/")),
    Page("receipt-fresh", "", lambda d: d.receipt(State.REGISTERED)),
    Page("receipt-answered", "", lambda d: d.receipt(State.CALLBACK, State.ANSWERED)),
    Page("receipt-closed", "", lambda d: d.receipt(State.CLOSED)),
    Page("confirm", "", lambda d: d.receipt(State.CALLBACK, State.ANSWERED) + "confirm/"),
    Page("mine", "", lambda _: "/mine/"),
    Page("mine-enterprise", "", lambda d: f"/mine/{d.park.code}-{d.enterprise.mine_token}/"),
    Page("trial", "", lambda _: "/trial/"),
    Page("missing", "", lambda d: d.whistle("no-such-code"), 404),
    Page("desk-dispatcher", "demo-dispatcher", lambda _: "/desk/"),
    Page("desk-liaison", "demo-liaison", lambda _: "/desk/"),
    Page("desk-callback", "demo-callback", lambda _: "/desk/"),
    Page("desk-complaints", "demo-complaints", lambda _: "/desk/"),
    Page("new", "demo-dispatcher", lambda _: "/cases/new/"),
    Page("paste", "demo-dispatcher", lambda _: "/drafts/paste/"),
    Page("drafts", "demo-dispatcher", lambda _: "/drafts/"),
    Page("drafts-aside", "demo-dispatcher", lambda _: "/drafts/?show=aside"),
    Page("draft-register", "demo-dispatcher", lambda d: f"/drafts/register/?d={d.draft().key}"),
    Page("draft-aside", "demo-dispatcher", lambda d: f"/drafts/aside/?d={d.draft().key}"),
    Page("dispatch", "demo-dispatcher", lambda d: d.do("dispatch", State.REGISTERED)),
    Page("case", "demo-dispatcher", lambda d: d.case(State.IN_PROGRESS).get_absolute_url()),
    Page("case-closed", "demo-auditor", lambda d: d.case(State.CLOSED, rework_count__gt=0).get_absolute_url()),
    Page("answer", "demo-liaison", lambda d: d.do("answer", State.IN_PROGRESS, lead_unit__code=ROADS)),
    Page("call-back", "demo-callback", lambda d: d.do("call_back", State.CALLBACK)),
    Page("documents", "demo-dispatcher", lambda d: f"{d.case(State.IN_PROGRESS).get_absolute_url()}documents/"),
    Page("order", "demo-dispatcher", lambda d: f"{d.case(State.IN_PROGRESS).get_absolute_url()}order/"),
    Page("refused", "demo-dispatcher", lambda d: d.do("dispatch", State.CLOSED), 409),
    Page("absent", "demo-dispatcher", lambda _: "/cases/00000000-0000-4000-8000-000000000000/", 404),
    Page("list", "demo-dispatcher", lambda _: "/cases/"),
    Page("list-found", "demo-auditor", lambda _: "/cases/?q=停电"),
    Page("leader", "demo-chief", lambda _: "/leader/"),
    Page("leader-more", "demo-chief", lambda _: "/leader/more/"),
    Page("themes", "demo-head", lambda _: "/themes/"),
    Page("themes-liaison", "demo-liaison", lambda _: "/themes/?show=all"),
    Page("theme", "demo-dispatcher", lambda d: d.theme(ThemeState.OPEN).get_absolute_url()),
    Page("theme-closed", "demo-auditor", lambda d: d.theme(ThemeState.CLOSED).get_absolute_url()),
    Page("theme-new", "demo-dispatcher", lambda d: f"/themes/new/?title=路灯&case={d.case(State.IN_PROGRESS).key}"),
    Page("theme-close", "demo-head", lambda d: f"{d.theme(ThemeState.OPEN).get_absolute_url()}do/close/"),
    Page("supervise", "demo-head", lambda d: f"{d.supervised().get_absolute_url()}do/supervise/"),
    Page("case-supervised", "demo-head", lambda d: d.supervised().get_absolute_url()),
    Page("list-supervised", "demo-auditor", lambda _: "/cases/?supervised=on"),
    Page("equation", "demo-head", lambda _: f"/equation/?period={timezone.localdate():%Y}"),
    Page(
        "equation-sealed",
        "demo-complaints",
        lambda _: f"/equation/sealed/?period={timezone.localdate():%Y}&term=intake",
    ),
    Page("cockpit", "demo-chief", lambda _: "/cockpit/"),
    Page("cockpit-wall", "demo-head", lambda _: "/cockpit/wall/"),
    Page("figures", "demo-clerk", lambda _: "/figures/"),
    Page("figures-rates", "demo-liaison", lambda _: f"/figures/?subject=时限&period={timezone.localdate():%Y}"),
    Page("figure", "demo-clerk", lambda _: f"/figures/cases.handle_rate/?period={timezone.localdate():%Y}&part=of"),
    Page("figure-open", "demo-chief", lambda _: f"/figures/cases.open/?period={timezone.localdate():%Y-%m}"),
    Page("figures-overlap", "demo-head", lambda _: f"/figures/overlap/?period={timezone.localdate():%Y}"),
    Page("publications", "demo-auditor", lambda _: "/figures/published/"),
    Page("publish", "demo-clerk", lambda _: "/figures/published/new/"),
    Page("publication", "demo-clerk", lambda d: d.publication().get_absolute_url()),
    Page("published-figure", "demo-auditor", lambda d: f"{d.publication().get_absolute_url()}cases.handle_rate/"),
    Page("correct", "demo-clerk", lambda d: f"{d.publication().get_absolute_url()}correct/"),
    Page("articles", "demo-clerk", lambda _: "/articles/"),
    Page("article", "demo-clerk", lambda d: d.article().get_absolute_url()),
    Page("briefings", "demo-auditor", lambda _: "/briefings/"),
    Page("briefing", "demo-clerk", lambda d: d.briefing().get_absolute_url()),
    Page("briefing-edit", "demo-clerk", lambda d: f"{d.briefing().get_absolute_url()}edit/"),
    Page("briefing-templates", "demo-dispatcher", lambda _: "/briefings/templates/"),
    Page("briefing-template", "demo-clerk", lambda _: "/briefings/templates/monthly/"),
    Page("sealed-new", "demo-complaints", lambda d: d.sealed(State.REGISTERED).get_absolute_url()),
    Page("sealed-words", "demo-complaints", lambda d: f"{d.sealed(State.REGISTERED).get_absolute_url()}words/"),
    Page("sealed-split", "demo-complaints", lambda d: f"{d.sealed(State.REGISTERED).get_absolute_url()}do/split/"),
    Page("sealed-recusal", "demo-head", lambda d: d.recusal()),
    Page("sealed-receipt", "", lambda d: f"/r/{codes.public_code(d.park, d.sealed(State.IN_PROGRESS))}/"),
    Page("interests", "demo-liaison", lambda _: "/interests/"),
    Page("notices", "demo-dispatcher", lambda _: "/notices/"),
    Page("wishes", "demo-liaison", lambda _: "/notices/wishes/"),
    Page("robots", "demo-admin", lambda _: "/settings/robots/"),
    Page("robot-add", "demo-admin", lambda _: "/settings/robots/add/"),
    Page("robot", "demo-admin", lambda _: f"/settings/robots/{Robot.objects.order_by('pk').first().pk}/"),
    Page("import", "demo-clerk", lambda _: "/import/"),
    Page("list-view-new", "demo-dispatcher", lambda _: "/views/new/?state=open&overdue=on"),
    Page("views", "demo-dispatcher", lambda _: "/views/"),
    Page("list-mistaken", "demo-auditor", lambda _: "/cases/?state=mistaken&order=oldest"),
    Page("exports", "demo-auditor", lambda _: "/exports/"),
    Page("export-unmasked", "demo-dispatcher", lambda _: "/cases/export/unmasked/?state=open"),
    Page("chain", "demo-chief", lambda _: "/chain/"),
    Page("chain-map", "demo-chief", lambda _: "/chain/map/"),
    Page("chain-map-product", "demo-chief", lambda _: "/chain/map/?product=COG"),
    Page("chain-balance", "demo-chief", lambda _: "/chain/balance/"),
    Page("chain-product", "demo-chief", lambda _: "/chain/products/COG/"),
    Page("chain-processes", "demo-dispatcher", lambda _: "/chain/processes/"),
    Page("chain-process", "demo-dispatcher", lambda _: "/chain/processes/COKE_OVEN/"),
    Page("chain-critical", "demo-head", lambda _: "/chain/critical/"),
    Page("chain-enterprise", "demo-head", lambda _: "/chain/enterprises/E005/"),
    Page("chain-candidates", "demo-chief", lambda _: "/chain/candidates/?view=region"),
    Page("chain-what-if", "demo-chief", lambda _: "/chain/what-if/?stop=E007&attract=ACID_S:3500&name=断水"),
    Page("chain-runs", "demo-dispatcher", lambda _: "/chain/enterprises/E005/runs/"),
    Page("chain-books", "demo-dispatcher", lambda _: "/chain/books/"),
    Page("chain-scenarios", "demo-chief", lambda d: f"/chain/scenarios/{d.scenarios()}"),
    Page("organizations", "demo-dispatcher", lambda _: "/organizations/"),
    Page("organization", "demo-head", lambda d: d.branch().get_absolute_url()),
    Page("organization-venue", "demo-dispatcher", lambda d: f"{d.branch().get_absolute_url()}do/venue/"),
    Page("organization-new", "demo-head", lambda _: "/organizations/new/"),
    Page("member", "demo-dispatcher", lambda d: d.party_member()),
    Page("coverage", "demo-clerk", lambda _: "/coverage/"),
    Page("coverage-one", "demo-head", lambda _: "/coverage/E015/"),
    Page("incubation", "demo-dispatcher", lambda d: f"/incubations/{Incubation.objects.latest('pk').key}/"),
    Page("codes", "demo-dispatcher", lambda _: "/enterprises/codes/"),
    Page("contacts", "demo-dispatcher", lambda _: "/enterprises/contacts/"),
    Page("contacts-one", "demo-dispatcher", lambda d: f"/enterprises/contacts/?q={d.enterprise.code}"),
    Page("hand-over", "demo-liaison", lambda _: "/hand-over/"),
    Page("phrases", "demo-liaison", lambda _: "/phrases/"),
    Page("leader-office", "demo-dispatcher", lambda _: "/leader/"),
    Page("absences", "demo-liaison", lambda _: "/absences/"),
    Page("absences-office", "demo-dispatcher", lambda _: "/absences/"),
    Page("posters", "demo-dispatcher", lambda _: "/enterprises/codes/posters/?park"),
    Page("slips", "demo-dispatcher", lambda _: "/enterprises/codes/slips/"),
    Page("profiles", "demo-admin", lambda _: "/settings/profiles/"),
    Page("wecom", "demo-admin", lambda _: "/settings/wecom/"),
    Page("draft", "", lambda d: f"/t/{codes.public_code(d.park, d.draft())}/"),
    Page("document-templates", "demo-admin", lambda _: "/settings/documents/"),
    Page("document-template", "demo-admin", lambda _: "/settings/documents/reply/"),
    Page("catalogue", "demo-admin", lambda _: "/settings/catalogue/"),
    Page("catalogue-entry", "demo-dispatcher", lambda _: "/settings/catalogue/draft/new/"),
    Page("catalogue-upload", "demo-dispatcher", lambda _: "/settings/catalogue/upload/"),
    Page("catalogue-version", "demo-dispatcher", lambda _: "/settings/catalogue/1/"),
    Page("calendars", "demo-admin", lambda _: "/settings/calendars/"),
    Page("people", "demo-admin", lambda _: "/people/"),
    Page("person-add", "demo-admin", lambda _: "/people/add/"),
    Page("person", "demo-security", lambda d: f"/people/{d.colleague().pk}/"),
    Page("person-opened", "demo-security", lambda d: f"/people/{d.colleague().pk}/opened/"),
    Page("security", "demo-security", lambda _: "/settings/sign-in/"),
    Page("retention", "demo-security", lambda _: "/settings/retention/"),
    Page("retention-period", "demo-security", lambda _: "/settings/retention/sign_ins/"),
    Page("audit", "demo-audit", lambda _: "/audit/?kind=sign_in"),
    Page("account", "demo-liaison", lambda _: "/account/"),
    Page("password", "demo-liaison", lambda _: "/account/password/"),
    Page("second-factor", "demo-liaison", lambda _: "/account/second-factor/"),
)
