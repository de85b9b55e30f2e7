"""Complaints: who answers, what is kept, what is sent."""

import datetime as dt

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pytest_django.fixtures import Settings

from accounts.digits import latin_digits
from accounts.enums import MembershipScope, NoticeState, RoleName
from accounts.models import Center, Delivery, SiteNotice, User
from accounts.services.merging import merge_people
from accounts.services.personal_data import personal_data
from courses.enums import (
    ComplaintChannel,
    ComplaintEventKind,
    ComplaintKind,
    ComplaintLevel,
    ComplaintNoticeKind,
    ComplaintOutcome,
    ComplaintState,
)
from courses.models import Complaint, ComplaintEvent, ComplaintNotice, Enrollment, Holiday
from courses.queries.complaints import complaints_of, complaints_waiting_for, with_level
from courses.references import check_digit, new_reference, parse_reference
from courses.services.complaint_events import TextMissing, TextTooLong, tidy_text
from courses.services.complaint_notices import send_complaint_notices
from courses.services.complaints import (
    AnsweredBefore,
    ComplaintClosed,
    NotOfThatPerson,
    NotToBeReopened,
    NotToBeTakenBack,
    NotYourComplaint,
    answer_complaint,
    ask_citizen,
    hand_over_complaint,
    open_again,
    purge_complaints,
    read_clocks_again,
    reopen_complaint,
    reply_to_question,
    take_complaint,
    withdraw_complaint,
)
from courses.services.question_moderation import mute_trainee
from tests.accounts.kannel import Network
from tests.factories.accounts import (
    MembershipFactory,
    PersonFactory,
    TraineeFactory,
    UserFactory,
    staff_member,
)
from tests.factories.complaints import PHONE, citizens_complaint, complaint_of
from tests.factories.courses import CohortFactory, EnrollmentFactory


@pytest.fixture
def manager(center: Center) -> User:
    return staff_member(RoleName.CENTER_MANAGER, center)


@pytest.fixture
def officer(db: None) -> User:
    return staff_member(RoleName.MINISTRY_OFFICER)


