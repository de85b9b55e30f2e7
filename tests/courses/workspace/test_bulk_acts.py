"""Acts on many people of a cohort: whom they concern, and what became of rows that changed meanwhile."""

import datetime as dt
import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import AuditEntry
from accounts.scoping.bulk_acts import UNDO
from courses.clauses import Clauses, Practice, Task
from courses.enums import EnrollmentState, WithdrawalReason
from courses.errors import CohortFull
from courses.models import Cohort, Enrollment, PracticalResult
from courses.queries.workspace.selection import mark_of
from courses.services.completion import set_completion_rule
from courses.services.enrollments import enroll, withdraw
from tests.factories.accounts import PersonFactory, UserFactory, staff_member
from tests.factories.courses import CohortFactory, taught_cohort


@pytest.fixture
def cohort(db: None) -> Cohort:
    return taught_cohort()


@pytest.fixture
def people(cohort: Cohort) -> list[Enrollment]:
    clerk = UserFactory()
    return [
        enroll(person_id=PersonFactory(registered_at=cohort.center).pk, cohort_id=cohort.pk, by=clerk)
        for _number in range(3)
    ]


@pytest.fixture
def registrar(client: Client, cohort: Cohort) -> Client:
    client.force_login(staff_member(RoleName.REGISTRAR, cohort.center))
    return client


REASON = {"withdrawn_for": WithdrawalReason.ABSENT, "reason": "لم يعد يحضر"}


def address(name: str, cohort: Cohort, asked: str) -> str:
    return f"{reverse(f'cohort:{name}', args=[cohort.pk])}?{asked}"


def ticked(enrollments: list[Enrollment]) -> str:
    return "&".join(f"chosen={one.pk}" for one in enrollments)


def seen_in(answer: object) -> str:
    [seen] = re.findall(r'name="seen" value="([^"]*)"', answer.content.decode())  # type: ignore[attr-defined]
    return seen


def states(enrollments: list[Enrollment]) -> list[str]:
    return [Enrollment.objects.get(pk=one.pk).state for one in enrollments]


def told(answer: object) -> str:
    return " ".join(map(str, get_messages(answer.wsgi_request)))  # type: ignore[attr-defined]


def test_those_of_the_preview_are_withdrawn_each_with_a_row_in_the_trail(
    registrar: Client, cohort: Cohort, people: list[Enrollment]
):
    url = address("withdraw_many", cohort, ticked(people[:2]))

    answer = registrar.post(url, {"seen": seen_in(registrar.get(url)), **REASON})

    assert answer.url == reverse("cohort:people", args=[cohort.pk])
    assert states(people) == [EnrollmentState.WITHDRAWN, EnrollmentState.WITHDRAWN, EnrollmentState.ACTIVE]
    withdrawn = AuditEntry.objects.filter(action="courses.enrollment.withdraw")
    assert sorted(withdrawn.values_list("object_id", flat=True)) == sorted(str(one.pk) for one in people[:2])


def test_no_reason_is_chosen_beforehand_and_without_one_no_one_is_withdrawn(
    registrar: Client, cohort: Cohort, people: list[Enrollment]
):
    url = address("withdraw_many", cohort, ticked(people))
    form = registrar.get(url)

    answer = registrar.post(url, {"seen": seen_in(form), "withdrawn_for": "", "reason": "سفر"})

    assert form.context["form"]["withdrawn_for"].field.choices[0][0] == ""
    assert "اختر سبب الانسحاب" in answer.content.decode()
    assert states(people) == [EnrollmentState.ACTIVE] * 3


def test_the_preview_says_who_is_left_alone_and_why(
    registrar: Client, cohort: Cohort, people: list[Enrollment]
):
    withdraw(enrollment_id=people[0].pk, reason="x", by=UserFactory())

    answer = registrar.get(address("withdraw_many", cohort, ticked(people)))

    assert [name for _row, name, _refusal in answer.context["refused"]] == [str(people[0].person)]
    assert {row.pk for row, _name in answer.context["concerned"]} == {people[1].pk, people[2].pk}


def test_a_row_that_changed_since_the_preview_is_named_and_left_alone(
    registrar: Client, cohort: Cohort, people: list[Enrollment]
):
    """It was withdrawn and enrolled again: the state is the same, and yet not what was confirmed."""
    url = address("withdraw_many", cohort, ticked(people))
    seen = seen_in(registrar.get(url))
    Enrollment.objects.filter(pk=people[0].pk).update(enrolled_at="2020-01-01T00:00Z")

    answer = registrar.post(url, {"seen": seen, **REASON})

    assert states(people) == [EnrollmentState.ACTIVE, EnrollmentState.WITHDRAWN, EnrollmentState.WITHDRAWN]
    assert str(people[0].person) in told(answer)


