"""Which object an action is about in which relation, the like address of nothing at all, and what a valid body says.

A page without arguments needs no line here: its form is filled in as it stands. `SENT` says what must be said otherwise.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.urls import reverse

from tests.access import bodies, chains, objects
from tests.access.asked import NO_NUMBER, NOBODYS, Target, keyed
from tests.access.bodies import SENT, WITHOUT_FORM
from tests.access.cases import BEFORE, case_at
from tests.access.objects import owner
from tests.access.world import World

MADE_UP, ALSO_MADE_UP = "zzzz2222zzzz", "yyyy3333yyyy"


Maker = Callable[[World, str, str, str], Target]  # (world, kind of thing, relation, role)
MAKERS: dict[str, Maker] = {}


def about(*actions: str) -> Callable[[Maker], Maker]:
    def keep(maker: Maker) -> Maker:
        MAKERS.update(dict.fromkeys(actions, maker))
        return maker

    return keep


def target(world: World, action: str, thing: str, relation: str, role: str) -> Target:
    """Return what is asked for. Raises LookupError for an address with arguments that nobody has said the object of."""
    name, method = action.rsplit(" ", 1)
    maker = MAKERS.get(action) or MAKERS.get(name) or MAKERS.get(name.split()[0])
    found = maker(world, thing, relation, role) if maker else Target(reverse(name.split()[0]))
    if name.split()[0] in STEPPED:
        found = _at_step(found, name.split()[1])
    if method == "POST":
        body = dict(SENT.get(action, {})) | dict(found.body)
        body |= {key: value(world) for key, value in body.items() if callable(value)}
        form = "" if action in WITHOUT_FORM and found.form is None else found.form
        found = replace(found, body=body, form=form)
    return found


STEPPED = ("cases:act", "cases:theme-act", "cases:receipt-act")


def _at_step(found: Target, step: str) -> Target:
    form = f"{found.form}{step}/" if found.form else found.form
    return replace(found, path=f"{found.path}{step}/", twin=f"{found.twin}{step}/", form=form)


# -- cases ------------------------------------------------------------------------------------------------------------

STAGE_OF = {
    "new": "fresh",
    "ended": "closed",
    "noted": "noted",
    "joined": "joined",
    "open": "documented",
    "sealed": "documented",
}


def is_sealed(thing: str) -> bool:
    return "sealed" in thing


@about("cases:detail", "cases:order", "cases:documents")
def _of_case(world: World, thing: str, relation: str, role: str) -> Target:
    case = case_at(world, STAGE_OF[thing.split(maxsplit=1)[0]], sealed=is_sealed(thing))
    return Target(f"/cases/{case.key}/", f"/cases/{NOBODYS}/", marks=(str(case.key), str(NOBODYS)))


def _part(rest: str) -> Maker:
    def make(world: World, thing: str, relation: str, role: str) -> Target:
        whole = _of_case(world, thing, relation, role)
        return replace(whole, path=f"{whole.path}{rest}", twin=f"{whole.twin}{rest}")

    return make


MAKERS |= {
    "cases:order": _part("order/"),
    "cases:documents": _part("documents/"),
    "cases:document": _part("documents/1/"),
    "cases:file": _part("files/1/"),
    "cases:words": _part("words/"),
}


def _step(verb: str) -> Maker:
    def make(world: World, thing: str, relation: str, role: str) -> Target:
        sealed = is_sealed(thing)
        case = case_at(world, BEFORE.get(verb, "progressing"), sealed=sealed)
        body = bodies.of_step(verb, world, relation, sealed=sealed)
        return Target(f"/cases/{case.key}/do/", f"/cases/{NOBODYS}/do/", marks=(str(case.key), str(NOBODYS)), body=body)

    return make


# -- codes ------------------------------------------------------------------------------------------------------------


def _coded(prefix: str, code: Callable[[World], str], rest: str = "", **more: Any) -> Maker:
    """With the code its page; else a made-up one, beside another made-up one."""

    def make(world: World, thing: str, relation: str, role: str) -> Target:
        right = code(world)
        wrong, other = (f"{right.partition('-')[0]}-{one}" for one in (MADE_UP, ALSO_MADE_UP))
        given = right if relation == "code" else wrong
        made = Target(f"{prefix}{given}/{rest}", f"{prefix}{other}/{rest}", marks=(given, other), **more)
        return made if relation == "code" else replace(made, form=f"{prefix}{right}/{rest}")

    return make


def _door(world: World) -> str:
    return f"{world.park.code}-{world.park.whistle_token}"


MAKERS |= {
    "cases:whistle": _coded("/w/", _door),
    "cases:whistle-sealed": _coded("/w/", _door, "sealed/"),
    "cases:mine-enterprise": _coded("/mine/", lambda world: f"{world.park.code}-{world.enterprise.mine_token}"),
    "cases:receipt": _coded("/r/", lambda world: objects.receipt_code(world, "documented")),
    "cases:receipt-file": _coded("/r/", lambda world: objects.receipt_code(world, "documented"), "files/1/"),
    "cases:receipt-proof": _coded("/r/", lambda world: objects.receipt_code(world, "documented"), "proof/"),
    "cases:draft": _coded("/t/", objects.draft_code),
}


def _receipt_step(verb: str) -> Maker:
    stage = "called" if verb in ("confirm", "reject") else "progressing"
    return _coded("/r/", lambda world: objects.receipt_code(world, stage, sealed=verb == "ask_recusal"))


MAKERS |= {f"cases:receipt-act {verb}": _receipt_step(verb) for verb in bodies.RECEIPT_STEPS}


@about("cases:own-alike")
def _own_alike(world: World, thing: str, relation: str, role: str) -> Target:
    given = _door(world) if relation == "code" else "ZZ-none"
    return Target(f"/w/{given}/alike/", "/w/YY-none/alike/", form="", marks=("ZZ-none", "YY-none"))


@about("cases:mine POST")
def _mine(world: World, thing: str, relation: str, role: str) -> Target:
    right, wrong, other = objects.receipt_code(world, "documented"), f"LZ-{MADE_UP}", f"LZ-{ALSO_MADE_UP}"
    given = right if relation == "code" else wrong
    return Target("/mine/", "/mine/", form="", body={"code": given}, twin_body={"code": other}, marks=(given, other))


@about("cases:wecom-callback")
def _callback(world: World, thing: str, relation: str, role: str) -> Target:
    path, raw = bodies.wecom_message(world, right=relation == "code")
    return Target(path, "/hooks/wecom/ZZ/", form="", raw=raw)


MAKERS["cases:wecom-callback GET"] = lambda world, thing, relation, role: Target(
    bodies.wecom_question(world, right=relation == "code"), "/hooks/wecom/ZZ/"
)

# -- what is somebody's own -------------------------------------------------------------------------------------------


@about("directory:absences (for somebody)")
def _absence_of(world: World, thing: str, relation: str, role: str) -> Target:
    person = world.people[role, "school"] if role != "visitor" else owner(world, "auditor")
    page = reverse("directory:absences")
    deputy = world.people["auditor" if role != "auditor" else "dispatcher", "school#2"].pk
    body = {"deputy": deputy, "since": "2026-11-12", "until": "2026-11-13"}
    return Target(
        f"{page}?person={person.pk}",
        f"{page}?person={NO_NUMBER}",
        form="",
        body=body,
        marks=(str(person.pk), str(NO_NUMBER)),
    )


def _owned(route: str, make: Callable[[World, str], Any], key: str, absent: object = NOBODYS, **more: Any) -> Maker:
    """What belongs to the person in this role at the school; a visitor asks for the auditor's."""

    def maker(world: World, thing: str, relation: str, role: str) -> Target:
        found = make(world, "auditor" if role == "visitor" else role)
        return keyed(route, getattr(found, key), absent, **more)

    return maker


