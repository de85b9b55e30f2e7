"""The way of a new center to its first cohort: the steps, and the walk along them through the pages to which they lead."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import CenterKind, MembershipScope, RoleName
from accounts.models import Center, PasswordRecovery, RoleRequest, User
from courses.enums import CohortState
from courses.errors import NoCompletionRule, ProgramHasNoUnits
from courses.models import ClassSession, Cohort, Enrollment, ProgramPage
from courses.queries.first_cohort import new_centers, teachable_programs
from courses.queries.first_steps import StepState, checklists_of
from courses.services.cohorts import check_opening
from courses.services.completion import set_completion_rule
from tests.accounts.people.numbers import with_check_digit
from tests.factories.accounts import (
    CenterFactory,
    MembershipFactory,
    UserFactory,
    holder_of_every_role,
    staff_member,
)
from tests.factories.courses import (
    ClassSessionFactory,
    CohortFactory,
    CoursePageFactory,
    EnrollmentFactory,
    LessonPageFactory,
    ProgramPageFactory,
    taught_cohort,
)

pytestmark = pytest.mark.django_db

HOME = "wagtailadmin_home"
TEMPORARY = re.compile(r'<bdi dir="ltr"[^>]*>([^<]+)</bdi>')


def fill(client: Client, address: str, /, **typed: Any) -> Any:
    """Send the form of a page, with what it is filled with already."""
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in shown.items() if value not in (None, "") and value is not False}
    answer = client.post(address, {**kept, **typed})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer


def link_to(client: Client, name: str, of: str = "", place: str = HOME, *args: object) -> str:
    """The link of a step on a page, by the name of its address and a part of it."""
    (checklist,) = client.get(reverse(place, args=args)).context["checklists"]
    links = [url for step in checklist.steps for _label, url in step.acts]
    pattern = reverse(name, args=[0]) if name in WITH_KEY else reverse(name)
    (found,) = {url for url in links if url.startswith(pattern.partition("0/")[0]) and of in url}
    return found


WITH_KEY = {"user:edit", "cohort:edit", "cohort:start", "classsession:attendance"}


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def of_staff(name: str, number: str, place: int) -> dict[str, str]:
    """What the form of a new login asks besides the name."""
    return {"username": f"{name}.qena", "number": number, "country": "", "phone": f"0100000000{place}"}


def open_center(officer: Client) -> Center:
    facts = {
        "code": "QNA-M1",
        "kind": CenterKind.MOBILE,
        "name_ar": "الوحدة المتنقلة",
        "name_en": "Mobile unit",
    }
    governorate = CenterFactory().governorate_id
    answer = fill(officer, reverse("center:add"), governorate=governorate, **facts)
    center = Center.objects.get(code="QNA-M1")
    assert answer.url == reverse("center:inspect", args=[center.pk])
    return center


@pytest.mark.engines("opens forty pages of the workplace: five seconds")
def test_the_links_lead_from_a_center_just_opened_to_the_first_locked_sheet(client: Client):
    taught_cohort()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    officer, colleague = (logged_in(staff_member(RoleName.MINISTRY_OFFICER)) for _ in range(2))

    # The ministry opens the center, enters what only it may, and makes the login of the manager.
    center = open_center(officer)
    steps = reverse("first_cohort", args=[center.pk])
    on_page = [url for step in officer.get(steps).context["checklist"].steps for _label, url in step.acts]
    make_manager, ask_role = (
        next(url for url in on_page if url.startswith(reverse(name)))
        for name in ("user:add", "role_requests:add")
    )
    reach = {"phone": "096 255 0101", "address": "أمام مركز الشباب"}
    fill(officer, on_page[0], license="Q-7", license_expires_on=yesterday + dt.timedelta(days=400), **reach)
    number = with_check_digit("2900515271123")
    fill(officer, make_manager, display_name="هاني صبحي فهمي", **of_staff("manager", number, 1))

    # A colleague compares the card, and gives the role and the password for which the first officer asks.
    manager = User.objects.get(username="manager.qena")
    fill(colleague, reverse("user:confirm_card", args=[manager.pk]), number=number, phone=manager.phone)
    fill(officer, ask_role, login="manager.qena", reason="مدير المركز")
    asked = RoleRequest.objects.get(user=manager)
    assert colleague.post(reverse("role_requests:give", args=[asked.pk])).status_code == 302
    fill(officer, reverse("user:edit", args=[manager.pk]), step="new_password", reason="أول دخول")
    recovery = PasswordRecovery.objects.get(user=manager)
    given = colleague.post(reverse("lost_passwords:give", args=[recovery.pk]), follow=True)
    (password,) = TEMPORARY.findall(given.text)

    # The manager makes the other logins, and each of them is used once.
    assert client.login(username="manager.qena", password=password)
    User.objects.filter(username="manager.qena").update(password_is_temporary=False)
    for place, role in enumerate((RoleName.REGISTRAR, RoleName.INSTRUCTOR, RoleName.ASSESSOR), start=2):
        fill(
            client,
            link_to(client, "user:add", f"role={role}"),
            display_name=f"محمد أحمد علي {role.label}",
            **of_staff(role, with_check_digit(f"290051527113{place}"), place),
        )
        assert link_to(client, "user:edit")
        logged_in(User.objects.get(username=f"{role}.qena"))

    # Then the room, the cohort and its instructor, the timetable, a trainee, the start and the sheet.
    fill(client, link_to(client, "venue:add"), name="قاعة السيارة")
    program = teachable_programs().get().pk
    days = {"starts_on": yesterday, "ends_on": yesterday + dt.timedelta(days=20)}
    fill(client, link_to(client, "cohort:add"), program=program, code="QNA-1", seats=15, **days)
    instructor = User.objects.get(username="instructor.qena")
    fill(client, link_to(client, "cohort:edit"), instructors=[instructor.pk])
    plan(client, link_to(client, "classsession:series"), yesterday)
    enroll_at_desk(client, link_to(client, "desk"))
    fill(client, link_to(client, "cohort:start"))
    sheet = link_to(client, "classsession:attendance")
    (name,) = (name for name in client.get(sheet).context["sheet"].fields if name.startswith("status"))
    answer = client.post(sheet, {name: "present", "lock": "1"})

    assert answer.status_code == 302
    assert client.get(reverse(HOME)).context["checklists"] == []
    after = client.get(steps).context["checklist"]
    assert after.has_taught
    assert {step.state for step in after.steps} == {StepState.DONE}
    assert steps in client.get(reverse("center:inspect", args=[center.pk])).text


def plan(client: Client, address: str, day: dt.date) -> None:
    typed = {
        "title": "مقدمة",
        "weekdays": [day.isoweekday()],
        "starts": "08:00",
        "ends": "10:00",
        "last_day": day,
    }
    form = client.get(address).context["form"]
    known = {name: form[name].value() for name in ("cohort", "kind", "first_day")}
    assert known["first_day"] == day
    preview = client.post(address, {**known, **typed, "preview": "1"})
    print_of_rule = preview.context["form"].fingerprint
    saved = client.post(address, {**known, **typed, "save": "1", "previewed": print_of_rule, "day": [day]})
    assert saved.status_code == 302


def enroll_at_desk(client: Client, address: str) -> None:
    form = client.get(address).context["form"]
    known = {name: form[name].value() for name in ("center", "cohort")}
    facts = {
        "number": with_check_digit("2980515271123"),
        "full_name_ar": "كريم عادل صابر القوصي",
        "agrees": "on",
        "language": "ar",
    }
    assert client.post(address, {**known, **facts}).status_code == 200
    assert Enrollment.objects.filter(cohort=known["cohort"]).exists()


def states(center: Center, user: User) -> list[StepState]:
    (checklist,) = checklists_of([center], user=User.objects.get(pk=user.pk))
    return [step.state for step in checklist.steps]


@pytest.fixture
def busy_manager(db: None) -> User:
    """Of two centers. At a third one they only teach, and prepare nothing."""
    manager: User = staff_member(RoleName.CENTER_MANAGER, CenterFactory())
    for role in (RoleName.CENTER_MANAGER, RoleName.INSTRUCTOR):
        MembershipFactory(user=manager, role=role, center=CenterFactory())
    return manager


def test_a_manager_sees_each_new_center_by_name_and_no_other(client: Client, busy_manager: User):
    _first, second, third = Center.objects.filter(memberships__user=busy_manager).order_by("pk")
    foreign = CenterFactory()
    client.force_login(busy_manager)

    home = client.get(reverse(HOME))
    names = [center.name in home.text for center in (second, third, foreign)]

    assert len(home.context["checklists"]) == 2
    # With steps to do, something waits.
    assert "لا شيء ينتظرك" not in home.text
    assert names == [True, False, False]


def test_the_steps_of_a_center_where_a_manager_prepares_nothing_do_not_open(
    client: Client, busy_manager: User
):
    _first, second, third = Center.objects.filter(memberships__user=busy_manager).order_by("pk")
    client.force_login(busy_manager)

    answers = [
        client.get(reverse("first_cohort", args=[center.pk])).status_code
        for center in (second, third, CenterFactory())
    ]

    assert answers == [200, 404, 404]


def test_the_steps_of_three_centers_ask_as_often_as_those_of_one():
    user = holder_of_every_role(None)
    centers = []
    for _ in range(3):
        cohort = taught_cohort()
        ClassSessionFactory(cohort=cohort)
        EnrollmentFactory(cohort=cohort)
        MembershipFactory(role=RoleName.REGISTRAR, center=cohort.center)
        centers.append(cohort.center)
    user.held_today()

    numbers = []
    for some in (centers[:1], centers):
        with CaptureQueriesContext(connection) as asked:
            checklists_of(some, user=user)
        numbers.append(len(asked))

    assert numbers == [4, 4]


def test_what_only_the_ministry_enters_waits_for_it():
    center = CenterFactory(license="L-1", license_expires_on=timezone.localdate() - dt.timedelta(days=1))
    manager, officer = staff_member(RoleName.CENTER_MANAGER, center), staff_member(RoleName.MINISTRY_OFFICER)

    for_manager, for_officer = states(center, manager), states(center, officer)

    assert for_manager[:2] == [StepState.WAITS, StepState.WAITS]
    assert for_officer[:2] == [StepState.OPEN, StepState.OPEN]


def test_a_role_counts_once_its_holder_has_logged_in():
    center = CenterFactory()
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    registrar = staff_member(RoleName.REGISTRAR, center)

    before = states(center, manager)[3]
    User.objects.filter(pk=registrar.pk).update(last_login=timezone.now())
    after = states(center, manager)[3]

    assert (before, after) == (StepState.WAITS, StepState.DONE)


def test_who_assesses_in_the_governorate_counts_and_gets_no_password_from_the_center():
    center = CenterFactory()
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    place = {"scope": MembershipScope.GOVERNORATE, "governorate": center.governorate, "center": None}
    assessor = MembershipFactory(role=RoleName.ASSESSOR, **place).user

    (before,) = checklists_of([center], user=manager)
    User.objects.filter(pk=assessor.pk).update(last_login=timezone.now())

    assert before.steps[5].state == StepState.WAITS
    assert before.steps[5].acts == []
    assert states(center, manager)[5] == StepState.DONE


def test_a_sheet_that_is_locked_without_attendance_does_not_end_the_list():
    cohort = CohortFactory()
    EnrollmentFactory(cohort=cohort)
    session = ClassSessionFactory(cohort=cohort)
    ClassSession.objects.filter(pk=session.pk).update(locked_at=timezone.now())

    assert cohort.center in new_centers()
    assert states(cohort.center, holder_of_every_role(cohort.center))[-1] == StepState.OPEN


def test_offices_without_a_cohort_closed_centers_and_old_ones_are_not_new():
    office = CenterFactory(kind=CenterKind.OFFICE)
    inactive = CenterFactory(is_active=False)
    old = CohortFactory(state=CohortState.CLOSED).center
    teaching_office = CohortFactory(center=CenterFactory(kind=CenterKind.OFFICE)).center

    found = set(new_centers())

    assert not found & {office, inactive, old}
    assert teaching_office in found


def program_with(*, is_ruled: bool, has_lesson: bool, is_course_live: bool = True) -> ProgramPage:
    program: ProgramPage = ProgramPageFactory()
    course = CoursePageFactory(parent=program)
    if has_lesson:
        LessonPageFactory(parent=course)
    if is_ruled:
        set_completion_rule(program_id=program.pk, by=UserFactory())
    if not is_course_live:
        course.unpublish()
    return program


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"is_ruled": True, "has_lesson": True}, None),
        ({"is_ruled": False, "has_lesson": True}, NoCompletionRule),
        ({"is_ruled": True, "has_lesson": False}, ProgramHasNoUnits),
        ({"is_ruled": True, "has_lesson": True, "is_course_live": False}, ProgramHasNoUnits),
    ],
)
def test_a_program_is_ready_exactly_when_a_cohort_of_it_can_be_opened(
    facts: dict[str, bool], refusal: type[Exception] | None
):
    program = program_with(**facts)
    today = timezone.localdate()

    refused = None
    try:
        check_opening(program_id=program.pk, code="NEW-1", starts_on=today, ends_on=today, seats=5)
    except (NoCompletionRule, ProgramHasNoUnits) as found:
        refused = type(found)

    assert refused is refusal
    assert teachable_programs().exists() is (refusal is None)


def test_the_first_cohort_is_the_earliest_that_is_not_closed():
    center = CenterFactory()
    today = timezone.localdate()
    later, first = (CohortFactory(center=center, starts_on=today + dt.timedelta(days=day)) for day in (20, 5))
    Cohort.objects.filter(pk=later.pk).update(seats=7)

    (checklist,) = checklists_of([center], user=holder_of_every_role(center))

    assert first.code in {step.note for step in checklist.steps}
