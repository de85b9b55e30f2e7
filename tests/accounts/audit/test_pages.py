"""The audit trail in the staff workplace: read as text, filtered, searched, exported, and shown on the pages of rows."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook
from wagtail.log_actions import log
from wagtail.models import Page

from accounts.audit.context import acting_from
from accounts.enums import MembershipScope, RoleName
from accounts.models import AuditEntry, Center, User
from accounts.services.audit_erasing import erase_personal_data
from accounts.services.formatting import format_datetime
from accounts.services.logins import deactivate_login
from accounts.services.memberships import end_role
from courses.models import Venue
from tests.accounts.audit.tampering import forge
from tests.accounts.people.merging import merged
from tests.factories.accounts import (
    CenterFactory,
    MembershipFactory,
    PersonFactory,
    UserFactory,
    staff_member,
)
from tests.factories.exams import sitting_in


@pytest.fixture
def auditor(db: None) -> User:
    return MembershipFactory(role=RoleName.AUDITOR, scope=MembershipScope.MINISTRY, center=None).user


@pytest.fixture
def auditor_client(client: Client, auditor: User) -> Client:
    client.force_login(auditor)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def listed(client: Client, **asked: object) -> list[AuditEntry]:
    return list(client.get(reverse("audit:index"), asked).context["object_list"])


def page_of(client: Client, name: str, *arguments: object) -> str:
    return client.get(reverse(name, args=arguments)).content.decode()


@pytest.mark.parametrize("role", [RoleName.AUDITOR, RoleName.MINISTRY_OFFICER])
def test_the_ministry_reads_everything_that_was_logged(client: Client, center: Center, role: RoleName):
    log(PersonFactory(registered_at=center), "accounts.person.register")
    log(Page.objects.get(depth=1), "wagtail.edit")
    client.force_login(MembershipFactory(role=role, scope=MembershipScope.MINISTRY, center=None).user)

    assert [entry.action for entry in listed(client)] == ["wagtail.edit", "accounts.person.register"]


def test_days_in_the_trail_are_written_as_on_other_pages(auditor_client: Client, center: Center):
    log(center, "accounts.person.register", data={"until": "2027-01-05"})
    entry = AuditEntry.objects.latest("pk")

    text = page_of(auditor_client, "audit:inspect", entry.pk)

    assert "5 January 2027" in text
    assert format_datetime(entry.at) in page_of(auditor_client, "audit:index")


def test_an_auditor_of_one_center_reads_what_was_done_there(
    client: Client, center: Center, other_center: Center
):
    own, foreign = (PersonFactory(registered_at=one) for one in (center, other_center))
    for person in (own, foreign):
        log(person, "accounts.person.register")
    client.force_login(MembershipFactory(role=RoleName.AUDITOR, center=center).user)

    assert [entry.person for entry in listed(client)] == [own]


@pytest.mark.parametrize(
    "role", sorted(set(RoleName) - {RoleName.AUDITOR, RoleName.MINISTRY_OFFICER, RoleName.TRAINEE})
)
def test_the_trail_is_missing_for_other_roles(client: Client, center: Center, role: RoleName):
    client.force_login(MembershipFactory(role=role, center=center).user)

    assert client.get(reverse("audit:index")).status_code == 404


def test_a_row_shows_actor_action_subject_time_reason_and_address(
    auditor_client: Client, superuser: User, center: Center
):
    colleague = MembershipFactory(center=center, user=UserFactory(display_name="سامي فؤاد")).user
    with acting_from("203.0.113.9"):
        deactivate_login(user_id=colleague.pk, reason="left in May", by=superuser)

    (told,) = (entry.trail_item for entry in listed(auditor_client, what="accounts.login.deactivate"))

    assert (told.who, told.what, told.row, told.address) == (
        superuser.display_name,
        "Closed the login",
        "سامي فؤاد",
        "203.0.113.9",
    )
    assert (told.center, told.details) == (str(center), "Reason: left in May")
    assert timezone.now() - told.at < dt.timedelta(minutes=5)


def test_data_are_in_words_and_keys_are_names(auditor_client: Client, superuser: User, center: Center):
    membership = MembershipFactory(center=center)
    facts = {"login": membership.user.pk, "role": "instructor", "reason": "new here"}
    log(membership, "accounts.membership.give", user=superuser, data=facts)
    log(
        PersonFactory(), "accounts.person.correct", data={"changes": {"sex": {"before": "", "after": "male"}}}
    )

    corrected, given = (entry.trail_item.details for entry in listed(auditor_client))

    assert set(given.split("; ")) == {"Reason: new here", f"Login: {membership.user}", "Role: instructor"}
    assert given.startswith("Reason")
    assert corrected == "Sex: – → male"


def test_an_ended_role_is_named_with_whose_it_was(auditor_client: Client, superuser: User, center: Center):
    user = UserFactory(display_name="سامي فؤاد")
    membership = MembershipFactory(role=RoleName.INSTRUCTOR, center=center, user=user)
    end_role(membership_id=membership.pk, reason="left", by=superuser)

    (told,) = (entry.trail_item for entry in listed(auditor_client, what="accounts.membership.end"))

    assert set(told.details.split("; ")) == {"Reason: left", "Login: سامي فؤاد", "Role: instructor"}


def test_scores_have_no_zeros_that_say_nothing(auditor_client: Client):
    log(PersonFactory(), "courses.progress.correct", data={"from": "75.00", "to": "87.50"})

    (told,) = (entry.trail_item.details for entry in listed(auditor_client))

    assert told == "Score before, %: 75; Score after, %: 87.5"


def test_a_role_is_named_in_the_language_of_the_reader_and_its_center_once(
    auditor_client: Client, superuser: User
):
    center = CenterFactory(name_ar="مركز شبرا", name_en="Shubra center")
    membership = MembershipFactory(role=RoleName.REGISTRAR, center=center)
    with override("ar"):
        log(membership, "accounts.membership.give", user=superuser)

    (told,) = (entry.trail_item for entry in listed(auditor_client))
    home = page_of(auditor_client, "wagtailadmin_home")

    assert told.row == "registrar · Shubra center"
    assert home.count("Shubra center") == 1


def test_a_merge_is_one_line_for_the_auditor(auditor_client: Client, superuser: User, center: Center):
    merged(*(PersonFactory(registered_at=center) for _ in range(2)), by=superuser)

    home = page_of(auditor_client, "wagtailadmin_home")

    assert len(listed(auditor_client, what="accounts.person.merge")) == 2
    assert home.count("Merged two records of one person") == 1


def test_what_a_person_chose_about_notices_is_in_words(auditor_client: Client, center: Center):
    person = PersonFactory(registered_at=center)
    chosen = {"gathered": ["waiting_list"], "hour": 7, "short": False}
    log(person, "accounts.person.choose_digest", data=chosen)
    log(person, "accounts.person.choose_notices", data={"declined": ["waiting_list: sms"]})

    declined, gathered = (entry.trail_item.details for entry in listed(auditor_client))

    assert "waiting_list" not in declined + gathered
    assert "(Short message)" in declined or "(short message)" in declined
    assert "Hour: 7" in gathered
    assert "Hour: 7;" not in gathered


def test_the_trail_is_read_in_arabic(auditor_client: Client, center: Center):
    auditor_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ar"
    log(PersonFactory(registered_at=center), "accounts.person.correct", data={"reason": "خطأ في الاسم"})

    (told,) = (entry.trail_item for entry in listed(auditor_client))

    assert (told.what, told.details, told.who) == ("صحّح بيانات الشخص", "السبب: خطأ في الاسم", "النظام")


def test_a_row_links_to_what_its_reader_may_open(auditor_client: Client, center: Center):
    person, membership = PersonFactory(registered_at=center), MembershipFactory(center=center)
    log(person, "accounts.person.register")
    log(membership, "accounts.membership.give")

    given, registered = (entry.trail_item for entry in listed(auditor_client))

    assert registered.row_url == registered.person_url == reverse("person:inspect", args=[person.pk])
    assert given.row_url is None


def test_a_row_without_a_page_links_to_the_page_two_rows_up_that_shows_it(
    auditor_client: Client, center: Center
):
    sitting = sitting_in(center)
    log(sitting, "assessment.sitting.plan", user=sitting.class_session.instructor or UserFactory())

    page = page_of(auditor_client, "audit:index")

    assert reverse("cohort:inspect", args=[sitting.class_session.cohort_id]) in page


def test_the_system_is_named_where_no_login_acted(auditor_client: Client, center: Center):
    log(center, "accounts.recovery.miss")

    assert [entry.trail_item.who for entry in listed(auditor_client)] == ["by the system"]


def test_a_deleted_login_is_named_by_its_key(auditor_client: Client, center: Center):
    gone = UserFactory()
    log(center, "accounts.recovery.miss", user=gone)
    key = gone.pk
    gone.delete()

    assert [entry.trail_item.who for entry in listed(auditor_client)] == [f"login {key}, deleted"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"who": "mona"}, ["accounts.person.register"]),
        ({"who": "Mona S"}, ["accounts.person.register"]),
        ({"what": "accounts."}, ["accounts.recovery.miss", "accounts.person.register"]),
        ({"what": "accounts.recovery.miss"}, ["accounts.recovery.miss"]),
        ({"what": "wagtail."}, ["wagtail.edit"]),
        ({"at_from": "2020-01-01", "at_to": "2020-01-02"}, []),
        ({"at_from": "2020-01-01"}, ["wagtail.edit", "accounts.recovery.miss", "accounts.person.register"]),
        ({"q": "wrong card"}, ["accounts.recovery.miss"]),
        ({"q": "سعاد"}, ["accounts.person.register"]),
        ({"q": "%"}, []),
    ],
)
def test_rows_are_found_by_actor_action_time_and_text(
    auditor_client: Client, center: Center, asked: dict[str, str], found: list[str]
):
    mona = UserFactory(username="mona", display_name="Mona Said")
    person = PersonFactory(full_name_ar="سعاد", folded_name="سعاد", registered_at=center)
    log(person, "accounts.person.register", user=mona)
    log(center, "accounts.recovery.miss", data={"reason": "wrong card"})
    log(Page.objects.get(depth=1), "wagtail.edit")

    assert [entry.action for entry in listed(auditor_client, **asked)] == found


def test_rows_are_found_by_center_kind_and_number(
    auditor_client: Client, center: Center, other_center: Center
):
    for one in (center, other_center):
        log(PersonFactory(registered_at=one), "accounts.person.register")
    log(center, "accounts.recovery.miss")
    miss, second, first = AuditEntry.objects.all()

    assert listed(auditor_client, center=center.pk) == [miss, first]
    assert listed(auditor_client, kind=miss.kind_id) == [miss]
    assert listed(auditor_client, q=f"#{second.pk}") == [second]


def test_the_trail_is_exported_as_text_without_formulas_and_the_export_is_logged(
    auditor_client: Client, auditor: User, center: Center
):
    log(center, "accounts.recovery.miss", data={"reason": "=1+1"}, title="=HYPERLINK(1)")

    answer = auditor_client.get(reverse("audit:index"), {"export": "csv", "what": "accounts."})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))

    logged = AuditEntry.objects.with_contents().get(action="accounts.audit.export")
    assert row["What"] == "Looked for a trainee with a lost password and found none"
    assert row["Row"] == "'=HYPERLINK(1)"
    assert row["Details"] == "Reason: =1+1"
    assert (logged.by, logged.log_entry.data) == (
        auditor,
        {"format": "csv", "filters": {"what": "accounts."}, "rows": 1},
    )


def test_the_trail_is_exported_as_xlsx(auditor_client: Client, center: Center):
    log(center, "accounts.recovery.miss", title="=HYPERLINK(1)")

    answer = auditor_client.get(reverse("audit:index"), {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(answer))).active

    heads, first = list(sheet.iter_rows(values_only=True))[:2]
    cell = sheet.cell(2, heads.index("Row") + 1)
    assert (first[heads.index("Center")], cell.data_type, cell.value) == (str(center), "s", "=HYPERLINK(1)")


def test_a_list_of_many_kinds_and_names_asks_as_often_for_many_rows(auditor_client: Client):
    def write() -> None:
        membership = MembershipFactory(center=CenterFactory())
        log(membership, "accounts.membership.give", data={"login": membership.user.pk, "role": "instructor"})
        log(PersonFactory(), "accounts.person.register", user=UserFactory())

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert auditor_client.get(reverse("audit:index")).status_code == 200
        return len(asked)

    write()
    questions()
    with_two = questions()
    write()
    write()

    assert questions() == with_two


def test_one_row_is_shown_with_its_digest_and_seal(
    auditor_client: Client, sealed_days: list[list[AuditEntry]]
):
    entry = sealed_days[0][0]

    page = page_of(auditor_client, "audit:inspect", entry.pk)

    assert entry.digest in page
    assert "with the day 20 November 2026" in page
    assert "was changed after it was written" not in page


def test_the_page_of_a_changed_row_shows_that_it_was_changed(
    auditor_client: Client, sealed_days: list[list[AuditEntry]]
):
    entry = sealed_days[0][0]
    forge("UPDATE accounts_auditentry SET action = 'accounts.person.correct' WHERE id = %s", entry.pk)

    page = page_of(auditor_client, "audit:inspect", entry.pk)

    assert "was changed after it was written" in page


def test_an_erased_row_is_marked_and_names_no_person(
    auditor_client: Client, sealed_days: list[list[AuditEntry]]
):
    entry = sealed_days[0][0]
    erase_personal_data(person_id=entry.person_id, reason="law 151/2020", by=None)

    (told,) = (one.trail_item for one in listed(auditor_client, q=f"#{entry.pk}"))

    assert (told.is_erased, told.row, told.facts) == (True, f"#{entry.object_id}", [])


def test_the_page_of_a_person_ends_with_their_trail_for_who_may_read_it(
    auditor_client: Client, manager_client: Client, center: Center
):
    person = PersonFactory(registered_at=center)
    log(person, "accounts.person.correct", data={"reason": "typing error"})
    log(UserFactory(person=person), "accounts.login.deactivate", data={"reason": "lost phone"})
    log(PersonFactory(registered_at=center), "accounts.person.correct", data={"reason": "of another person"})

    for_the_auditor = page_of(auditor_client, "person:inspect", person.pk)
    for_the_manager = page_of(manager_client, "person:inspect", person.pk)

    assert "typing error" in for_the_auditor
    assert "lost phone" in for_the_auditor
    assert "of another person" not in for_the_auditor
    assert "typing error" not in for_the_manager


def test_the_menu_offers_the_trail_to_those_who_may_read_it(auditor_client: Client, manager_client: Client):
    offered = [
        reverse("audit:index") in page_of(one, "wagtailadmin_home")
        for one in (auditor_client, manager_client)
    ]

    assert offered == [True, False]


def test_changed_settings_of_the_own_workplace_are_in_the_trail(client: Client, auditor: User):
    client.force_login(auditor)
    typed = {
        "locale-preferred_language": "en",
        "theme-theme": "dark",
        "theme-contrast": "system",
        "theme-density": "default",
        "theme-keyboard_shortcuts": "on",
    }

    answer = client.post(reverse("wagtailadmin_account"), typed)

    entry = AuditEntry.objects.get(action="accounts.login.change_settings")
    assert answer.status_code == 302
    assert entry.model_entry.data["changes"]["theme"] == {"before": "system", "after": "dark"}
    assert "System default → Dark" in client.get(reverse("audit:index")).text
    assert not AuditEntry.objects.filter(action="wagtail.edit").exists()


def test_what_a_form_of_the_ministry_changed_is_in_the_trail_with_before_and_after(
    auditor_client: Client, superuser: User
):
    venue = Venue.objects.create(center=CenterFactory(), name="Hall 1")
    manager = Client()
    manager.force_login(superuser)

    manager.post(reverse("venue:edit", args=[venue.pk]), {"center": venue.center_id, "name": "Hall 2"})

    entry = AuditEntry.objects.get(action="wagtail.edit")
    assert entry.model_entry.data["changes"] == {"name": {"before": "Hall 1", "after": "Hall 2"}}
    assert "Hall 1 → Hall 2" in auditor_client.get(reverse("audit:index")).text


def test_the_history_of_the_site_names_colleagues_only(client: Client, center: Center, other_center: Center):
    """Its filter offers names: not of who wrote on a page above or in another center."""
    reader, colleague = (staff_member(RoleName.CENTER_MANAGER, center) for _ in range(2))
    foreign = staff_member(RoleName.CENTER_MANAGER, other_center)
    page = Page.get_first_root_node().get_children().first() or Page.get_first_root_node()
    names = {colleague: "زميل من المركز", foreign: "موظف مركز آخر"}
    for user, name in names.items():
        User.objects.filter(pk=user.pk).update(display_name=name)
        log(page, "wagtail.edit", user=user)
        log(center, "wagtail.edit", user=user)
    client.force_login(reader)

    shown = client.get(reverse("wagtailadmin_reports:site_history")).content.decode()

    assert names[foreign] not in shown