def test_all_that_the_filter_finds_are_chosen(registrar: Client, cohort: Cohort, people: list[Enrollment]):
    withdraw(enrollment_id=people[2].pk, reason="x", by=UserFactory())

    answer = registrar.get(address("withdraw_many", cohort, "all=1&state=active"))

    assert {row.pk for row, _name in answer.context["concerned"]} == {people[0].pk, people[1].pk}


def test_keys_of_another_cohort_choose_no_one(registrar: Client, cohort: Cohort, people: list[Enrollment]):
    other = taught_cohort(center=cohort.center)
    foreign = enroll(person_id=PersonFactory().pk, cohort_id=other.pk, by=UserFactory())

    answer = registrar.get(
        address("withdraw_many", cohort, f"chosen={foreign.pk}&chosen=x&chosen={'9' * 30}")
    )

    assert answer.context["total"] == 0


def test_keys_of_another_center_that_are_posted_are_left_alone(
    registrar: Client, cohort: Cohort, people: list[Enrollment]
):
    other = taught_cohort()
    foreign = enroll(person_id=PersonFactory().pk, cohort_id=other.pk, by=UserFactory())
    url = address("withdraw_many", cohort, ticked(people))
    mark = seen_in(registrar.get(url)).split(":")[1]

    registrar.post(url, {"seen": f"{foreign.pk}:{mark}", **REASON})

    assert states([foreign]) == [EnrollmentState.ACTIVE]


def test_a_transfer_takes_as_many_as_have_a_seat_in_the_order_of_the_list(
    registrar: Client, cohort: Cohort, people: list[Enrollment]
):
    target = CohortFactory(
        program=cohort.program,
        center=cohort.center,
        content_version=cohort.content_version,
        completion_rule=cohort.completion_rule,
        seats=2,
    )
    first = registrar.get(address("transfer_many", cohort, ticked(people)))
    url = address("transfer_many", cohort, f"{ticked(people)}&to={target.pk}")
    preview = registrar.get(url)

    answer = registrar.post(url, {"seen": seen_in(preview), "reason": "طلب ذلك"})

    assert not first.context["is_chosen"]
    assert (len(preview.context["concerned"]), len(preview.context["refused"])) == (2, 1)
    assert target.enrollments.count() == 2
    assert answer.url == reverse("cohort:people", args=[cohort.pk])


def test_a_cohort_in_which_one_may_not_enroll_is_no_target(
    registrar: Client, cohort: Cohort, people: list[Enrollment]
):
    elsewhere = CohortFactory(program=cohort.program)

    answer = registrar.get(address("transfer_many", cohort, f"{ticked(people)}&to={elsewhere.pk}"))

    assert not answer.context["is_chosen"]


def test_people_of_one_cohort_get_seats_in_another_as_long_as_there_are_any(
    registrar: Client, cohort: Cohort, people: list[Enrollment]
):
    """One has a seat there already, two seats are left for two."""
    other = taught_cohort(center=cohort.center, seats=3)
    enroll(person_id=people[0].person_id, cohort_id=other.pk, by=UserFactory())
    url = address("enroll_many", cohort, f"{ticked(people)}&to={other.pk}")
    preview = registrar.get(url)

    registrar.post(url, {"seen": seen_in(preview)})

    assert [row.pk for row, _name, _refusal in preview.context["refused"]] == [people[0].pk]
    assert set(other.enrollments.values_list("person", flat=True)) == {one.person_id for one in people}
    assert states(people) == [EnrollmentState.ACTIVE] * 3


def test_a_full_cohort_is_not_offered_to_enroll_in(
    registrar: Client, cohort: Cohort, people: list[Enrollment]
):
    full = taught_cohort(center=cohort.center, seats=1)
    enroll(person_id=people[0].person_id, cohort_id=full.pk, by=UserFactory())

    answer = registrar.get(address("enroll_many", cohort, ticked(people)))

    assert full not in answer.context["choice"].fields["to"].queryset


def assessed(cohort: Cohort) -> Cohort:
    asks = Clauses(practice=Practice(0, (Task("weld", {"ar": "لحام", "en": "Weld"}),)))
    cohort.completion_rule = set_completion_rule(
        program_id=cohort.program_id, by=UserFactory(is_superuser=True), asks=asks
    )
    cohort.save()
    return cohort


RESULT = {"task": "weld", "score": "80", "passed": "on", "remark": "كما في النموذج"}


def test_one_result_is_recorded_for_all_who_showed_the_same(
    client: Client, cohort: Cohort, people: list[Enrollment]
):
    assessor = staff_member(RoleName.ASSESSOR, cohort.center)
    client.force_login(assessor)
    url = address("assess_many", assessed(cohort), ticked(people[:2]))

    client.post(url, {"seen": seen_in(client.get(url)), **RESULT})

    results = PracticalResult.objects.order_by("enrollment")
    assert list(results.values_list("enrollment", "task_code", "score", "passed", "by")) == [
        (one.pk, "weld", 80, True, assessor.pk) for one in people[:2]
    ]


