"""All scripts, by the name of their use case; steps of cases without one of their own are found by trying."""

from lianshang.cases import services
from lianshang.cases.flow import FLOW
from lianshang.cases.tests.walker import CALLS
from tests.crash.core import CORE
from tests.crash.of_cases import OF_CASES, OF_COMPLAINTS, OF_UNITS
from tests.crash.of_chain import OF_CHAIN
from tests.crash.of_organizations import OF_ORGANIZATIONS
from tests.crash.of_reports import OF_REPORTS
from tests.crash.of_settings import OF_SETTINGS
from tests.crash.registry import use_cases
from tests.crash.scripts import Script, of_case

WRITTEN = {
    script.name: script
    for script in (*CORE, *OF_CASES, *OF_COMPLAINTS, *OF_UNITS, *OF_SETTINGS, *OF_CHAIN, *OF_REPORTS, *OF_ORGANIZATIONS)
}
PLACE = "cases.services."


def script_of(name: str) -> Script | None:
    """Return how the use case is brought about, None where nobody has said."""
    if name in WRITTEN:
        return WRITTEN[name]
    verb = name.removeprefix(PLACE)
    known = hasattr(services, verb) and (verb in FLOW.transitions or verb in CALLS)
    return of_case(verb) if name.startswith(PLACE) and known else None


def names() -> list[str]:
    return sorted({*use_cases(), *WRITTEN})


def missing() -> list[str]:
    return [name for name in sorted(use_cases()) if script_of(name) is None]
