"""What the site has: every route with its methods, every step of a case and of a theme. Read from the product."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from lianshang.cases.forms.staff import FORMS
from lianshang.cases.forms.themes import FORMS as THEME_FORMS
from lianshang.cases.views.receipt import ACTS
from lianshang.directory.models import Role
from tests.access.table import METHODS, Table

STEPS = {"cases:act": FORMS, "cases:theme-act": THEME_FORMS, "cases:receipt-act": ACTS}  # routes that are many actions


def routes() -> dict[str, URLPattern]:
    """Return `package:name` → pattern. A route without a name is called by what it matches, so that it is seen too."""
    return dict(_under(get_resolver().url_patterns, ""))


def _under(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _under(one.url_patterns, one.namespace or space)
        else:
            yield f"{space}:{one.name or one.pattern}", one


def actions() -> list[str]:
    """Return `route METHOD`, and `route step METHOD` where one route has many steps."""
    names = [f"{route} {step}" for route in routes() for step in STEPS.get(route, ())]
    names += [route for route in routes() if route not in STEPS]
    return [f"{name} {method}" for name in names for method in METHODS]


def unruled(table: Table) -> list[str]:
    """Say what of the site the table does not decide, and what it decides that the site does not have."""
    site, plain = actions(), {_plain(action) for action in table.actions}
    told = [_line(action) for action in site if action not in plain]
    told += [
        f"the site has no “{action}” (any more): take it out of rules_actions.yaml" for action in plain - set(site)
    ]
    roles = set(table.roles.values()) - {"visitor"}
    told += [
        f"UNDECIDED: the role “{role}” stands nowhere. Give it a letter in tests/access/rules.yaml, and write that letter on "
        "every line of the rights."
        for role in sorted({str(role) for role in Role.values} - roles)
    ]
    return told + [
        f"there is no role “{role}” (any more): take its letter out" for role in sorted(roles - set(Role.values))
    ]


def _plain(action: str) -> str:
    """The action without the bracket that tells several objects of one route apart."""
    before, bracket, after = action.partition(" (")
    return before + after.partition(")")[2] if bracket else action


def _line(action: str) -> str:
    return (
        f"UNDECIDED: {action} has no rule. Add a line `{action}: NAME OF A RIGHT` to tests/access/rules_actions.yaml (GET and "
        f"POST each; `no such method` where the method is refused), with a right of rules.yaml or rules_cases.yaml, or a new "
        "one; where the address has arguments, say in tests/access/targets.py which object it is about."
    )
