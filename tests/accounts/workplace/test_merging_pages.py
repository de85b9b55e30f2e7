"""The pages on which staff merge two records of one person, undo it, and write notes."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import ContactKind, RoleName
from accounts.models import Center, Person, PersonMerge, PersonNote, User
from accounts.services.contacts import record_contact
from accounts.services.identity_documents import register_national_id
from accounts.services.merging import merge_people
from accounts.services.notes import add_note
from tests.accounts.people.numbers import national_number
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory, staff_member
from tests.factories.courses import CohortFactory, EnrollmentFactory

pytestmark = pytest.mark.django_db
NUMBER = national_number(dt.date(1999, 4, 7))


@pytest.fixture
def kept(center: Center) -> Person:
    return PersonFactory(registered_at=center, full_name_ar="زينب علي حسن", folded_name="زينب علي حسن")


@pytest.fixture
def other(center: Center) -> Person:
    return PersonFactory(registered_at=center, full_name_ar="زينب على حسن", folded_name="زينب علي حسن")


def page_of(client: Client, name: str, *keys: int, **query: str) -> str:
    answer = client.get(reverse(f"person:{name}", args=keys), query)
    assert answer.status_code == 200
    return answer.content.decode()


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_of_a_person_leads_to_who_may_be_the_same(
    manager_client: Client, kept: Person, other: Person
):
    assert reverse("person:merge_choose", args=[kept.pk]) in page_of(manager_client, "inspect", kept.pk)

    page = page_of(manager_client, "merge_choose", kept.pk)

    assert reverse("person:merge", args=[kept.pk, other.pk]) in page
    assert reverse("person:merge", args=[kept.pk, kept.pk]) not in page


@pytest.mark.parametrize("typed", ["زينب", NUMBER, "01012345678"])
def test_the_other_record_is_found_by_name_number_and_phone_within_reach(
    manager_client: Client, manager: User, kept: Person, center: Center, other_center: Center, typed: str
):
    person = PersonFactory(registered_at=center, folded_name="زينب محمود")
    elsewhere = PersonFactory(registered_at=other_center, folded_name="زينب محمود")
    record_contact(person_id=person.pk, kind=ContactKind.PHONE, value="01012345678", by=manager)
    register_national_id(person_id=person.pk, number=NUMBER, by=manager)

    page = page_of(manager_client, "merge_choose", kept.pk, q=typed)

    assert reverse("person:merge", args=[kept.pk, person.pk]) in page
    assert reverse("person:merge", args=[kept.pk, elsewhere.pk]) not in page


def test_both_are_compared_and_merged(manager_client: Client, center: Center, kept: Person, other: Person):
    EnrollmentFactory(person=other, cohort=CohortFactory(center=center))
    compare = reverse("person:merge", args=[kept.pk, other.pk])
    assert "التسجيلات: 1" in page_of(manager_client, "merge", kept.pk, other.pk)

    answer = manager_client.post(compare, {"reason": "بطاقة واحدة"}, follow=True)

    merge = PersonMerge.objects.get()
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse("person:inspect", args=[kept.pk])
    assert "بطاقة واحدة" in page
    assert reverse("person:merge_undo", args=[kept.pk, merge.pk]) in page
    # The address of the second record leads here.
    led = manager_client.get(reverse("person:inspect", args=[other.pk]))
    assert led["Location"] == reverse("person:inspect", args=[kept.pk])
    assert other.full_name_ar not in [
        str(row) for row in manager_client.get(reverse("person:index")).context["object_list"]
    ]


def test_merged_records_are_told_apart_again(
    manager_client: Client, manager: User, center: Center, kept: Person, other: Person
):
    EnrollmentFactory(person=other, cohort=CohortFactory(center=center))
    merge = merge_people(keep_id=kept.pk, duplicate_id=other.pk, reason="بطاقة واحدة", by=manager)
    undo = reverse("person:merge_undo", args=[kept.pk, merge.pk])
    assert "التسجيلات: 1" in page_of(manager_client, "merge_undo", kept.pk, merge.pk)

    manager_client.post(undo, {"reason": "شخصان"})

    assert Person.objects.filter(pk=other.pk).exists()
    assert manager_client.get(undo).status_code == 404
    # Both pages still tell what happened, and lead to each other.
    for one, another in ((kept, other), (other, kept)):
        page = page_of(manager_client, "inspect", one.pk)
        assert "دمج سابق تم التراجع عنه" in page
        assert "شخصان" in page
        assert reverse("person:inspect", args=[another.pk]) in page


def test_what_stands_against_it_is_said_before_anything_is_typed(
    manager_client: Client, center: Center, kept: Person, other: Person
):
    cohort = CohortFactory(center=center)
    for person in (kept, other):
        TraineeFactory(person=person)
        EnrollmentFactory(person=person, cohort=cohort)

    page = page_of(manager_client, "merge", kept.pk, other.pk)
    answer = manager_client.post(reverse("person:merge", args=[kept.pk, other.pk]), {"reason": "x"})

    assert cohort.code in page
    assert 'name="reason"' not in page
    assert answer.status_code == 200
    assert not PersonMerge.objects.exists()


def test_a_person_of_another_center_is_not_compared_by_key(
    manager_client: Client, kept: Person, other_center: Center
):
    elsewhere = PersonFactory(registered_at=other_center)
    address = reverse("person:merge", args=[kept.pk, elsewhere.pk])

    assert manager_client.get(address).status_code == 404
    assert manager_client.post(address, {"reason": "x"}).status_code == 404
    assert manager_client.get(reverse("person:merge", args=[elsewhere.pk, kept.pk])).status_code == 404


def test_a_merge_is_undone_on_the_page_of_its_own_person_only(
    manager_client: Client, manager: User, center: Center, kept: Person, other: Person
):
    merge = merge_people(keep_id=kept.pk, duplicate_id=other.pk, reason="x", by=manager)
    third = PersonFactory(registered_at=center)

    assert manager_client.get(reverse("person:merge_undo", args=[third.pk, merge.pk])).status_code == 404


def test_an_instructor_reads_notes_and_neither_writes_nor_merges(
    center: Center, manager: User, kept: Person, other: Person
):
    add_note(person_id=kept.pk, text="يحتاج خطًا كبيرًا", by=manager)
    client = logged_in(MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user)

    page = page_of(client, "inspect", kept.pk)

    assert "يحتاج خطًا كبيرًا" in page
    assert reverse("person:note", args=[kept.pk]) not in page
    assert client.post(reverse("person:note", args=[kept.pk]), {"text": "x"}).status_code == 404
    assert client.get(reverse("person:merge", args=[kept.pk, other.pk])).status_code == 404


def test_three_notes_cost_as_much_as_one(manager_client: Client, manager: User, kept: Person):
    page_of(manager_client, "inspect", kept.pk)
    counts = []
    for notes in (1, 2):
        for _note in range(notes):
            add_note(person_id=kept.pk, text="يحتاج خطًا كبيرًا", by=manager)
        with CaptureQueriesContext(connection) as asked:
            page_of(manager_client, "inspect", kept.pk)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_notes_are_shown_newest_first_in_pages(manager_client: Client, manager: User, kept: Person):
    for number in range(1, 13):
        add_note(person_id=kept.pk, text=f"ملاحظة رقم {number}.", by=manager)

    first, second = (
        page_of(manager_client, "inspect", kept.pk),
        page_of(manager_client, "inspect", kept.pk, p="2"),
    )

    assert first.index("ملاحظة رقم 12.") < first.index("ملاحظة رقم 3.")
    assert "ملاحظة رقم 2." not in first
    assert "ملاحظة رقم 2." in second


def test_a_note_is_for_the_center_where_it_was_written_and_the_ministry(
    manager: User, other_center: Center, kept: Person
):
    add_note(person_id=kept.pk, text="لهذا المركز", by=manager)
    Person.objects.filter(pk=kept.pk).update(registered_at=other_center)

    there = page_of(logged_in(staff_member(RoleName.REGISTRAR, other_center)), "inspect", kept.pk)
    ministry = page_of(logged_in(staff_member(RoleName.MINISTRY_OFFICER)), "inspect", kept.pk)

    assert "لهذا المركز" not in there
    assert "لهذا المركز" in ministry


def test_the_person_reads_notes_in_the_file_of_their_data_and_on_no_page(
    manager: User, kept: Person, other: Person
):
    add_note(person_id=kept.pk, text="يحتاج خطًا كبيرًا", by=manager)
    add_note(person_id=other.pk, text="من السجل الآخر", by=manager)
    merge_people(keep_id=kept.pk, duplicate_id=other.pk, reason="بطاقة واحدة", by=manager)
    client = logged_in(TraineeFactory(person=kept))

    answer = client.post(reverse("account_data"))
    kept_of_me = json.loads(b"".join(answer.streaming_content))

    assert {row["text"] for row in kept_of_me["notes_of_staff"]} == {"يحتاج خطًا كبيرًا", "من السجل الآخر"}
    assert len(kept_of_me["person"]) == 2
    assert client.get(reverse("person:inspect", args=[kept.pk])).status_code != 200
    assert PersonNote.objects.count() == 2
