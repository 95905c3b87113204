"""How the code is laid out, held by reading it: who may import whom, how long things are, what is refused altogether."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter

import pytest

from tests.tree import CODE, Place, Source, found, none, product, sources, texts

# A package may import what stands in its line. What stands on top may import everything, and nothing imports it.
MAY_IMPORT = {
    "compat": (),
    "kernel": ("compat",),
    "papers": ("compat", "kernel"),
    "directory": ("compat", "kernel"),
    "enterprises": ("compat", "kernel", "directory"),
    "indicators": ("compat", "kernel", "directory", "enterprises"),
    "notices": ("compat", "kernel", "directory", "enterprises"),
    "cases": ("compat", "kernel", "papers", "directory", "enterprises", "indicators", "notices"),
    "chain": ("compat", "kernel", "directory", "enterprises", "indicators", "notices"),
    "organizations": ("compat", "kernel", "directory", "enterprises", "indicators", "notices"),
}
ON_TOP = ("reports", "web", "config", "__main__")
ANYBODY = ("__version__",)
# What tests may import beside it.
TESTS_MAY = {
    "lianshang.directory": "rows belong to a park, so every test of rows needs one, with people in it",
    "lianshang.config.seed": "clocks need the nation's calendar in the database",
}

MOST_LINES, MOST_TEST_LINES, MOST_FUNCTION_LINES = 300, 400, 40
LONGER = {
    "lianshang/cases/flow.py": (470, "one table; the formatter gives each transition some eight lines"),
}
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "misc", "shortcuts"}

REFUSED_IMPORTS = {
    "django.contrib.contenttypes.fields": "generic foreign keys: an event or a file is a concrete table of its subject",
    "django.db.models.signals": "signals for our own logic: call the service",
    "django.dispatch": "signals for our own logic: call the service",
    "django.utils.safestring.mark_safe": "use format_html, which escapes",
    "django.utils.translation.gettext": "one language: Chinese stands inline",
    "celery": "due work is rows, claimed with a lease",
}
CLOCKS = {
    *(f"timezone.{name}" for name in ("now", "localdate", "localtime")),
    *(f"datetime.{name}" for name in ("now", "utcnow", "today")),
    *("date.today", "time.time", "datetime.datetime.now", "datetime.date.today"),
}
WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete", "fire"}


def imports_of_ours() -> Iterator[tuple[Source, ast.AST, str, str]]:
    """Yield (source, node, package imported, its dotted name) for every import of one of our packages by another."""
    for source in sources():
        for node, name in source.imports():
            if name.startswith("lianshang."):
                package = name.split(".")[1]
                if package not in (source.package, *ANYBODY):
                    yield source, node, package, name


def allowed(source: Source, package: str, name: str) -> bool:
    if source.package in (*ON_TOP, "tests"):
        return True
    by_a_test = source.is_test and any(f"{name}.".startswith(f"{known}.") for known in TESTS_MAY)
    return by_a_test or package in MAY_IMPORT.get(source.package, ())


def test_packages_import_only_what_stands_below_them():
    forbidden = [
        source.at(node, f"{source.package} imports {name}")
        for source, node, package, name in imports_of_ours()
        if not allowed(source, package, name)
    ]

    none(forbidden)


def test_packages_are_acyclic():
    graph: dict[str, set[str]] = defaultdict(set)
    for source, _, package, _ in imports_of_ours():
        if not source.is_test:
            graph[source.package].add(package)

    order = list(TopologicalSorter(graph).static_order())

    assert set(order) <= {*MAY_IMPORT, *ON_TOP}


def test_every_package_stands_in_the_table():
    packages = {path.parent.name for path in CODE.glob("*/__init__.py")}

    assert packages - {*MAY_IMPORT, *ON_TOP} == set()


def test_every_package_says_what_it_is():
    silent = [
        Place(source.name, 1, "the package has no docstring")
        for source in product()
        if source.path.name == "__init__.py" and not ast.get_docstring(source.tree)
    ]

    none(silent)


def test_files_stay_short():
    long = []
    for source in sources():
        most = MOST_TEST_LINES if source.is_test else MOST_LINES
        most, _ = LONGER.get(source.name, (most, ""))
        if source.length > most:
            long.append(Place(source.name, source.length, f"{source.length} lines, at most {most}: split it by noun"))

    none(long)


def test_functions_stay_short():
    long = [
        source.at(node, f"{node.name} has {length} lines, at most {MOST_FUNCTION_LINES}")
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > MOST_FUNCTION_LINES
    ]

    none(long)


def test_files_are_named_after_what_they_hold():
    vague = [Place(source.name, 1, "says nothing") for source in sources() if source.path.stem in NO_NAMES]

    none(vague)


@pytest.mark.parametrize(("module", "instead"), REFUSED_IMPORTS.items(), ids=list(REFUSED_IMPORTS))
def test_refused_imports_are_absent(module, instead):
    there = [
        source.at(node, f"{name}; {instead}")
        for source in sources()
        for node, name in source.imports()
        if name == module or name.startswith((f"{module}.", f"{module}_"))
    ]

    none(there)


def test_text_is_trusted_as_html_only_where_it_is_a_constant():
    trusted = [
        source.at(call, ast.unparse(call))
        for source in product()
        for call in source.calls()
        if ast.unparse(call.func).endswith("SafeString") and not all(isinstance(arg, ast.Constant) for arg in call.args)
    ]

    none(trusted)


def test_locks_name_the_table_they_lock():
    unnamed = [
        source.at(call, "select_for_update without of=")
        for source in product()
        for call in source.calls()
        if ast.unparse(call.func).endswith(".select_for_update") and "of" not in {word.arg for word in call.keywords}
    ]

    none(unnamed)


def reads_the_clock(source: Source) -> bool:
    """Views and what surrounds them, commands, and the worker's loop. All else is told the time."""
    view = "views" in source.path.parts or source.path.name in ("views.py", "middleware.py")
    return source.package in ON_TOP or view or source.name == "lianshang/kernel/outbox.py"


