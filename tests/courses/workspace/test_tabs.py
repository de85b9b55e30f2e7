"""The tabs of a cohort's workspace, as roles see them."""

import csv
import io
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import ContactKind, RoleName
from accounts.models import Contact, SavedView
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment
from tests.courses.workspace.worlds import great_cohort
from tests.factories.accounts import PersonFactory, TraineeFactory, holder_of_every_role, staff_member
from tests.factories.courses import EnrollmentFactory, closed, taught_cohort

TABS = ("people", "progress", "sessions", "risks", "inspect")
MOST = 15


def page(client: Client, name: str, cohort: Cohort, asked: str = "") -> str:
    answer = client.get(f"{reverse(f'cohort:{name}', args=[cohort.pk])}{asked}")
    assert answer.status_code == 200
    return answer.content.decode()


def statements(client: Client, name: str, cohort: Cohort) -> int:
    page(client, name, cohort)
    with CaptureQueriesContext(connection) as asked:
        page(client, name, cohort)
    return len(asked)


@pytest.fixture
def cohort(db: None) -> Cohort:
    return taught_cohort()


def enter(client: Client, role: RoleName, cohort: Cohort) -> Client:
    client.force_login(staff_member(role, cohort.center))
    return client


@pytest.mark.parametrize("name", ["people", "progress", "sessions", "risks"])
def test_a_tab_asks_the_database_as_often_for_twelve_people_as_for_four(
    client: Client, remembering: None, name: str
):
    """The whole page: also the session, the login, the roles and the menu."""
    small, large = (great_cohort(people=people, units=6, sessions=4) for people in (4, 12))
    client.force_login(holder_of_every_role(None))

    few, many = statements(client, name, small), statements(client, name, large)

    assert few == many
    assert many <= MOST


def test_the_list_of_cohorts_leads_to_the_people(client: Client, cohort: Cohort):
    enter(client, RoleName.CENTER_MANAGER, cohort)

    listed = client.get(reverse("cohort:index")).content.decode()

    assert f'href="{reverse("cohort:people", args=[cohort.pk])}"' in listed


def test_every_tab_shows_the_others_and_which_it_is(client: Client, cohort: Cohort):
    enter(client, RoleName.INSTRUCTOR, cohort)
    addresses = {name: reverse(f"cohort:{name}", args=[cohort.pk]) for name in TABS}

    for name in TABS:
        shown = page(client, name, cohort)
        assert all(f'href="{address}"' in shown for address in addresses.values())
        assert f'href="{addresses[name]}" aria-current="page"' in shown


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (RoleName.REGISTRAR, {"transfer_many", "withdraw_many"}),
        (RoleName.CENTER_MANAGER, {"transfer_many", "withdraw_many", "propose_many"}),
        (RoleName.INSTRUCTOR, set()),
        (RoleName.AUDITOR, set()),
    ],
)
def test_only_what_a_role_may_do_is_offered(
    client: Client, cohort: Cohort, role: RoleName, offered: set[str]
):
    EnrollmentFactory(cohort=cohort)
    enter(client, role, cohort)

    shown = page(client, "people", cohort)

    acts = {"transfer_many": "cohort:", "withdraw_many": "cohort:", "propose_many": ""}
    assert {
        name for name, space in acts.items() if reverse(space + name, args=[cohort.pk]) in shown
    } == offered
    assert ('name="chosen"' in shown) is bool(offered)


