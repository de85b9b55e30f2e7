"""Writing to people who were chosen in the workspace of a cohort."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from courses.enums import AnnouncementScope
from courses.models import Announcement, Cohort, Enrollment
from tests.factories.accounts import PersonFactory, staff_member
from tests.factories.courses import EnrollmentFactory, taught_cohort

pytestmark = pytest.mark.django_db
WORDS = {"subject_ar": "غدًا في الورشة", "body_ar": "أحضروا القفازات."}


@pytest.fixture
def cohort() -> Cohort:
    return taught_cohort()


@pytest.fixture
def people(cohort: Cohort) -> list[Enrollment]:
    return [
        EnrollmentFactory(cohort=cohort, person=PersonFactory(registered_at=cohort.center))
        for _number in range(3)
    ]


def test_who_was_ticked_gets_the_message_and_nobody_else(
    client: Client, cohort: Cohort, people: list[Enrollment]
):
    client.force_login(staff_member(RoleName.REGISTRAR, cohort.center))
    ticked = {"chosen": [people[0].pk, people[2].pk]}

    form = client.get(reverse("cohort:write_to", args=[cohort.pk]), ticked).context
    client.post(reverse("announcement:to"), {"enrollment": [one.pk for one in form["enrollments"]], **WORDS})

    draft = Announcement.objects.get()
    assert draft.scope == AnnouncementScope.SELECTION
    assert set(draft.enrollments.all()) == {people[0], people[2]}


def test_all_whom_the_filter_finds_are_chosen(client: Client, cohort: Cohort, people: list[Enrollment]):
    client.force_login(staff_member(RoleName.REGISTRAR, cohort.center))

    form = client.get(reverse("cohort:write_to", args=[cohort.pk]), {"all": "1"}).context

    assert set(form["enrollments"]) == set(people)


def test_who_chose_nobody_is_led_back_to_the_roster(client: Client, cohort: Cohort):
    client.force_login(staff_member(RoleName.REGISTRAR, cohort.center))

    answer = client.get(reverse("cohort:write_to", args=[cohort.pk]))

    assert answer.url == reverse("cohort:people", args=[cohort.pk])


def test_an_instructor_is_offered_it_for_the_own_cohorts_only(
    client: Client, cohort: Cohort, people: list[Enrollment]
):
    instructor = staff_member(RoleName.INSTRUCTOR, cohort.center)
    client.force_login(instructor)
    roster = reverse("cohort:people", args=[cohort.pk])
    address = reverse("cohort:write_to", args=[cohort.pk])

    of_a_colleague = client.get(roster).text, client.get(address, {"chosen": people[0].pk}).status_code
    cohort.instructors.add(instructor)
    own = client.get(roster).text, client.get(address, {"chosen": people[0].pk}).status_code

    assert (address in of_a_colleague[0], of_a_colleague[1]) == (False, 404)
    assert (address in own[0], own[1]) == (True, 200)


def test_the_workspace_lists_what_was_written_to_the_cohort_and_to_some_of_it(
    client: Client, cohort: Cohort, people: list[Enrollment]
):
    registrar = staff_member(RoleName.REGISTRAR, cohort.center)
    client.force_login(registrar)
    client.post(reverse("announcement:to"), {"enrollment": [people[0].pk], **WORDS})
    other = EnrollmentFactory(cohort=taught_cohort(center=cohort.center))
    client.post(
        reverse("announcement:to"), {"enrollment": [other.pk], **WORDS, "subject_ar": "إلى مجموعة أخرى"}
    )

    listed = client.get(reverse("cohort:messages", args=[cohort.pk])).context["page"].object_list

    assert [message.subject_ar for message in listed] == [WORDS["subject_ar"]]


def test_who_neither_teaches_the_cohort_nor_enrolls_there_reads_no_messages_of_it(
    client: Client, cohort: Cohort, people: list[Enrollment]
):
    client.force_login(staff_member(RoleName.REGISTRAR, cohort.center))
    client.post(reverse("announcement:to"), {"enrollment": [people[0].pk], **WORDS})
    client.force_login(staff_member(RoleName.INSTRUCTOR, cohort.center))

    listed = client.get(reverse("cohort:messages", args=[cohort.pk])).context["page"].object_list

    assert list(listed) == []
