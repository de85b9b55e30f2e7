"""What the audit trail holds of everything that is logged, and that it is only appended to."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from wagtail.log_actions import log, registry
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from accounts.audit.context import acting_from
from accounts.enums import RoleName
from accounts.models import AuditEntry, Center, Person, User
from accounts.services.audit_backfill import backfill_entries
from accounts.services.logins import deactivate_login
from tests.accounts.audit.tampering import as_role_of_the_site, forge, kinds_found, last_entry
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory
from tests.factories.courses import EnrollmentFactory


def test_what_a_service_logs_is_in_the_trail(superuser: User, center: Center):
    colleague = MembershipFactory(role=RoleName.INSTRUCTOR, center=center, user=TraineeFactory()).user

    deactivate_login(user_id=colleague.pk, reason="left us", by=superuser)

    entry = AuditEntry.objects.with_contents().get(action="accounts.login.deactivate")
    assert (entry.by, entry.person, entry.center) == (superuser, colleague.person, center)
    assert entry.log_entry.data["reason"] == "left us"
    assert ModelLogEntry.objects.for_instance(colleague).filter(action=entry.action).count() == 1


def test_what_is_done_to_a_page_is_in_the_trail_and_in_its_history(superuser: User, client: Client):
    page = Page.objects.get(depth=1)

    log(page, "wagtail.edit", user=superuser)

    assert last_entry().page_entry == PageLogEntry.objects.get(page=page)
    assert kinds_found() == []


def test_a_row_leads_to_its_person_and_center_over_other_rows(db: None):
    enrollment = EnrollmentFactory()

    log(enrollment, "courses.enrollment.enroll")

    assert (last_entry().person, last_entry().center) == (enrollment.person, enrollment.cohort.center)


def test_the_data_name_the_person_where_the_row_leads_to_many(center: Center):
    trainee = TraineeFactory()

    log(center, "live.person.muted", data={"subject": trainee.pk})

    assert last_entry().person == trainee.person


def test_a_row_of_a_login_with_roles_in_two_centers_is_of_none_of_them(center: Center, other_center: Center):
    user = MembershipFactory(center=center).user
    MembershipFactory(center=other_center, user=user)

    log(user, "accounts.login.reactivate")

    assert last_entry().center is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [("203.0.113.9", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"), ("2001:db8::1", "2001:db8::1")],
)
def test_the_address_of_the_request_is_kept(center: Center, written: str, kept: str):
    with acting_from(written):
        log(center, "accounts.recovery.miss")

    assert last_entry().address == kept


@pytest.mark.parametrize("address", [None, "", "unix:", "testserver"])
def test_what_has_no_address_is_logged_without_one(center: Center, address: str | None):
    with acting_from(address):
        log(center, "accounts.recovery.miss")

    assert (last_entry().address, last_entry().address_commitment) == (None, "")


def test_a_page_of_the_workplace_logs_the_address_of_its_client(manager_client: Client, center: Center):
    manager_client.post(
        reverse("person:add"),
        {
            "full_name_ar": "منى أحمد",
            "registered_at": center.pk,
            "sex": "",
            "education": "",
            "language": "ar",
        },
        REMOTE_ADDR="203.0.113.7",
    )

    assert AuditEntry.objects.get(action="accounts.person.register").address == "203.0.113.7"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditentry SET action = 'accounts.person.correct'",
        "UPDATE accounts_auditentry SET address = '10.0.0.1'",
        "UPDATE accounts_auditentry SET digest = ''",
        "DELETE FROM accounts_auditentry",
        "UPDATE wagtailcore_modellogentry SET label = 'another'",
        "UPDATE wagtailcore_modellogentry SET label = '', data = '{}', action = 'wagtail.edit'",
        "DELETE FROM wagtailcore_modellogentry",
        "UPDATE wagtailcore_pagelogentry SET user_id = 1",
        "DELETE FROM wagtailcore_pagelogentry",
        "UPDATE accounts_auditseal SET through = 1",
        "DELETE FROM accounts_auditseal",
        "INSERT INTO accounts_auditentry SELECT * FROM accounts_auditentry ORDER BY id LIMIT 1",
    ],
)
def test_the_database_refuses_to_change_or_delete(sealed_days: list, statement: str):
    log(Page.objects.get(depth=1), "wagtail.edit")

    with (
        pytest.raises(IntegrityError, match=r"never changed|sealed day"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE accounts_auditentry",
        "TRUNCATE accounts_auditseal",
        "TRUNCATE wagtailcore_modellogentry CASCADE",
        "UPDATE accounts_auditentry SET address = NULL, address_salt = ''",
        "UPDATE accounts_auditentry SET salt = '', erased_at = now()",
        "UPDATE wagtailcore_modellogentry SET label = '', data = '{}'",
    ],
)
def test_a_role_that_does_not_own_the_tables_neither_empties_nor_wipes_them(
    sealed_days: list, statement: str
):
    with (
        pytest.raises(IntegrityError, match=r"never emptied|never changed"),
        as_role_of_the_site("ALL") as cursor,
    ):
        cursor.execute(statement)


def test_the_named_functions_work_for_a_role_that_does_not_own_the_tables(sealed_days: list):
    number = sealed_days[0][0].pk
    with as_role_of_the_site("SELECT, INSERT, UPDATE, DELETE") as cursor:
        cursor.execute("SELECT accounts_erase_audit(%s)", [[number]])
        erased = cursor.fetchone()[0]
        cursor.execute("SELECT accounts_expire_audit_addresses(now())")

    assert erased == [number]


def test_rows_from_before_the_trail_are_entered_once(center: Center, superuser: User):
    person = PersonFactory(registered_at=center)
    log(person, "accounts.person.register", user=superuser)
    forge("DELETE FROM accounts_auditentry")

    entered = backfill_entries(), backfill_entries()

    entry = AuditEntry.objects.get()
    assert entered == (1, 0)
    assert (entry.person, entry.center, entry.at) == (person, center, entry.model_entry.timestamp)
    assert kinds_found() == []


def test_every_model_logs_into_the_trail_and_the_site_history_lists_each_row_once(db: None):
    tables = [model._meta.db_table for model in registry.get_log_entry_models()]

    assert sorted(tables) == ["wagtailcore_modellogentry", "wagtailcore_pagelogentry"]
    assert issubclass(registry.get_log_model_for_model(Person), ModelLogEntry)