def test_numbers_are_masked_and_the_guardian_of_a_minor_is_named_as_the_way(client: Client, cohort: Cohort):
    guardian = PersonFactory(registered_at=cohort.center)
    minor = PersonFactory(
        registered_at=cohort.center,
        guardian=guardian,
        birth_date=timezone.localdate().replace(year=timezone.localdate().year - 16, day=1),
    )
    for person, number in (
        (guardian, "+201012345678"),
        (PersonFactory(registered_at=cohort.center), "+201112345987"),
    ):
        Contact.objects.create(person=person, kind=ContactKind.PHONE, value=number)
        if person is not guardian:
            EnrollmentFactory(cohort=cohort, person=person)
    EnrollmentFactory(cohort=cohort, person=minor)
    enter(client, RoleName.INSTRUCTOR, cohort)

    shown = page(client, "people", cohort)

    assert "٠١١ •••••٩٨٧" in shown or "011 •••••987" in shown
    assert "٠١٠ •••••٦٧٨" in shown or "010 •••••678" in shown
    assert "12345" not in shown
    assert "١٢٣٤٥" not in shown


def test_a_number_that_was_typed_at_sign_up_and_never_confirmed_is_shown_as_such(
    client: Client, cohort: Cohort
):
    trainee = TraineeFactory(phone="+201112345987", person__registered_at=cohort.center)
    EnrollmentFactory(cohort=cohort, person=trainee.person)
    enter(client, RoleName.INSTRUCTOR, cohort)

    shown = page(client, "people", cohort)

    assert "011 •••••987" in shown
    assert "لم يُؤكَّد بعد" in shown


def test_who_does_not_see_people_sees_no_contact(client: Client, cohort: Cohort):
    person = PersonFactory(registered_at=cohort.center)
    Contact.objects.create(person=person, kind=ContactKind.PHONE, value="+201112345987")
    EnrollmentFactory(cohort=cohort, person=person)
    enter(client, RoleName.INSPECTOR, cohort)

    shown = page(client, "people", cohort)

    assert str(person) in shown
    assert "•" not in shown