def recordings(source: Source) -> set[ast.AST]:
    """`recorded_at=timezone.now()`: when we were told is the clock's own, as the field's default says."""
    return {word.value for call in source.calls() for word in call.keywords if word.arg == "recorded_at"}


def owed_work(source: Source) -> set[ast.AST]:
    """Everything inside what the worker calls itself: functions registered with the outbox."""
    called = [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef) and any("outbox" in ast.unparse(mark) for mark in node.decorator_list)
    ]
    return {inner for node in called for inner in ast.walk(node)}


def test_time_is_an_argument():
    """A field's default may name the clock: it is not called where it stands."""
    read = [
        source.at(call, f"{ast.unparse(call)}: take `at` or `now` as an argument")
        for source in product()
        if not reads_the_clock(source)
        for call in source.calls()
        if ast.unparse(call.func) in CLOCKS and not call.args and call not in owed_work(source) | recordings(source)
    ]

    none(read)


def views() -> list[Source]:
    return [source for source in product() if "views" in source.path.parts or source.path.name.startswith("views")]


def test_views_write_through_services():
    written = [
        source.at(call, f".{call.func.attr}() in a view: call a service")
        for source in views()
        for call in source.calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr in WRITES
    ]

    none(written)


def test_views_get_cases_through_access_or_queries():
    direct = [
        source.at(node, "Case.objects in a view: a case is had from access or a query module")
        for source in views()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "Case.objects"
    ]

    none(direct)


def sets_the_state(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        targets = [
            one for target in node.targets for one in (target.elts if isinstance(target, ast.Tuple) else [target])
        ]
        return any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets)
    updates = isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".update")
    return updates and "state" in {word.arg for word in node.keywords}


def test_a_state_is_changed_by_the_flow_alone():
    changed = [
        source.at(node, ast.unparse(node)[:60])
        for source in product()
        if source.name != "lianshang/kernel/flow.py"
        for node in ast.walk(source.tree)
        if sets_the_state(node)
    ]

    none(changed)


def test_no_registry_or_workplace_is_named():
    """Hosts stand in nobody's lock file or script: the clients know them, or an institution's own mirror is set."""
    hosts = "|".join(rf"{name}\.org" for name in ("pypi", "npmjs", "pythonhosted", "debian", "ubuntu"))
    workplace = r"/wor" r"k/|\bshare" r"d/"

    none([*found(hosts, texts()), *found(workplace, texts())])


def test_nothing_is_left_standing():
    none(found(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b", [source for source in texts() if source.path.suffix != ".json"]))