MAKERS |= {
    "directory:absence-end": _owned("directory:absence-end", objects.absence, "pk", NO_NUMBER, form=""),
    "notices:open": _owned("notices:open", objects.notice, "sequence", NO_NUMBER, form=""),
    "cases:interest-end": _owned("cases:interest-end", objects.interest, "pk", NO_NUMBER),
    "cases:view-change": _owned("cases:view-change", objects.view, "pk", NO_NUMBER),
    "cases:view-drop": _owned("cases:view-drop", objects.view, "pk", NO_NUMBER, form=""),
    "cases:export-job": _owned("cases:export-job", objects.export, "key"),
    "cases:export-file": _owned("cases:export-file", objects.export, "key"),
    "cases:noted": lambda world, thing, relation, role: bodies.note_token(world, role, keyed),
}
for _name, _stage in (("job", "checked"), ("store", "checked"), ("errors", "faulty"), ("marked", "faulty")):
    MAKERS[f"cases:import-{_name}"] = _owned(
        f"cases:import-{_name}", lambda world, role, stage=_stage: objects.import_job(world, role, stage), "key"
    )


@about("cases:import-match")
def _matched(world: World, thing: str, relation: str, role: str) -> Target:
    """Its form stands on the page of the job."""
    key = objects.import_job(world, "auditor" if role == "visitor" else role, "matching").key
    return keyed("cases:import-match", key, form=f"/import/{key}/")