def test_what_is_shown_can_be_taken_as_a_file_without_formulas(client: Client, cohort: Cohort):
    EnrollmentFactory(cohort=cohort, person__full_name_ar="=1+1 حسن")
    EnrollmentFactory(cohort=cohort, state=EnrollmentState.WITHDRAWN)
    enter(client, RoleName.AUDITOR, cohort)

    answer = client.get(f"{reverse('cohort:people', args=[cohort.pk])}?export=csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert [row[0] for row in rows[1:]] == ["'=1+1 حسن"]


def test_a_filter_that_cannot_be_read_is_none(client: Client, cohort: Cohort):
    enrollment = EnrollmentFactory(cohort=cohort)
    enter(client, RoleName.AUDITOR, cohort)

    shown = page(client, "people", cohort, "?state=x&missing=%00&risk=1&sort=;&p=zz&q=%D9%8E")

    assert str(enrollment.person) in shown


def test_a_cell_leads_to_the_act(client: Client, db: None):
    cohort = great_cohort(people=2, units=5, sessions=2)
    enter(client, RoleName.ASSESSOR, cohort)
    marked = Enrollment.objects.filter(cohort=cohort, progress__score__isnull=False).first()
    assert marked is not None
    unit = UUID(str(marked.progress.filter(score__isnull=False).values_list("unit_key", flat=True)[0]))

    progress, sessions = page(client, "progress", cohort), page(client, "sessions", cohort)

    assert reverse("enrollment:correct", args=[marked.pk, unit]) in progress
    for session in cohort.sessions.all():
        assert sessions.count(reverse("classsession:attendance", args=[session.pk])) == 3


def test_an_empty_cohort_says_what_to_do(client: Client, cohort: Cohort):
    enter(client, RoleName.REGISTRAR, cohort)

    shown = page(client, "people", cohort)

    assert f"{reverse('enrollment:add')}?cohort={cohort.pk}" in shown
    for name in ("progress", "sessions", "risks"):
        page(client, name, cohort)


@pytest.mark.parametrize("tab", ["progress", "sessions"])
def test_a_matrix_keeps_its_filter_under_a_name_for_every_cohort(client: Client, cohort: Cohort, tab: str):
    client.force_login(staff_member(RoleName.REGISTRAR, cohort.center))
    there = taught_cohort(center=cohort.center)
    gone = EnrollmentFactory(cohort=there, state=EnrollmentState.WITHDRAWN)
    EnrollmentFactory(cohort=there)
    of = reverse(f"cohort:{tab}", args=[cohort.pk])
    asked = urlencode({"of": of, "asked": "state=withdrawn"})

    client.post(f"{reverse('list_views')}?{asked}", {"name": "المنسحبون"})
    view = SavedView.objects.get(name="المنسحبون")
    shown = client.get(reverse(f"cohort:{tab}", args=[there.pk]), {"saved": view.pk}, follow=True)

    assert view.list_name == f"cohort:{tab}"
    assert [trainee.pk for trainee in shown.context["page"]] == [gone.pk]
    # Their columns are the units or the sessions of the cohort.
    assert shown.context["list_columns_url"] == ""
    assert "المنسحبون" in shown.text


def test_views_and_columns_of_the_people_are_the_same_in_every_cohort(client: Client, cohort: Cohort):
    clerk = staff_member(RoleName.REGISTRAR, cohort.center)
    client.force_login(clerk)
    there = taught_cohort(center=cohort.center)
    active = EnrollmentFactory(cohort=there, person=PersonFactory(registered_at=cohort.center))
    gone = EnrollmentFactory(cohort=there, state=EnrollmentState.WITHDRAWN)
    of = reverse("cohort:people", args=[cohort.pk])
    asked = urlencode({"of": of, "asked": "state=withdrawn&sort=-name"})

    client.post(f"{reverse('list_columns')}?{asked}", {"columns": ["state"]})
    client.post(f"{reverse('list_views')}?{asked}", {"name": "المنسحبون"})
    view = SavedView.objects.get(name="المنسحبون")
    people = reverse("cohort:people", args=[there.pk])
    shown = client.get(people, {"saved": view.pk}, follow=True)
    file, whole = (
        b"".join(client.get(people, {"export": "csv", **more})).decode() for more in ({}, {"columns": "all"})
    )

    assert view.parameters == {"state": ["withdrawn"], "sort": ["-name"]}
    assert [trainee.pk for trainee, _reach in shown.context["people"]] == [gone.pk]
    assert [name for name, _heading in shown.context["roster_columns"]] == ["state"]
    assert f"enrollment/inspect/{active.pk}/" not in shown.text
    assert [len(next(csv.reader(io.StringIO(one)))) for one in (file, whole)] == [3, 10]


def test_columns_of_the_people_have_the_order_that_was_chosen(client: Client, cohort: Cohort):
    client.force_login(staff_member(RoleName.REGISTRAR, cohort.center))
    EnrollmentFactory(cohort=cohort, person=PersonFactory(registered_at=cohort.center))
    people = reverse("cohort:people", args=[cohort.pk])
    wanted = ["state", "phone"]

    sent = {"columns": wanted, "order": ",".join(wanted)}
    client.post(f"{reverse('list_columns')}?{urlencode({'of': people})}", sent)
    shown = client.get(people)
    heading = next(csv.reader(io.StringIO(b"".join(client.get(people, {"export": "csv"})).decode())))
    columns = shown.context["roster_columns"]
    state, phone = (shown.text.index(f'data-label="{label}"') for _name, label in columns)

    assert [name for name, _heading in columns] == wanted
    assert state < phone
    assert heading[-2:] == [str(label) for _name, label in columns]


def test_only_a_cohort_that_takes_people_says_how_many_seats_are_free(client: Client, cohort: Cohort):
    Cohort.objects.filter(pk=cohort.pk).update(seats=5)
    enter(client, RoleName.CENTER_MANAGER, cohort)

    while_open = page(client, "people", cohort)
    closed(cohort)
    after = page(client, "people", cohort)

    assert ("مقاعد خالية" in while_open, "مقاعد خالية" in after) == (True, False)
