"""三员分立: who may do what to people, accounts, posts and locks; nobody holds two, whoever writes the row."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_scopes import scope

from lianshang.directory import accounts, appointments, second_factor, throttle
from lianshang.directory.accounts import Facts
from lianshang.directory.appointments import Rules
from lianshang.directory.models import ADMINISTRATORS, Account, AuditRecord, Person, Post, Role, SecurityRules
from lianshang.directory.tests.offices import NOON, TODAY, Office, browser, make_account, make_office
from lianshang.directory.tests.test_second_factor import begun
from lianshang.kernel.refusals import Hidden, Refused

WHO = ("system", "security", "audit", "clerk")


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    made = make_office()
    with scope(park=made.park):
        yield made


def post(
    office: Office, role: str, since: date = TODAY, until: date | None = None, person: Person | None = None
) -> Post:
    return Post.objects.create(
        park=office.park, person=person or office.system.person, unit=office.unit, role=role, since=since, until=until
    )


DEEDS = {
    "add": ("system", lambda o, a: accounts.add(Facts("李新"), "lixin", actor=a, at=NOON)),
    "change": ("system", lambda o, a: accounts.change(o.clerk.person, Facts("周明"), actor=a, at=NOON)),
    "close": ("system", lambda o, a: accounts.close(o.clerk, actor=a, at=NOON)),
    "reopen": ("system", lambda o, a: accounts.reopen(o.clerk, actor=a, at=NOON)),
    "reset": ("system", lambda o, a: accounts.reset(o.clerk, actor=a, at=NOON)),
    "appoint": (
        "security",
        lambda o, a: appointments.appoint(o.clerk.person, o.unit, "liaison", since=TODAY, actor=a, at=NOON),
    ),
    "end_post": (
        "security",
        lambda o, a: appointments.end_post(Post.objects.get(person=o.clerk.person), actor=a, at=NOON),
    ),
    "keep_rules": ("security", lambda o, a: appointments.keep_rules(Rules(TODAY, 60, 8), actor=a, at=NOON)),
    "unlock": ("security", lambda o, a: appointments.unlock(o.clerk, actor=a, at=NOON)),
    "drop_second_factor": ("security", lambda o, a: appointments.drop_second_factor(o.clerk, actor=a, at=NOON)),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_is_one_administrators_and_on_record(office: Office, deed: str) -> None:
    whose, do = DEEDS[deed]

    for who in WHO:
        if who != whose:
            with pytest.raises(Hidden), transaction.atomic():
                do(office, office.actor(who))
    nothing = AuditRecord.objects.count()
    do(office, office.actor(whose))

    assert nothing == 0
    assert set(AuditRecord.objects.values_list("person", flat=True)) == {getattr(office, whose).person.pk}


@pytest.mark.parametrize(
    ("page", "open_to"),
    [
        ("/people/", {"system", "security"}),
        ("/people/add/", {"system"}),
        ("/people/{clerk}/", {"system", "security"}),
        ("/people/{clerk}/opened/", {"system", "security"}),
        ("/settings/sign-in/", {"security"}),
        ("/audit/", {"audit"}),
        ("/cases/", {"clerk"}),
        ("/settings/profiles/", {"system", "clerk"}),
    ],
)
def test_each_page_opens_to_its_own_alone(office: Office, page: str, open_to: set[str]) -> None:
    address = page.format(clerk=office.clerk.person.pk)

    answers = {who: browser(getattr(office, who)).get(address).status_code for who in WHO}

    assert answers == {who: 200 if who in open_to else 404 for who in WHO}


def test_people_of_another_park_do_not_exist(office: Office) -> None:
    other = make_office("QX")
    client = browser(office.system)

    assert client.get(f"/people/{other.clerk.person.pk}/").status_code == 404
    assert client.post(f"/people/{other.clerk.person.pk}/reset/").status_code == 404
    with pytest.raises(Hidden):
        accounts.reset(other.clerk, actor=office.actor("system"), at=NOON)


@pytest.mark.parametrize("first", ADMINISTRATORS)
@pytest.mark.parametrize("second", ADMINISTRATORS)
def test_nobody_holds_two_administrations_in_the_database(office: Office, first: str, second: str) -> None:
    person = make_account(office.unit, "新").person
    post(office, first, person=person)

    if first == second:
        post(office, second, person=person)
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            post(office, second, person=person)


def test_an_update_is_refused_like_a_new_row(office: Office) -> None:
    person = make_account(office.unit, "新").person
    post(office, Role.ADMINISTRATOR, person=person)
    other = post(office, Role.LIAISON, person=person)

    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=other.pk).update(role=Role.AUDIT_ADMIN)


def test_one_after_the_other_is_allowed(office: Office) -> None:
    person = make_account(office.unit, "新").person
    post(office, Role.ADMINISTRATOR, until=TODAY, person=person)

    post(office, Role.AUDIT_ADMIN, since=TODAY + timedelta(days=1), person=person)

    assert person.posts.count() == 2


def test_the_service_says_why_in_words(office: Office) -> None:
    with pytest.raises(Refused, match="互相监督"):
        appointments.appoint(
            office.audit.person, office.unit, Role.ADMINISTRATOR, since=TODAY, actor=office.actor("security"), at=NOON
        )


def test_nobody_appoints_or_resets_themselves(office: Office) -> None:
    security, system = office.actor("security"), office.actor("system")

    with pytest.raises(Refused, match="不能给自己"):
        appointments.appoint(office.security.person, office.unit, "liaison", since=TODAY, actor=security, at=NOON)
    with pytest.raises(Refused, match="不能结束自己"):
        appointments.end_post(Post.objects.get(person=office.security.person), actor=security, at=NOON)
    with pytest.raises(Refused, match="自己的账号"):
        accounts.close(office.system, actor=system, at=NOON)


def test_the_last_who_can_sign_in_for_an_administration_stays(office: Office) -> None:
    last, security, system = (
        Post.objects.get(person=office.audit.person),
        office.actor("security"),
        office.actor("system"),
    )
    shut = make_account(office.unit, "停", Role.AUDIT_ADMIN, is_active=False)

    with pytest.raises(Refused, match="最后一位"):
        accounts.close(office.audit, actor=system, at=NOON)
    with pytest.raises(Refused, match="最后一位"):
        appointments.end_post(last, actor=security, at=NOON)
    accounts.reopen(shut, actor=system, at=NOON)
    accounts.close(office.audit, actor=system, at=NOON)
    appointments.end_post(last, actor=security, at=NOON)

    with pytest.raises(Refused, match="最后一位"):
        accounts.close(shut, actor=system, at=NOON)


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_of_two_who_appoint_at_once_one_is_refused() -> None:
    office = make_office()
    with scope(park=office.park):
        person = make_account(office.unit, "新").person
    barrier, refused = threading.Barrier(2), []

    def write(role: str) -> None:
        try:
            with scope(park=office.park), transaction.atomic():
                barrier.wait(timeout=20)
                post(office, role, person=person)
        except IntegrityError:
            refused.append(role)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(role,)) for role in ADMINISTRATORS[:2]]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(refused) == 1


def test_a_person_is_added_gets_a_post_and_signs_in(office: Office) -> None:
    system, security = browser(office.system), browser(office.security)

    added = system.post("/people/add/", {"name": "李新", "username": "lixin", "title": "联络员"}, follow=True)
    person = added.context["person"]
    shown, again = added.context["password"], system.get(f"/people/{person.pk}/").context["password"]
    system.post(f"/people/{person.pk}/noted/")
    form = {"role": "liaison", "unit": office.unit.pk, "since": "2026-01-01"}
    given = security.post(f"/people/{person.pk}/", form, follow=True)

    assert shown == again != ""
    assert system.get(f"/people/{person.pk}/").context["password"] == ""
    assert security.get(f"/people/{person.pk}/").context["password"] == ""
    assert "部门联络员" in given.content.decode()
    assert Account.objects.get(username="lixin").check_password(shown)


def test_a_name_that_is_taken_is_refused_with_what_was_typed(office: Office) -> None:
    answer = browser(office.system).post("/people/add/", {"name": "李新", "username": office.clerk.username})

    assert answer.status_code == 422
    assert "已有人用" in answer.content.decode()
    assert "李新" in answer.content.decode()
    assert not Person.objects.filter(name="李新").exists()


def test_buttons_do_what_they_say(office: Office) -> None:
    system, security, pk = browser(office.system), browser(office.security), office.clerk.person.pk
    begun(office.clerk)
    for _ in range(7):
        throttle.claim(throttle.Attempt(office.clerk.username, "192.0.2.1", timezone.now()))

    security.post(f"/people/{pk}/unlock/")
    security.post(f"/people/{pk}/drop-factor/")
    system.post(f"/people/{pk}/close/")

    assert throttle.waiting(office.clerk.username, timezone.now()) == 0
    assert not second_factor.has(office.clerk)
    assert not Account.objects.get(pk=office.clerk.pk).is_active
    assert security.post(f"/people/{pk}/close/").status_code == 404
    assert system.post(f"/people/{pk}/unlock/").status_code == 404


def test_rules_are_kept_within_bounds(office: Office) -> None:
    client = browser(office.security)

    wrong = client.post("/settings/sign-in/", {"idle_minutes": "5", "most_hours": "30"})
    right = client.post("/settings/sign-in/", {"idle_minutes": "30", "most_hours": "8", "second_factor_from": "2026-12-01"})  # fmt: skip

    assert wrong.status_code == 422
    assert right.status_code == 302
    kept = SecurityRules.objects.get()
    assert (kept.idle_minutes, kept.most_hours, kept.second_factor_from) == (30, 8, date(2026, 12, 1))


def test_a_whole_number_is_shown_for_a_purpose_and_on_record(office: Office) -> None:
    client, page = browser(office.security), f"/people/{office.clerk.person.pk}/opened/"

    masked = client.get(f"/people/{office.clerk.person.pk}/").content.decode()
    without = client.post(page, {"purpose": ""})
    shown = client.post(page, {"purpose": "核对调岗通知的电话"})

    assert "138****1234" in masked
    assert "13800001234" not in masked + without.content.decode()
    assert "13800001234" in shown.content.decode()
    record = AuditRecord.objects.get(kind="opening")
    assert (record.person, record.about, record.purpose) == (
        office.security.person,
        office.clerk.person,
        "核对调岗通知的电话",
    )


def test_records_are_never_changed(office: Office) -> None:
    accounts.change(office.clerk.person, Facts("周明"), actor=office.actor("system"), at=NOON)

    for change in (lambda: AuditRecord.objects.update(what=""), lambda: AuditRecord.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_records_are_filtered_and_taken_out_on_record(office: Office) -> None:
    accounts.change(office.clerk.person, Facts("周明"), actor=office.actor("system"), at=NOON)
    client = browser(office.audit)

    found = [len(client.get(f"/audit/?{query}").context["rows"]) for query in ("", "kind=account", "kind=post", "q=周", "since=2026-11-24", "since=x")]  # fmt: skip
    sheet = client.post("/audit/export/", {"kind": "account"})

    assert found == [1, 1, 0, 1, 0, 1]
    assert sheet.content[:2] == b"PK"
    assert AuditRecord.objects.get(kind="export").what == "导出审计记录 1 条（类别：账号）"


@pytest.mark.parametrize("what", ["add", "reset"])
def test_passwords_are_hashed_before_anybody_has_to_wait_to_write(
    office: Office, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    outside, depth, hashed = len(connection.savepoint_ids), [], accounts.make_password
    monkeypatch.setattr(
        accounts, "make_password", lambda word: depth.append(len(connection.savepoint_ids)) or hashed(word)
    )
    role, act = DEEDS[what]

    act(office, office.actor(role))

    assert depth == [outside]