def _drafted(name: str) -> Maker:
    """The addresses that name drafts in their words."""

    def maker(world: World, thing: str, relation: str, role: str) -> Target:
        key = objects.draft(world, owner(world, "auditor" if role == "visitor" else role)).key
        page, marks = reverse(name), (str(key), str(NOBODYS))
        return Target(
            f"{page}?d={key}", f"{page}?d={NOBODYS}", body={"d": str(key)}, twin_body={"d": str(NOBODYS)}, marks=marks
        )

    return maker


MAKERS |= {f"cases:draft-{name}": _drafted(f"cases:draft-{name}") for name in ("choose", "aside", "register")}


@about("cases:draft-back")
def _settled(world: World, thing: str, relation: str, role: str) -> Target:
    made = objects.draft(world, owner(world, "auditor" if role == "visitor" else role), settled=True)
    return keyed("cases:draft-back", made.key, form="")


@about("cases:draft-back (sealed)")
def _sealed_back(world: World, thing: str, relation: str, role: str) -> Target:
    own = relation == "own" and role != "visitor"
    by = owner(world, role) if own else world.people["dispatcher", "office"]
    return keyed("cases:draft-back", objects.sealed_draft(world, by).key, form="")


# -- what the park shares ---------------------------------------------------------------------------------------------


@about("cases:theme")
def _theme(world: World, thing: str, relation: str, role: str) -> Target:
    return keyed("cases:theme", objects.theme(world).key)


def _theme_step(verb: str) -> Maker:
    state = {"send_back": "closing", "reopen": "closed"}.get(verb, "open")

    def maker(world: World, thing: str, relation: str, role: str) -> Target:
        key = objects.theme(world, state).key
        body = bodies.of_theme(verb, world)
        return Target(f"/themes/{key}/do/", f"/themes/{NOBODYS}/do/", marks=(str(key), str(NOBODYS)), body=body)

    return maker


def _shared(route: str, key: Callable[[World], object], absent: object = NO_NUMBER, **more: Any) -> Maker:
    return lambda world, thing, relation, role: keyed(route, key(world), absent, **more)


MAKERS |= {
    "notices:robot": _shared("notices:robot", lambda world: objects.robot(world).pk),
    "cases:profile-version": _shared("cases:profile-version", objects.profile_version),
    "cases:calendar-version": _shared("cases:calendar-version", objects.calendar_version),
    "cases:calendar-version (nation)": _shared("cases:calendar-version", bodies.national_version),
    "cases:calendar-unit": _shared("cases:calendar-unit", lambda world: world.units["roads"].pk),
}
for _press in ("test", "pause", "resume"):
    MAKERS[f"notices:robot-{_press}"] = _shared(
        f"notices:robot-{_press}", lambda world: objects.robot(world).pk, form=""
    )


def _somebody(world: World) -> int:
    """Somebody about whom nothing else here is asked."""
    return world.people["centre_staff", "tax"].pk


MAKERS |= {
    "directory:person": _shared("directory:person", _somebody),
    "directory:person-opened": _shared("directory:person-opened", _somebody),
    "directory:person-noted": lambda world, thing, relation, role: keyed(
        "directory:person-noted", _somebody(world), NO_NUMBER
    ),
    "directory:post-end": _shared("directory:post-end", objects.post, form=""),
    "directory:sign-in-end": _owned("directory:sign-in-end", objects.sign_in, "pk", NO_NUMBER, form=""),
    "directory:retention-period": lambda world, thing, relation, role: Target("/settings/retention/sign_ins/"),
    "directory:retention-erase": lambda world, thing, relation, role: Target(
        "/settings/retention/sign_ins/erase/", form=""
    ),
    "directory:second-factor": lambda world, thing, relation, role: Target(
        reverse("directory:second-factor"), live=bodies.code_of
    ),
}


