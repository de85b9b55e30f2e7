"""What people have in tests: of the person, in every center, given by who registers there, and why is for few."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import NoticeState, RoleName
from accounts.errors import DomainError
from accounts.models import AuditEntry, Membership, Person, SiteNotice, User
from accounts.services.erasures import erase_person
from accounts.services.merging import merge_people, undo_merge
from accounts.services.people import OwnRecord
from accounts.services.personal_data import personal_data
from assessment.errors import (
    AccommodationEnded,
    AccommodationReasonMissing,
    AlreadyGiven,
    BeyondTheMost,
    BothHaveAccommodations,
    DaysInThePast,
    NothingGiven,
    NotToDecide,
)
from assessment.models import Accommodation, AccommodationNotice, AccommodationReason
from assessment.queries.accommodations import accommodation_of, factor_of
from assessment.services.accommodation_notices import send_accommodation_notices
from assessment.services.accommodations import end_accommodation
from courses.enums import EnrollmentState
from courses.models import Enrollment
from tests.factories.accommodations import WHY, accommodated, give
from tests.factories.accounts import (
    CenterFactory,
    PersonFactory,
    TraineeFactory,
    UserFactory,
    deputy_for,
    staff_member,
)
from tests.factories.courses import EnrollmentFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def enrollment() -> Enrollment:
    made: Enrollment = EnrollmentFactory()
    return made


@pytest.fixture
def registrar(enrollment: Enrollment) -> User:
    return staff_member(RoleName.REGISTRAR, enrollment.cohort.center)


def typed(**facts: Any) -> dict[str, Any]:
    return {
        "more_percent": "25",
        "break_minutes": "10",
        "since": timezone.localdate().isoformat(),
        "until": "",
        "reason": WHY,
        **facts,
    }


def test_it_holds_in_every_center_on_its_days_and_no_longer_than_somebody_ends_it(
    enrollment: Enrollment, registrar: User
):
    now = timezone.now()
    given = give(enrollment.person, by=registrar, until=timezone.localdate() + DAY)
    elsewhere = EnrollmentFactory(person=enrollment.person)
    moments = [now - DAY, timezone.now(), now + DAY, now + 2 * DAY]

    held = [accommodation_of(elsewhere.person, moment) for moment in moments]
    factors = [factor_of(elsewhere.person_id, moment) for moment in moments]
    ended = end_accommodation(accommodation_id=given.pk, reason="انتهى", by=registrar)

    assert held == [None, given, given, None]
    assert factors == [1, Fraction(5, 4), Fraction(5, 4), 1]
    assert accommodation_of(enrollment.person, ended.ended_at) is None
    assert accommodation_of(enrollment.person, ended.ended_at - dt.timedelta(milliseconds=1)) == given


def test_who_registers_people_where_the_person_learns_now_decides_and_no_one_else(enrollment: Enrollment):
    center = enrollment.cohort.center
    former = EnrollmentFactory(person=enrollment.person)
    Enrollment.objects.filter(pk=former.pk).update(state=EnrollmentState.WITHDRAWN)
    lapsed = staff_member(RoleName.REGISTRAR, center)
    Membership.objects.filter(user=lapsed).update(
        since=timezone.localdate() - 9 * DAY, until=timezone.localdate() - DAY
    )
    others = [
        staff_member(RoleName.INSTRUCTOR, center),
        staff_member(RoleName.ASSESSOR, center),
        staff_member(RoleName.REGISTRAR, CenterFactory()),
        staff_member(RoleName.REGISTRAR, former.cohort.center),
        lapsed,
        TraineeFactory(person=enrollment.person),
    ]

    for other in others[:-1]:
        with pytest.raises(NotToDecide):
            give(enrollment.person, by=other)
    with pytest.raises(OwnRecord):
        give(enrollment.person, by=others[-1])
    given = give(enrollment.person, by=staff_member(RoleName.CENTER_MANAGER, center))

    for other in others[:-1]:
        with pytest.raises(NotToDecide):
            end_accommodation(accommodation_id=given.pk, reason="x", by=other)
    given.refresh_from_db()
    assert given.ended_at is None
    assert Accommodation.objects.count() == 1


def test_no_one_gives_time_to_oneself_nor_has_a_deputy_give_it(enrollment: Enrollment, registrar: User):
    User.objects.filter(pk=registrar.pk).update(person=enrollment.person)
    registrar.refresh_from_db()
    deputy = deputy_for(Membership.objects.get(user=registrar)).user

    for one in (registrar, deputy):
        with pytest.raises(OwnRecord):
            give(enrollment.person, by=one)
    assert not Accommodation.objects.exists()


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"factor": Decimal(1), "break_minutes": 0}, NothingGiven),
        ({"factor": Decimal("3.01")}, BeyondTheMost),
        ({"factor": Decimal("0.5")}, BeyondTheMost),
        ({"break_minutes": 241}, BeyondTheMost),
        ({"since": dt.date(2020, 1, 1)}, DaysInThePast),
        ({"until": dt.date(2020, 1, 1)}, DaysInThePast),
        ({"reason": " \n "}, AccommodationReasonMissing),
    ],
)
def test_what_cannot_be_given_is_refused(
    enrollment: Enrollment, registrar: User, facts: dict[str, Any], refusal: type[DomainError]
):
    with pytest.raises(refusal):
        give(enrollment.person, by=registrar, **facts)

    assert not Accommodation.objects.exists()


def test_one_holds_at_a_time_and_the_next_one_may_be_given_before(enrollment: Enrollment, registrar: User):
    today = timezone.localdate()
    give(enrollment.person, by=registrar, until=today + 9 * DAY)

    with pytest.raises(AlreadyGiven):
        give(enrollment.person, by=registrar, since=today + 9 * DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        accommodated(enrollment.person)
    give(enrollment.person, by=registrar, since=today + 10 * DAY, until=None)

    assert Accommodation.objects.count() == 2


def test_it_is_ended_once_and_the_database_itself_keeps_what_was_given(
    enrollment: Enrollment, registrar: User
):
    given = give(enrollment.person, by=registrar)
    with pytest.raises(AccommodationReasonMissing):
        end_accommodation(accommodation_id=given.pk, reason="", by=registrar)

    end_accommodation(accommodation_id=given.pk, reason="برأ", by=registrar)

    with pytest.raises(AccommodationEnded):
        end_accommodation(accommodation_id=given.pk, reason="مرة أخرى", by=registrar)
    row = Accommodation.objects.filter(pk=given.pk)
    for change in ({"factor": Decimal(2)}, {"ended_at": None, "ended_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()


@pytest.mark.parametrize("role", [RoleName.INSTRUCTOR, RoleName.ASSESSOR, RoleName.REGISTRAR])
def test_the_pages_of_the_person_say_what_was_given_and_not_why(
    client: Client, enrollment: Enrollment, registrar: User, role: RoleName
):
    center, person = enrollment.cohort.center, enrollment.person
    Person.objects.filter(pk=person.pk).update(registered_at=center)
    give(person, by=registrar)
    client.force_login(staff_member(role, center))

    for page in (
        reverse("enrollment:inspect", args=[enrollment.pk]),
        reverse("person:inspect", args=[person.pk]),
    ):
        shown = client.get(page).content.decode()
        assert "25" in shown
        assert "ضعف بصر" not in shown


def test_the_reason_is_encrypted_and_on_the_page_of_who_decides(
    client: Client, enrollment: Enrollment, registrar: User
):
    give(enrollment.person, by=registrar)
    client.force_login(staff_member(RoleName.REGISTRAR, enrollment.cohort.center))

    decided = client.get(reverse("accommodation", args=[enrollment.pk])).content.decode()

    assert WHY in decided
    kept = AccommodationReason.objects.get()
    assert WHY.encode() not in bytes(kept.given_for_encrypted)
    trail = AuditEntry.objects.filter(action__startswith="assessment.accommodation")
    assert trail.count() == 1
    assert not any("بصر" in str(entry) for entry in trail.values())


def test_staff_of_a_center_that_the_person_left_see_nothing(client: Client, enrollment: Enrollment):
    center = enrollment.cohort.center
    accommodated(enrollment.person, has_large_text=True)
    Enrollment.objects.filter(pk=enrollment.pk).update(state=EnrollmentState.WITHDRAWN)
    client.force_login(staff_member(RoleName.CENTER_MANAGER, center))

    page = client.get(reverse("enrollment:inspect", args=[enrollment.pk]))

    assert page.context["facts"] == []
    assert client.get(reverse("accommodation", args=[enrollment.pk])).status_code == 404


def test_a_registrar_reads_the_effects_and_confirms_them(
    client: Client, enrollment: Enrollment, registrar: User
):
    client.force_login(registrar)
    page = reverse("accommodation", args=[enrollment.pk])
    linked = client.get(reverse("enrollment:inspect", args=[enrollment.pk])).content.decode()

    asked = client.post(page, typed())
    before = Accommodation.objects.count()
    client.post(page, typed(confirmed="1"))

    assert page in linked
    assert len(asked.context["asked"]["effects"]) == 2
    assert before == 0
    given = Accommodation.objects.get()
    assert (given.factor, given.break_minutes, given.until) == (Decimal("1.25"), 10, None)
    end = reverse("end_accommodation", args=[enrollment.pk, given.pk])
    assert client.get(end).status_code == 200
    client.post(end, {"reason": "لم يعد يلزم"})
    given.refresh_from_db()
    assert given.ended_by == registrar


def test_a_refusal_is_said_on_the_page(client: Client, enrollment: Enrollment, registrar: User):
    client.force_login(registrar)
    page = reverse("accommodation", args=[enrollment.pk])

    nothing = client.post(page, typed(more_percent="0", break_minutes="0"))
    accommodated(enrollment.person)
    twice = client.post(page, typed(confirmed="1"))

    assert str(NothingGiven()) in nothing.context["form"].non_field_errors()
    assert str(AlreadyGiven()) in twice.context["form"].non_field_errors()


def test_a_member_of_staff_who_learns_finds_no_page_of_the_own(
    client: Client, enrollment: Enrollment, registrar: User
):
    User.objects.filter(pk=registrar.pk).update(person=enrollment.person)
    client.force_login(User.objects.get(pk=registrar.pk))

    response = client.get(reverse("accommodation", args=[enrollment.pk]))

    assert response.status_code == 404


def test_the_person_sees_it_on_my_account_and_with_the_reason_in_the_file(
    client: Client, enrollment: Enrollment, registrar: User
):
    give(enrollment.person, by=registrar, has_reader=True)
    client.force_login(TraineeFactory(person=enrollment.person))

    page = client.get(reverse("account"))

    facts = page.context["facts"]
    assert [len(fact.parts) for fact in facts] == [3]
    assert "ضعف بصر" not in page.content.decode()
    assert WHY in "".join(personal_data(enrollment.person))


def test_an_erasure_takes_the_reason_and_leaves_the_effects(enrollment: Enrollment, registrar: User):
    given = give(enrollment.person, by=registrar)

    # Who studies is not erased.
    Enrollment.objects.filter(pk=enrollment.pk).update(state=EnrollmentState.WITHDRAWN)
    erase_person(person_id=enrollment.person_id, reason="طلب المحو", by=UserFactory(is_superuser=True))
    # As in a restored copy, which is erased again anyone who studies.
    Enrollment.objects.filter(pk=enrollment.pk).update(state=EnrollmentState.ACTIVE)
    end_accommodation(accommodation_id=given.pk, reason="لا يُحفظ", by=registrar)

    assert not AccommodationReason.objects.exists()
    assert WHY not in "".join(personal_data(enrollment.person))
    assert factor_of(enrollment.person, given.given_at) == Fraction(5, 4)


def test_a_merge_moves_it_and_an_undoing_gives_it_back():
    kept, other = PersonFactory(), PersonFactory()
    officer = UserFactory(is_superuser=True)
    given = accommodated(other)

    merge = merge_people(keep_id=kept.pk, duplicate_id=other.pk, reason="x", by=officer)
    moved = accommodation_of(kept, timezone.now())
    undo_merge(merge_id=merge.pk, reason="x", by=officer)

    assert moved == given
    assert [accommodation_of(one, timezone.now()) for one in (kept, other)] == [None, given]


def test_two_records_with_something_on_the_same_days_are_not_merged_unless_both_are_over():
    kept, other = PersonFactory(), PersonFactory()
    officer = UserFactory(is_superuser=True)
    today = timezone.localdate()
    past = {"since": today - 9 * DAY, "until": today - 2 * DAY}
    accommodated(kept, **past)
    second = accommodated(other, **past)
    accommodated(kept, since=today)
    current = accommodated(other, since=today)

    with pytest.raises(BothHaveAccommodations):
        merge_people(keep_id=kept.pk, duplicate_id=other.pk, reason="x", by=officer)
    Accommodation.objects.filter(pk=current.pk).update(ended_at=timezone.now(), ended_by=officer)
    merge_people(keep_id=kept.pk, duplicate_id=other.pk, reason="x", by=officer)

    assert Accommodation.objects.filter(person=kept).count() == 3
    second.refresh_from_db()
    assert second.person_id == other.pk


def sent_now() -> int:
    AccommodationNotice.objects.filter(state=NoticeState.WAITING).update(due_at=timezone.now())
    return send_accommodation_notices()


def test_the_person_is_told_once_what_holds_and_that_it_ended_and_never_why(
    enrollment: Enrollment, registrar: User
):
    TraineeFactory(person=enrollment.person, email="trainee@example.test")
    given = give(enrollment.person, by=registrar)

    first = [sent_now(), sent_now()]
    end_accommodation(accommodation_id=given.pk, reason="انتهى العلاج", by=registrar)
    second = [sent_now(), sent_now()]

    assert first == second == [1, 0]
    said = "\n".join(f"{one.subject} {one.body}" for one in mail.outbox)
    assert len(mail.outbox) == 2
    assert "25" in said or "٢٥" in said
    assert WHY not in said
    assert "العلاج" not in said
    assert SiteNotice.objects.filter(person=enrollment.person).count() == 2


def test_what_is_ended_before_it_was_told_is_not_told(enrollment: Enrollment, registrar: User):
    TraineeFactory(person=enrollment.person, email="trainee@example.test")
    given = give(enrollment.person, by=registrar)

    end_accommodation(accommodation_id=given.pk, reason="سهو", by=registrar)

    assert sent_now() == 0
    assert not mail.outbox