def test_who_taught_the_cohort_assesses_no_one_of_it(
    client: Client, cohort: Cohort, people: list[Enrollment]
):
    assessor = staff_member(RoleName.ASSESSOR, cohort.center)
    cohort.instructors.add(assessor)
    client.force_login(assessor)

    answer = client.get(address("assess_many", assessed(cohort), ticked(people)))

    assert answer.context["concerned"] == []
    assert len(answer.context["refused"]) == 3


def test_a_task_of_no_rule_is_refused_and_records_nothing(
    client: Client, cohort: Cohort, people: list[Enrollment]
):
    client.force_login(staff_member(RoleName.ASSESSOR, cohort.center))
    url = address("assess_many", assessed(cohort), ticked(people))

    answer = client.post(url, {"seen": seen_in(client.get(url)), **RESULT, "task": "solder"})

    assert answer.status_code == 200
    assert not PracticalResult.objects.exists()


def undo_button(answer: object) -> str:
    [link] = re.findall(r'href="([^"]*/undo_[^"]*)"', told(answer))
    return link


def test_a_withdrawal_of_many_is_undone_by_who_did_it_but_for_those_of_whom_something_changed(
    registrar: Client, cohort: Cohort, people: list[Enrollment]
):
    url = address("withdraw_many", cohort, ticked(people))
    preview = registrar.get(url)
    undo = undo_button(registrar.post(url, {"seen": seen_in(preview), **REASON}))
    colleague = Client()
    colleague.force_login(staff_member(RoleName.REGISTRAR, cohort.center))
    changed, *others = people
    Enrollment.objects.filter(pk=changed.pk).update(enrolled_at=changed.enrolled_at - dt.timedelta(days=1))

    not_theirs = colleague.get(undo)
    page = registrar.get(undo)
    answer = registrar.post(undo, {"seen": seen_in(page)})
    again = registrar.get(undo)

    assert "15" in preview.content.decode()
    assert not_theirs.url == again.url == reverse("cohort:people", args=[cohort.pk])
    assert [name for _row, name, _refusal in page.context["refused"]] == [str(changed.person)]
    assert answer.status_code == 302
    assert states(people) == [EnrollmentState.WITHDRAWN, EnrollmentState.ACTIVE, EnrollmentState.ACTIVE]
    trail = AuditEntry.objects.filter(action="courses.enrollment.reinstate")
    assert sorted(trail.values_list("object_id", flat=True)) == sorted(str(one.pk) for one in others)
    assert Enrollment.objects.get(pk=others[0].pk).enrolled_at == others[0].enrolled_at


def test_an_undo_does_only_what_the_act_did_and_only_while_it_may(
    registrar: Client, cohort: Cohort, people: list[Enrollment]
):
    gone, *others = people
    withdraw(enrollment_id=gone.pk, reason="x", by=UserFactory())
    url = address("withdraw_many", cohort, ticked(others))
    undo = undo_button(registrar.post(url, {"seen": seen_in(registrar.get(url)), **REASON}))
    gone.refresh_from_db()

    registrar.post(undo, {"seen": f"{gone.pk}:{mark_of(gone)}"})
    session = registrar.session
    session[UNDO] = {**(session.get(UNDO) or {}), "until": 0}
    session.save()

    assert states(people) == [EnrollmentState.WITHDRAWN] * 3
    assert registrar.get(undo).status_code == 302


def test_who_took_the_seat_meanwhile_keeps_it(registrar: Client, cohort: Cohort, people: list[Enrollment]):
    Cohort.objects.filter(pk=cohort.pk).update(seats=3)
    url = address("withdraw_many", cohort, ticked(people[:1]))
    undo = undo_button(registrar.post(url, {"seen": seen_in(registrar.get(url)), **REASON}))
    enroll(person_id=PersonFactory(registered_at=cohort.center).pk, cohort_id=cohort.pk, by=UserFactory())

    answer = registrar.post(undo, {"seen": seen_in(registrar.get(undo))})

    assert states(people[:1]) == [EnrollmentState.WITHDRAWN]
    assert str(CohortFull()) in told(answer)


def test_a_transfer_of_many_is_undone_also_where_the_cohort_takes_no_one_on_any_more(
    registrar: Client, cohort: Cohort, people: list[Enrollment]
):
    target = CohortFactory(center=cohort.center, program=cohort.program)
    url = address("transfer_many", cohort, f"{ticked(people[:2])}&to={target.pk}")
    undo = undo_button(registrar.post(url, {"seen": seen_in(registrar.get(url)), "reason": "خطأ"}))
    Cohort.objects.filter(pk=cohort.pk).update(starts_on=dt.date(2020, 1, 1))

    registrar.post(undo, {"seen": seen_in(registrar.get(undo))})

    moved = [Enrollment.objects.get(pk=one.pk) for one in people[:2]]
    assert [one.cohort_id for one in moved] == [cohort.pk] * 2
    assert [one.transfers.count() for one in moved] == [2, 2]
    cohort.refresh_from_db()
    assert cohort.seats_taken == 3