def _pressed(what: str) -> Maker:
    def maker(world: World, thing: str, relation: str, role: str) -> Target:
        pk = objects.closed_account(world) if what == "reopen" else _somebody(world)
        return Target(f"/people/{pk}/{what}/", f"/people/{NO_NUMBER}/{what}/", form="", marks=(str(pk), str(NO_NUMBER)))

    return maker


MAKERS |= {
    f"directory:press ({what})": _pressed(what) for what in ("close", "reopen", "reset", "unlock", "drop-factor")
}


FIGURE = "/figures/cases.intake/"
MAKERS["indicators:figure"] = lambda *_: Target(FIGURE)
MAKERS["indicators:sheet"] = lambda *_: Target(f"{FIGURE}sheet/")
for page in ("indicators:publication", "indicators:correct"):
    MAKERS[page] = lambda world, *_, page=page: keyed(page, objects.publication(world).key)


@about("indicators:frozen")
def _frozen(world: World, thing: str, relation: str, role: str) -> Target:
    found = MAKERS["indicators:publication"](world, thing, relation, role)
    return replace(found, path=f"{found.path}cases.intake/", twin=f"{found.twin}cases.intake/")


@about("cases:catalogue-version", "cases:catalogue-entry", "cases:catalogue-draft", "cases:catalogue-download")
def _catalogue(world: World, thing: str, relation: str, role: str) -> Target:
    """Edition 1, or what there is to do with the draft."""
    objects.catalogue_in_force(world)
    return keyed("cases:catalogue-version", 1, NO_NUMBER)


MAKERS["cases:catalogue-entry"] = lambda world, thing, relation, role: replace(
    _catalogue(world, thing, relation, role), path="/settings/catalogue/draft/1/", twin="", marks=("", "")
)
MAKERS["cases:catalogue-draft"] = MAKERS["cases:catalogue-download"] = lambda world, thing, relation, role: replace(
    _catalogue(world, thing, relation, role), path=reverse("cases:catalogue-draft"), twin="", marks=("", "")
)


def _named(page: str, field_: str, value: Callable[[World], str], absent: str, *, sent: bool) -> Maker:
    """A thing that is named in the form, or in the question of the address."""

    def maker(world: World, thing: str, relation: str, role: str) -> Target:
        path, given = reverse(page), value(world)
        if sent:
            return Target(path, path, form="", body={field_: given}, twin_body={field_: absent}, marks=(given, absent))
        return Target(f"{path}?{field_}={given}", f"{path}?{field_}={absent}", marks=(given, absent))

    return maker


_EDITION = "version:999999"
MAKERS |= {
    "cases:import-undo": _named(
        "cases:import-undo", "batch", lambda world: str(objects.batch(world)), "999999", sent=True
    ),
    "cases:profile-adopt (edition)": _named(
        "cases:profile-adopt", "source", lambda world: f"version:{objects.profile_version(world)}", _EDITION, sent=True
    ),
    "cases:profile-download (edition)": _named(
        "cases:profile-download",
        "from",
        lambda world: f"version:{objects.profile_version(world)}",
        _EDITION,
        sent=False,
    ),
    "cases:profile-download": lambda world, thing, relation, role: Target(
        "/settings/profiles/download/?from=preset:default"
    ),
    "cases:profile-shipped": lambda world, thing, relation, role: Target("/settings/profiles/shipped/default/"),
    "cases:names": lambda world, thing, relation, role: Target("/cases/new/names/?q=示范"),
}


@about("cases:document-template", "cases:document-template-download", "cases:document-template-revert")
def _template(world: World, thing: str, relation: str, role: str) -> Target:
    objects.own_template(world)
    return Target("/settings/documents/order/")


MAKERS["cases:document-template-download"] = lambda world, thing, relation, role: Target(
    "/settings/documents/order/download/"
)
MAKERS["cases:document-template-revert"] = lambda world, thing, relation, role: replace(
    _template(world, thing, relation, role), path="/settings/documents/reply/revert/", form=""
)

MAKERS |= chains.MAKERS
MAKERS |= {f"cases:act {verb}": _step(verb) for verb in bodies.STEPS}
MAKERS |= {f"cases:theme-act {verb}": _theme_step(verb) for verb in bodies.THEME_STEPS}
