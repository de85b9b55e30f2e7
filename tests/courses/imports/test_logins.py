"""Lists of trainees that make logins: for whom, and how a trainee comes in."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.enums import ContactKind, ContactProof, RoleName
from accounts.models import AuditEntry, Center, Consent, Contact, Person, User
from accounts.services.contacts import record_contact
from accounts.services.logins import create_login
from courses.enums import ImportKind, ImportStep
from courses.forms import UploadListForm
from courses.models import ImportRun
from courses.services.desk import Card, serve_known_person
from courses.services.enrollments import enroll
from courses.services.imports import start_import, upload_list, work_on_import
from tests.accounts.codes import send_waiting
from tests.accounts.phones import phones
from tests.courses.imports.lists import ALI, HEADINGS, MONA, counts, csv_of, faults, imported, number
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.courses import taught_cohort, use

PHONE = "+201012345678"


@pytest.fixture
def by(center: Center) -> User:
    return MembershipFactory(role=RoleName.REGISTRAR, center=center).user


def with_logins(*rows: tuple[str, ...], center: Center, by: User) -> ImportRun:
    run = upload_list(center_id=center.pk, kind=ImportKind.TRAINEES, name="a", makes_logins=True, chunks=[csv_of((*HEADINGS, "المحمول"), *rows)], by=by)  # fmt: skip
    work_on_import(run_id=run.pk)
    run.refresh_from_db()
    if run.created + run.changed:
        start_import(run_id=run.pk, by=by)
        work_on_import(run_id=run.pk)
        run.refresh_from_db()
    return run


def test_an_imported_trainee_comes_in_by_a_code_and_the_number_of_the_card(
    center: Center, by: User, client: Client, settings: Settings
):
    with_logins((*MONA, "01012345678"), center=center, by=by)
    user = User.objects.get(phone=PHONE)
    enroll(person_id=user.person_id, cohort_id=taught_cohort(center=center).pk, by=by)

    with phones() as gateway:
        settings.SMS_GATEWAY_URL = gateway.url
        client.post(reverse("account_recover"), {"phone": "٠١٠١٢٣٤٥٦٧٨"})
        send_waiting()
        client.post(reverse("account_recover_code"), {"code": gateway.messages[0].code})
    form = client.get(reverse("account_recover_password")).content.decode()
    typed = {"identity_number": MONA[1], "password1": "kitab-akhdar-77", "consent": "on"}
    client.post(reverse("account_recover_password"), typed)
    learning = client.get(reverse("courses:my_learning"))

    assert 'name="identity_number"' in form
    assert learning.status_code == 200
    assert learning.context["user"] == user
    user.refresh_from_db()
    assert user.check_password("kitab-akhdar-77")
    assert Contact.objects.get(person=user.person).proved_how == ContactProof.CODE
    assert Consent.objects.get(person=user.person).given_by == user


def test_logins_are_made_for_people_with_a_number_of_their_own_and_only_once(center: Center, by: User):
    rows = ((*MONA, "01012345678"), (*ALI, ""))

    run = with_logins(*rows, center=center, by=by)
    again = with_logins(*rows, center=center, by=by)

    assert (run.step, counts(run), counts(again)) == (ImportStep.IMPORTED, (2, 0, 0, 0), (0, 0, 2, 0))
    assert faults(run) == faults(again) == [(3, "phone", "NoLoginMade")]
    user = User.objects.get(person__registered_at=center)
    assert (user.phone, user.display_name, user.has_usable_password()) == (PHONE, MONA[0], False)
    created = AuditEntry.objects.get(action="accounts.login.create")
    assert (created.by, created.person_id, created.center_id) == (by, user.person_id, center.pk)


def test_people_on_record_get_a_login_where_the_desk_might_give_one(
    center: Center, other_center: Center, by: User
):
    imported(
        csv_of((*HEADINGS, "المحمول"), (*MONA, "01012345678"), (*ALI, "01112345678")), center=center, by=by
    )
    ali = Person.objects.get(full_name_ar=ALI[0])
    use(enroll(person_id=ali.pk, cohort_id=taught_cohort(center=other_center).pk, by=by))

    run = with_logins((*MONA, ""), (*ALI, ""), center=center, by=by)

    assert counts(run) == (0, 1, 1, 0)
    assert [user.phone for user in User.objects.filter(person__registered_at=center)] == [PHONE]


def test_a_number_that_a_login_or_another_person_has_makes_no_login(center: Center, by: User):
    create_login(phone=PHONE, display_name="a clerk", by=None)
    record_contact(person_id=PersonFactory().pk, kind=ContactKind.PHONE, value="+201112345678", by=None)

    run = with_logins((*MONA, "01012345678"), (*ALI, "01112345678"), center=center, by=by)

    assert counts(run) == (1, 0, 0, 1)
    assert faults(run) == [(2, "phone", "NoLoginMade"), (3, "phone", "ContactOfAnother")]
    assert not User.objects.filter(person__registered_at=center).exists()


def test_a_list_without_the_choice_makes_no_login(center: Center, by: User):
    imported(csv_of((*HEADINGS, "المحمول"), (*MONA, "01012345678")), center=center, by=by)

    assert not User.objects.filter(phone=PHONE).exists()


def test_only_a_list_of_trainees_takes_the_choice(center: Center, by: User):
    form = UploadListForm(
        {"kind": ImportKind.ENROLLMENTS, "center": center.pk, "makes_logins": "on"}, for_user=by
    )

    assert "makes_logins" in form.errors


def test_the_desk_gives_the_first_password_and_notes_the_consent(center: Center, by: User):
    with_logins((*MONA, "01012345678"), center=center, by=by)
    person = Person.objects.get(full_name_ar=MONA[0])

    served = serve_known_person(
        person=person,
        card=Card(number=MONA[1]),
        phone=None,
        guardian=None,
        center=center,
        cohort=None,
        wants_login=True,
        language="ar",
        by=by,
    )

    assert served.login == User.objects.get(phone=PHONE)
    assert served.login.check_password(served.password)
    assert Consent.objects.filter(person=person).exists()


def test_a_minor_of_a_list_gets_no_login_before_a_guardian_agreed(center: Center, by: User):
    young = (MONA[0], number(1, born=timezone.localdate() - dt.timedelta(days=15 * 365)), "01012345678")

    run = with_logins(young, center=center, by=by)

    assert counts(run) == (1, 0, 0, 0)
    assert faults(run) == [(2, "", "GuardianMissing")]
    assert not User.objects.filter(person__isnull=False).exists()