@pytest.fixture
def sunday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for first, so that roles and seats are of this day, too."""
    day = dt.datetime(2026, 12, 6, 10, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: day)


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """Outside of the quiet hours, whenever the tests run."""
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    moment = tomorrow.replace(hour=12, minute=0, second=0, microsecond=0)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


@pytest.fixture
def enrollment(center: Center) -> Enrollment:
    return EnrollmentFactory(cohort__center=center, person__registered_at=center)


def with_whom(complaint: Complaint, *, days: float = 0) -> ComplaintLevel:
    rows = with_level(Complaint.objects.filter(pk=complaint.pk), now=timezone.now() + dt.timedelta(days=days))
    return ComplaintLevel(rows.get().with_level)


# The reference


def test_a_reference_is_read_as_it_is_told_over_the_phone():
    reference = new_reference()
    arabic = reference.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    assert parse_reference(f" {arabic[:3]}-{arabic[3:6]} {arabic[6:]}") == reference


def test_every_wrong_digit_of_a_reference_is_noticed():
    body = "40718263"
    reference = body + check_digit(body)

    wrong = [
        reference[:place] + digit + reference[place + 1 :]
        for place in range(9)
        for digit in "0123456789"
        if digit != reference[place]
    ]

    assert [typed for typed in wrong if parse_reference(typed)] == []


# Who answers


def test_it_begins_at_the_center_and_rises_where_no_one_takes_it(
    enrollment: Enrollment, manager: User, officer: User
):
    MembershipFactory(
        role=RoleName.CENTER_MANAGER,
        scope=MembershipScope.GOVERNORATE,
        center=None,
        governorate=enrollment.cohort.center.governorate,
    )
    complaint = complaint_of(enrollment)

    assert with_whom(complaint) == ComplaintLevel.CENTER
    assert with_whom(complaint, days=6) in (ComplaintLevel.GOVERNORATE, ComplaintLevel.MINISTRY)
    assert with_whom(complaint, days=30) == ComplaintLevel.MINISTRY
    assert complaint in complaints_waiting_for(manager)
    assert complaint not in complaints_waiting_for(officer)


def test_a_level_at_which_no_one_may_answer_is_passed_over(
    enrollment: Enrollment, manager: User, officer: User
):
    complaint = complaint_of(enrollment, ComplaintKind.CENTER)

    assert with_whom(complaint) == ComplaintLevel.MINISTRY
    assert complaint in complaints_waiting_for(officer)
    assert complaint not in complaints_waiting_for(manager)


def test_one_about_everybody_who_could_answer_goes_to_superusers_and_auditors(
    enrollment: Enrollment, manager: User, officer: User
):
    MembershipFactory(user=officer, role=RoleName.REGISTRAR, center=enrollment.cohort.center)
    complaint = complaint_of(enrollment, ComplaintKind.STAFF, staff=officer)
    complaint.hidden_from.create(user=manager)
    auditor, superuser = staff_member(RoleName.AUDITOR), UserFactory(is_superuser=True)

    assert with_whom(complaint) == ComplaintLevel.LAST
    assert [complaint in complaints_waiting_for(user) for user in (manager, officer)] == [False, False]
    assert [complaint in complaints_waiting_for(user) for user in (auditor, superuser)] == [True, True]
    answer_complaint(complaint_id=complaint.pk, outcome=ComplaintOutcome.UPHELD, text="تم", by=superuser)


def test_what_a_colleague_took_is_theirs(enrollment: Enrollment, manager: User):
    colleague = staff_member(RoleName.CENTER_MANAGER, enrollment.cohort.center)
    complaint = complaint_of(enrollment)

    take_complaint(complaint_id=complaint.pk, by=manager)

    assert complaint in complaints_waiting_for(manager)
    assert complaint not in complaints_waiting_for(colleague)


def test_handed_over_it_is_with_the_level_above(enrollment: Enrollment, manager: User, officer: User):
    complaint = complaint_of(enrollment)

    hand_over_complaint(
        complaint_id=complaint.pk, level=ComplaintLevel.MINISTRY, reason="ليست من شأننا", by=manager
    )

    assert with_whom(complaint) == ComplaintLevel.MINISTRY
    assert complaint in complaints_waiting_for(officer)


@pytest.mark.parametrize("role", [RoleName.AUDITOR, RoleName.REGISTRAR, RoleName.CENTER_MANAGER])
def test_who_may_not_answer_is_refused(enrollment: Enrollment, role: RoleName):
    elsewhere = staff_member(role, None if role == RoleName.AUDITOR else CohortFactory().center)
    complaint = complaint_of(enrollment)

    with pytest.raises(NotYourComplaint):
        take_complaint(complaint_id=complaint.pk, by=elsewhere)

    assert complaint.events.count() == 1


def test_who_made_it_does_not_answer_it(center: Center, officer: User):
    officer.person = PersonFactory(registered_at=center)
    officer.save()
    enrollment = EnrollmentFactory(person=officer.person, cohort__center=center)
    complaint = complaint_of(enrollment)

    with pytest.raises(NotYourComplaint):
        take_complaint(complaint_id=complaint.pk, by=officer)


@pytest.mark.parametrize(("muted_for", "days"), [(0, 1), (1, 1), (2, 2), (30, 3)])
def test_who_may_not_write_is_owed_an_answer_before_those_days_are_over(
    sunday: None, enrollment: Enrollment, manager: User, muted_for: int, days: int
):
    mute_trainee(
        cohort_id=enrollment.cohort_id,
        person_id=enrollment.person_id,
        until=timezone.localdate() + dt.timedelta(days=muted_for),
        reason="كلام جارح",
        by=manager,
    )

    owed = complaint_of(enrollment, ComplaintKind.QUESTIONS).days_owed

    assert owed == days
    assert complaint_of(EnrollmentFactory(), ComplaintKind.QUESTIONS).days_owed == 3
    assert complaint_of(enrollment, ComplaintKind.CLASS).days_owed == 10


def test_who_silenced_a_trainee_sees_no_complaint_of_theirs(enrollment: Enrollment, manager: User):
    mute_trainee(
        cohort_id=enrollment.cohort_id,
        person_id=enrollment.person_id,
        until=timezone.localdate(),
        reason="كلام جارح",
        by=manager,
    )

    complaint = complaint_of(enrollment)

    assert complaint.pk not in complaints_waiting_for(manager).values_list("pk", flat=True)
    with pytest.raises(NotYourComplaint):
        take_complaint(complaint_id=complaint.pk, by=manager)


def test_a_complaint_names_what_its_person_has_to_do_with(enrollment: Enrollment):
    with pytest.raises(NotOfThatPerson):
        complaint_of(enrollment, cohort=CohortFactory())
    with pytest.raises(NotOfThatPerson):
        complaint_of(enrollment, staff=UserFactory())


# What happens to it


def test_a_question_stops_the_clock_and_the_answer_lets_it_go_on(enrollment: Enrollment, manager: User):
    complaint = complaint_of(enrollment)
    before = complaint.due_at

    asked = ask_citizen(complaint_id=complaint.pk, text="في أي يوم؟", by=manager)
    replied = reply_to_question(complaint_id=complaint.pk, text="يوم الأحد")

    assert asked.state == ComplaintState.ASKED
    assert replied.state == ComplaintState.TAKEN
    assert before is not None
    assert replied.due_at is not None
    assert before <= replied.due_at < before + dt.timedelta(minutes=1)
    assert [event.kind for event in complaint.events.all()] == ["filed", "taken", "asked", "replied"]


def test_it_is_reopened_once_and_others_answer(enrollment: Enrollment, manager: User, officer: User):
    complaint = complaint_of(enrollment)
    answer_complaint(complaint_id=complaint.pk, outcome=ComplaintOutcome.NOT_UPHELD, text="لا", by=manager)

    again = reopen_complaint(complaint_id=complaint.pk, text="لم يرد أحد على سؤالي")

    assert (again.state, again.level, again.taken_by) == (
        ComplaintState.NEW,
        ComplaintLevel.GOVERNORATE,
        None,
    )
    assert with_whom(again) == ComplaintLevel.MINISTRY
    answer_complaint(complaint_id=complaint.pk, outcome=ComplaintOutcome.UPHELD, text="نعم", by=officer)
    with pytest.raises(NotToBeReopened):
        reopen_complaint(complaint_id=complaint.pk, text="مرة أخرى")
    with pytest.raises(ComplaintClosed):
        take_complaint(complaint_id=complaint.pk, by=officer)


def reopened(enrollment: Enrollment, *, by: User) -> Complaint:
    complaint = complaint_of(enrollment)
    answer_complaint(complaint_id=complaint.pk, outcome=ComplaintOutcome.NOT_UPHELD, text="لا", by=by)
    return reopen_complaint(complaint_id=complaint.pk, text="ليس صحيحًا")


def test_who_answered_only_reads_it_once_it_is_reopened_whatever_roles_they_hold(
    enrollment: Enrollment, manager: User, officer: User
):
    MembershipFactory(
        user=manager, role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None
    )
    complaint = reopened(enrollment, by=manager)
    client = Client()
    client.force_login(manager)

    page = client.get(reverse("complaints:inspect", args=[complaint.pk]))
    forms = [
        client.get(reverse(f"complaints:{act}", args=[complaint.pk])).status_code
        for act in ("ask", "note", "answer", "hand_over")
    ]

    assert page.status_code == 200
    assert page.context["may_handle"] is False
    assert forms == [404] * 4
    for refused in (
        lambda: take_complaint(complaint_id=complaint.pk, by=manager),
        lambda: hand_over_complaint(complaint_id=complaint.pk, level=3, reason="x", by=manager),
        lambda: answer_complaint(complaint_id=complaint.pk, outcome="not_upheld", text="لا", by=manager),
    ):
        with pytest.raises(AnsweredBefore):
            refused()
    assert complaint not in complaints_waiting_for(manager)
    assert complaint in complaints_waiting_for(officer)


def test_where_the_only_officer_or_a_superuser_answered_first_another_one_does(
    enrollment: Enrollment, officer: User
):
    superuser, auditor = UserFactory(is_superuser=True), staff_member(RoleName.AUDITOR)
    complaint = complaint_of(enrollment)
    take_complaint(complaint_id=complaint.pk, by=superuser)
    answer_complaint(complaint_id=complaint.pk, outcome=ComplaintOutcome.NOT_UPHELD, text="لا", by=officer)
    reopen_complaint(complaint_id=complaint.pk, text="ليس صحيحًا")

    assert with_whom(complaint) == ComplaintLevel.LAST
    assert [complaint in complaints_waiting_for(user) for user in (superuser, officer)] == [False, False]
    assert complaint in complaints_waiting_for(auditor)
    with pytest.raises(AnsweredBefore):
        take_complaint(complaint_id=complaint.pk, by=superuser)
    another = staff_member(RoleName.MINISTRY_OFFICER)
    assert with_whom(complaint) == ComplaintLevel.MINISTRY
    answer_complaint(complaint_id=complaint.pk, outcome=ComplaintOutcome.UPHELD, text="نعم", by=another)


def test_the_ministry_takes_a_wrong_answer_back_and_whoever_gave_it_does_not_give_the_next(
    enrollment: Enrollment, manager: User, officer: User
):
    complaint = complaint_of(enrollment)
    take_back = {"complaint_id": complaint.pk, "text": "أُغلقت بالخطأ"}
    answer_complaint(complaint_id=complaint.pk, outcome=ComplaintOutcome.WITHDRAWN, text="لا", by=manager)
    with pytest.raises(NotToBeTakenBack):
        open_again(**take_back, by=manager)

    open_again(**take_back, by=officer)

    assert with_whom(complaint) == ComplaintLevel.MINISTRY
    assert complaint.notices.last().kind == ComplaintNoticeKind.REOPENED
    assert complaint in complaints_waiting_for(officer)
    with pytest.raises(AnsweredBefore):
        take_complaint(complaint_id=complaint.pk, by=manager)
    answer_complaint(complaint_id=complaint.pk, outcome=ComplaintOutcome.NOT_UPHELD, text="لا", by=officer)
    reopen_complaint(complaint_id=complaint.pk, text="ليس صحيحًا")
    with pytest.raises(AnsweredBefore):
        open_again(**take_back, by=officer)


def test_what_the_citizen_withdrew_is_not_opened_by_the_ministry(enrollment: Enrollment, officer: User):
    complaint = complaint_of(enrollment)
    withdraw_complaint(complaint_id=complaint.pk)

    with pytest.raises(NotToBeTakenBack):
        open_again(complaint_id=complaint.pk, text="x", by=officer)


def test_a_holiday_that_is_added_moves_the_day(enrollment: Enrollment):
    complaint = complaint_of(enrollment)
    days = [timezone.localdate() + dt.timedelta(days=number) for number in range(1, 8)]
    day = next(day for day in days if day.weekday() == 6)
    Holiday.objects.create(day=day, name_ar="عيد", name_en="feast")

    read_clocks_again()

    moved = Complaint.objects.get(pk=complaint.pk)
    assert moved.due_at is not None
    assert complaint.due_at is not None
    assert moved.due_at - complaint.due_at >= dt.timedelta(days=1)


def test_text_is_plain_and_not_empty():
    assert tidy_text("أ\u202eب\x00\r\nج ") == "أب\nج"
    with pytest.raises(TextMissing):
        tidy_text("\u200f \n")
    with pytest.raises(TextTooLong):
        tidy_text("a" * 2001)


# What is kept


def test_events_and_words_are_never_changed_and_go_with_the_complaint(enrollment: Enrollment, manager: User):
    complaint = complaint_of(enrollment)
    answer_complaint(complaint_id=complaint.pk, outcome=ComplaintOutcome.UPHELD, text="تم", by=manager)

    for change in (
        lambda: ComplaintEvent.objects.update(text="x"),
        lambda: ComplaintEvent.objects.all().delete(),
        lambda: Complaint.objects.update(text="x"),
        lambda: Complaint.objects.get(pk=complaint.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert purge_complaints() == 0
    Complaint.objects.update(purge_after=timezone.now() - dt.timedelta(seconds=1))
    assert purge_complaints() == 1
    assert not ComplaintEvent.objects.exists()


def test_a_merged_record_keeps_its_complaints_in_the_hands_of_its_person(enrollment: Enrollment):
    complaint = complaint_of(enrollment)
    kept = PersonFactory(registered_at=enrollment.cohort.center)

    merge_people(
        keep_id=kept.pk, duplicate_id=enrollment.person_id, reason="x", by=UserFactory(is_superuser=True)
    )

    assert list(complaints_of(kept.pk)) == [complaint]
    assert complaint.reference in "".join(personal_data(kept))


def test_the_file_of_ones_data_has_it_without_the_notes_of_staff(enrollment: Enrollment, manager: User):
    complaint = complaint_of(enrollment)
    ask_citizen(complaint_id=complaint.pk, text="في أي يوم؟", by=manager)
    hand_over_complaint(complaint_id=complaint.pk, level=3, reason="سر", by=manager)

    data = "".join(personal_data(enrollment.person))

    assert complaint.text in data
    assert "في أي يوم؟" in data
    assert "سر" not in data


# What is sent


def test_the_number_that_was_given_is_told_without_names_or_contents(
    center: Center, manager: User, sms: Network, noon: dt.datetime
):
    complaint = citizens_complaint(center)
    ask_citizen(complaint_id=complaint.pk, text="أي درس؟", by=manager)

    assert send_complaint_notices() == 1

    [message] = sms.received()
    assert message.to == PHONE
    # In the digits of the language.
    assert str(complaint) in latin_digits(message.text)
    assert "/complaints/find/" in message.text
    assert "أي درس" not in message.text
    assert complaint.name not in message.text
    assert Delivery.objects.get().person is None
    assert ComplaintNotice.objects.get().state == "sent"


def test_a_question_that_was_answered_is_not_sent(center: Center, manager: User, settings: Settings):
    complaint = citizens_complaint(center)
    ask_citizen(complaint_id=complaint.pk, text="أي درس؟", by=manager)
    reply_to_question(complaint_id=complaint.pk, text="الثالث")

    assert send_complaint_notices() == 0

    assert ComplaintNotice.objects.get().state == "dropped"
    assert complaint.events.filter(kind=ComplaintEventKind.REPLIED).exists()


def test_who_complains_with_a_login_reads_it_on_the_site_even_without_a_gateway(
    enrollment: Enrollment, manager: User
):
    trainee = TraineeFactory(person=enrollment.person)
    client = Client()
    client.force_login(trainee)
    complaint = complaint_of(enrollment)
    ask_citizen(complaint_id=complaint.pk, text="في أي يوم؟", by=manager)
    send_complaint_notices()
    reply_to_question(complaint_id=complaint.pk, text="يوم الأحد")
    answer_complaint(complaint_id=complaint.pk, outcome=ComplaintOutcome.UPHELD, text="تم", by=manager)
    send_complaint_notices()

    listed = client.get(reverse("account_notices")).context["page_obj"].object_list

    with override(trainee.language):
        assert {one.link for one in listed} == {reverse("courses:complaint", args=[complaint.reference])}
    assert len(listed) == 2
    assert "في أي يوم" not in "".join(one.body for one in listed)
    assert "://" not in "".join(one.body for one in listed)
    assert client.get(listed[0].link).status_code == 200
    assert {notice.state for notice in complaint.notices.all()} == {NoticeState.SHOWN}
    # Rows of the person are listed and moved by staff whom it may be about.
    assert not enrollment.person.site_notices.exists()


def test_it_is_mailed_to_the_login_where_no_short_message_can_be_sent_and_as_a_delivery_of_no_person(
    enrollment: Enrollment, manager: User, sms: Network, noon: dt.datetime, settings: Settings
):
    TraineeFactory(person=enrollment.person, email="mona@example.org")
    complaint = complaint_of(enrollment)
    ask_citizen(complaint_id=complaint.pk, text="في أي يوم؟", by=manager)
    send_complaint_notices()
    assert [message.to for message in sms.received()] == [PHONE]
    assert mail.outbox == []

    settings.SMS_GATEWAY_URL = ""
    answer_complaint(complaint_id=complaint.pk, outcome=ComplaintOutcome.UPHELD, text="تم", by=manager)
    send_complaint_notices()

    assert [message.to for message in mail.outbox] == [["mona@example.org"]]
    assert not Delivery.objects.exclude(person=None).exists()


def test_a_login_tells_only_who_made_it_not_who_entered_it_or_left(center: Center, manager: User):
    at_desk, instructor = staff_member(RoleName.REGISTRAR, center), staff_member(RoleName.INSTRUCTOR, center)
    entered = citizens_complaint(center, channel=ComplaintChannel.DESK, by=at_desk)
    own = citizens_complaint(center, by=instructor)
    left = citizens_complaint(center, by=UserFactory(is_active=False))
    for complaint in (entered, own, left):
        ask_citizen(complaint_id=complaint.pk, text="أي درس؟", by=manager)

    send_complaint_notices()

    told = SiteNotice.objects.get()
    assert told.user == instructor
    assert told.link.endswith(reverse("courses:find_complaint").removeprefix("/ar"))
    assert {one.notices.get().state for one in (entered, left)} == {NoticeState.UNREACHED}
