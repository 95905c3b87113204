"""Who may draw which document of a case, and what has to be there before: a document only says what is on record."""

from collections.abc import Callable
from dataclasses import dataclass

from lianshang.cases import roles
from lianshang.cases.models import Case, CaseEvent, DocumentKind
from lianshang.directory.actors import Actor
from lianshang.kernel.refusals import Hidden, Refused


@dataclass(frozen=True)
class Kind:
    """`verb`: the step that the document tells of. `names_reporter`: not for sealed cases."""

    name: str
    allows: Callable[[Actor, Case], bool]
    verb: str
    without: str
    names_reporter: bool = False

    @property
    def label(self) -> str:
        return DocumentKind(self.name).label


def _handles(actor: Actor, case: Case) -> bool:
    """The office, who oversees, and the units that take part."""
    return roles.oversees(actor, case) or roles.takes_part(actor, case) or roles.replies(actor, case)


def _consults(actor: Actor, case: Case) -> bool:
    return roles.directs_or_leads(actor, case) or roles.heads(actor, case)


KINDS = {
    kind.name: kind
    for kind in (
        Kind(DocumentKind.ORDER, _handles, "dispatch", "还没有派单。派单后才有交办单。"),
        Kind(DocumentKind.URGING, roles.oversees, "urge", "还没有催办过。请先催办，再生成催办单。"),
        Kind(DocumentKind.SUPERVISION, roles.oversees, "supervise", "还没有督办过。请先督办，再生成督办单。"),
        Kind(DocumentKind.REPLY, roles.directs_or_replies, "answer", "还没有答复。答复后才有答复函。", names_reporter=True),
        Kind(DocumentKind.CONSULTATION, _consults, "consult", "还没有提请会商。请先会商，再生成会商通知。", names_reporter=True),
    )
}  # fmt: skip


def offered(case: Case, actor: Actor, verbs: set[str]) -> list[Kind]:
    """Return what this actor may draw now. `verbs`: steps that the case has behind it."""
    return [kind for kind in KINDS.values() if may_draw(kind, case, actor) and kind.verb in verbs]


def may_draw(kind: Kind, case: Case, actor: Actor) -> bool:
    return kind.allows(actor, case) and not (case.sealed and kind.names_reporter)


def check(name: str, case: Case, actor: Actor) -> CaseEvent:
    """Return the step that the document tells of. Raises `Hidden` for whom it is no business of, `Refused` where it cannot be."""
    kind = KINDS.get(name)
    if kind is None or not kind.allows(actor, case):
        raise Hidden
    if case.sealed and kind.names_reporter:
        raise Refused(f"保密件不出{kind.label}：它会写明是谁反映的。结果请在回执页上告知。")
    told = case.events.filter(verb=kind.verb).select_related("actor", "actor_unit", "unit").order_by("-ordinal").first()
    if told is None:
        raise Refused(kind.without)
    if name == DocumentKind.REPLY and not (case.enterprise_id or case.enterprise_name):
        raise Refused("这件诉求没有署名，答复函没有主送单位。结果请在回执页上告知。")
    return told
