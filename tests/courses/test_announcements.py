"""Messages of staff to trainees: who may write to whom, who is told and by what, and a true account when it is canceled."""

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.enums import ContactKind, MembershipScope, NoticeState, RoleName
from accounts.errors import DomainError
from accounts.models import AuditEntry, Center, Contact, SiteNotice, User
from accounts.services.courtesies import choose_notices
from accounts.sms import parts_of
from courses.enums import AnnouncementScope, AnnouncementState, EnrollmentState
from courses.errors import (
    DirectionOverride,
    NoRecipients,
    NotADraft,
    NotBeingSent,
    NotYoursToWriteTo,
    ShortTextTooLong,
    TooManyChosen,
    TooManyMessages,
    UrgentByOthers,
)
from courses.models import Announcement, AnnouncementJob, Cohort, Enrollment
from courses.queries.announcements import account_of, reach_of
from courses.services import announcements
from courses.services.announcements import (
    cancel_announcement,
    note_recipients,
    send_announcement,
    send_announcements,
    sms_parts,
    write_announcement,
)
from courses.viewsets.announcements import preview_of
from jobs.enums import JobState
from jobs.errors import LeaseLost
from jobs.services.leases import lease
from jobs.services.recovery import retry
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory
from tests.factories.courses import CohortFactory, EnrollmentFactory
from tests.factories.jobs import put

pytestmark = pytest.mark.django_db
TEXTS = {"subject_ar": "غدًا عطلة", "body_ar": "لا حصص غدًا في المركز."}


@pytest.fixture
def cohort(center: Center) -> Cohort:
    return CohortFactory(center=center)


@pytest.fixture
def registrar(center: Center) -> User:
    return MembershipFactory(center=center, role=RoleName.REGISTRAR).user


@pytest.fixture
def ministry(db: None) -> User:
    return MembershipFactory(role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None).user


@pytest.fixture
def instructor(center: Center, cohort: Cohort) -> User:
    user = MembershipFactory(center=center, role=RoleName.INSTRUCTOR).user
    cohort.instructors.add(user)
    return user


def learning(cohort: Cohort, *, email: str | None = None) -> User:
    user = TraineeFactory(person=PersonFactory(registered_at=cohort.center), email=email)
    EnrollmentFactory(person=user.person, cohort=cohort)
    return user


def draft(by: User, **facts: object) -> Announcement:
    facts = {"is_urgent": False, "texts": TEXTS, **facts}
    return write_announcement(by=by, **facts)


def to_cohort(cohort: Cohort, by: User, **facts: object) -> Announcement:
    return draft(by, scope=AnnouncementScope.COHORT, cohort_id=cohort.pk, **facts)


def sent(announcement: Announcement, by: User) -> Announcement:
    send_announcement(announcement_id=announcement.pk, by=by)
    note_recipients(job_id=announcement.job.pk)
    send_announcements()
    announcement.refresh_from_db()
    return announcement


def test_everyone_who_learns_there_is_told_by_mail_and_on_the_site(cohort: Cohort, registrar: User):
    mona, _ali = learning(cohort, email="mona@example.org"), learning(cohort)
    left = learning(cohort)
    Enrollment.objects.filter(person=left.person).update(
        state=EnrollmentState.WITHDRAWN, withdrawn_for="other"
    )

    announcement = sent(to_cohort(cohort, registrar), registrar)

    assert [letter.to for letter in mail.outbox] == [["mona@example.org"]]
    assert mail.outbox[0].subject == "غدًا عطلة"
    assert SiteNotice.objects.filter(subject="غدًا عطلة").count() == 2
    account = account_of(announcement)
    assert (announcement.state, account.expected, account.by_mail, account.on_site_only) == (
        AnnouncementState.SENT,
        2,
        1,
        1,
    )
    assert mona.person.site_notices.get().body == "لا حصص غدًا في المركز."


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        (AnnouncementScope.CENTER, {"here", "next"}),
        (AnnouncementScope.PROGRAM, {"here"}),
        (AnnouncementScope.COHORT, {"here"}),
        (AnnouncementScope.MINISTRY, {"here", "next", "elsewhere"}),
    ],
)
def test_each_scope_reaches_its_trainees_once(
    center: Center, cohort: Cohort, ministry: User, scope: AnnouncementScope, told: set[str]
):
    people = {
        "here": learning(cohort),
        "next": learning(CohortFactory(center=center)),
        "elsewhere": learning(CohortFactory()),
    }
    asked = {
        AnnouncementScope.CENTER: {"center_id": center.pk},
        AnnouncementScope.PROGRAM: {"program_id": cohort.program_id, "center_id": center.pk},
        AnnouncementScope.COHORT: {"cohort_id": cohort.pk},
    }.get(scope, {})

    announcement = sent(draft(ministry, scope=scope, **asked), ministry)

    found = set(announcement.notices.values_list("person", flat=True))
    assert found == {people[name].person_id for name in told}


def test_who_reads_english_gets_the_english_words_where_there_are_some(cohort: Cohort, registrar: User):
    reader = learning(cohort, email="lee@example.org")
    User.objects.filter(pk=reader.pk).update(language="en")

    sent(to_cohort(cohort, registrar), registrar)
    english = {**TEXTS, "subject_en": "Holiday", "body_en": "No classes tomorrow."}
    sent(to_cohort(cohort, registrar, texts=english), registrar)

    assert [letter.subject for letter in mail.outbox] == ["غدًا عطلة", "Holiday"]


def test_an_ordinary_announcement_may_be_switched_off_and_an_urgent_one_not(cohort: Cohort, registrar: User):
    trainee = learning(cohort, email="mona@example.org")
    choose_notices(person_id=trainee.person_id, declined=[("announcement", "email")], by=trainee)
    ordinary = to_cohort(cohort, registrar)
    assert [(one.way, one.people) for one in reach_of(ordinary)] == [("declined", 1)]

    sent(ordinary, registrar)
    assert mail.outbox == []
    sent(to_cohort(cohort, registrar, is_urgent=True), registrar)

    assert len(mail.outbox) == 1
    assert SiteNotice.objects.count() == 2


def test_the_preview_says_by_which_channel_and_what_it_costs(
    cohort: Cohort, registrar: User, settings: Settings
):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    learning(cohort, email="mona@example.org")
    guardian = PersonFactory()
    Contact.objects.create(person=guardian, kind=ContactKind.PHONE, value="+201012345678")
    ward = PersonFactory(registered_at=cohort.center, guardian=guardian)
    EnrollmentFactory(person=ward, cohort=cohort)
    EnrollmentFactory(person=PersonFactory(registered_at=cohort.center), cohort=cohort)
    closed = learning(cohort, email="closed@example.org")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    announcement = to_cohort(cohort, registrar, texts={**TEXTS, "short_ar": "غدًا عطلة في المركز."})

    reached = reach_of(announcement)

    ways = {one.way: one.people for one in reached}
    assert ways["email"] == 1
    assert ways["closed"] == 1
    assert ways["nowhere"] == 1
    assert sms_parts(announcement, reached) == ways["sms"] * parts_of("غدًا عطلة في المركز.")
    # The button counts who gets it now: not the closed login, nor who has no way to be reached.
    assert (preview_of(announcement)["people"], preview_of(announcement)["reached"]) == (4, 2)


def test_canceled_half_way_everyone_is_counted_once(
    cohort: Cohort, registrar: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(announcements, "PEOPLE_AT_ONCE", 2)
    for number in range(5):
        learning(cohort, email=f"p{number}@example.org")
    announcement = to_cohort(cohort, registrar)
    send_announcement(announcement_id=announcement.pk, by=registrar)
    # Two batches were noted, and one person told, when somebody pressed the button.
    job = lease(AnnouncementJob, announcement.job.pk, related=["announcement"])
    announcements._note_some(job)
    announcements._note_some(job)
    send_announcements(at_most=1)

    cancel_announcement(announcement_id=announcement.pk, by=registrar)
    with pytest.raises(LeaseLost):
        announcements._note_some(job)
    send_announcements()

    announcement.refresh_from_db()
    account = account_of(announcement)
    assert announcement.state == AnnouncementState.CANCELED
    assert len(mail.outbox) == 1
    counts = (account.expected, account.handed_over, account.stopped, account.not_noted, account.waiting)
    assert counts == (5, 1, 3, 1, 0)
    told = announcement.notices.get(state=NoticeState.SENT).person
    assert set(SiteNotice.objects.values_list("person", flat=True)) == {told.pk}
    with pytest.raises(NotBeingSent):
        cancel_announcement(announcement_id=announcement.pk, by=registrar)


def test_what_an_error_stopped_is_not_sent_and_not_noted_any_more_once_it_is_canceled(
    cohort: Cohort, registrar: User
):
    learning(cohort)
    announcement = to_cohort(cohort, registrar)
    send_announcement(announcement_id=announcement.pk, by=registrar)
    put(AnnouncementJob.objects.all(), JobState.FAILED)
    send_announcements()
    announcement.refresh_from_db()
    assert announcement.state == AnnouncementState.SENDING

    cancel_announcement(announcement_id=announcement.pk, by=registrar)
    retry(AnnouncementJob, announcement.job.pk)
    note_recipients(job_id=announcement.job.pk)

    assert announcement.notices.count() == 0


def test_delivered_twice_it_is_noted_and_sent_once(cohort: Cohort, registrar: User):
    learning(cohort, email="mona@example.org")
    announcement = sent(to_cohort(cohort, registrar), registrar)

    note_recipients(job_id=announcement.job.pk)
    send_announcements()

    assert (announcement.notices.count(), len(mail.outbox)) == (1, 1)
    with pytest.raises(NotADraft):
        send_announcement(announcement_id=announcement.pk, by=registrar)


def test_an_instructor_writes_to_the_own_cohorts_only(center: Center, cohort: Cohort, instructor: User):
    other = CohortFactory(center=center)
    mine, theirs = learning(cohort), learning(other)
    refused = [
        {"scope": AnnouncementScope.COHORT, "cohort_id": other.pk},
        {"scope": AnnouncementScope.CENTER, "center_id": center.pk},
        {"scope": AnnouncementScope.PROGRAM, "program_id": cohort.program_id, "center_id": center.pk},
        {"scope": AnnouncementScope.MINISTRY},
        {"scope": AnnouncementScope.PERSON, "person_id": theirs.person_id},
        {
            "scope": AnnouncementScope.SELECTION,
            "enrollments": list(Enrollment.objects.values_list("pk", flat=True)),
        },
    ]

    for asked in refused:
        with pytest.raises(NotYoursToWriteTo):
            draft(instructor, **asked)
    with pytest.raises(UrgentByOthers):
        to_cohort(cohort, instructor, is_urgent=True)

    assert sent(to_cohort(cohort, instructor), instructor).notices.count() == 1
    assert draft(instructor, scope=AnnouncementScope.PERSON, person_id=mine.person_id).center == center


def test_a_registrar_writes_to_the_own_center_only(cohort: Cohort, registrar: User):
    other = CohortFactory()
    stranger = learning(other)

    for asked in (
        {"scope": AnnouncementScope.COHORT, "cohort_id": other.pk},
        {"scope": AnnouncementScope.CENTER, "center_id": other.center_id},
        {"scope": AnnouncementScope.PROGRAM, "program_id": cohort.program_id},
        {"scope": AnnouncementScope.MINISTRY},
        {"scope": AnnouncementScope.PERSON, "person_id": stranger.person_id},
    ):
        with pytest.raises(NotYoursToWriteTo):
            draft(registrar, **asked)


def test_only_the_ministry_writes_to_trainees_of_two_centers_at_once(
    cohort: Cohort, registrar: User, ministry: User
):
    other = CohortFactory()
    MembershipFactory(user=registrar, role=RoleName.REGISTRAR, center=other.center)
    for one in (cohort, other):
        learning(one)
    chosen = list(Enrollment.objects.values_list("pk", flat=True))

    with pytest.raises(NotYoursToWriteTo):
        draft(User.objects.get(pk=registrar.pk), scope=AnnouncementScope.SELECTION, enrollments=chosen)
    assert draft(ministry, scope=AnnouncementScope.SELECTION, enrollments=chosen).center is None


@pytest.mark.parametrize("role", [RoleName.ASSESSOR, RoleName.CERTIFYING_OFFICER, RoleName.INSPECTOR])
def test_nobody_else_writes(center: Center, cohort: Cohort, role: RoleName):
    user = MembershipFactory(center=center, role=role).user
    cohort.instructors.add(user)

    with pytest.raises(NotYoursToWriteTo):
        to_cohort(cohort, user)


def test_what_nobody_would_get_is_refused(cohort: Cohort, registrar: User):
    announcement = to_cohort(cohort, registrar)

    with pytest.raises(NoRecipients):
        send_announcement(announcement_id=announcement.pk, by=registrar)
    with pytest.raises(NoRecipients):
        draft(registrar, scope=AnnouncementScope.SELECTION)


def test_more_than_the_limit_of_a_day_are_refused(cohort: Cohort, registrar: User, settings: Settings):
    settings.MESSAGES_A_DAY = 1
    learning(cohort)
    sent(to_cohort(cohort, registrar), registrar)
    second = to_cohort(cohort, registrar)

    with pytest.raises(TooManyMessages):
        send_announcement(announcement_id=second.pk, by=registrar)
    Announcement.objects.exclude(pk=second.pk).update(sent_at=timezone.now() - dt.timedelta(days=2))

    assert send_announcement(announcement_id=second.pk, by=registrar).state == AnnouncementState.SENDING


def test_too_many_chosen_ones_are_refused(cohort: Cohort, registrar: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(announcements, "MOST_CHOSEN", 1)
    learning(cohort), learning(cohort)

    with pytest.raises(TooManyChosen):
        draft(
            registrar,
            scope=AnnouncementScope.SELECTION,
            enrollments=list(Enrollment.objects.values_list("pk", flat=True)),
        )


@pytest.mark.parametrize("name", ["subject_ar", "body_ar", "short_ar", "body_en"])
def test_letters_that_are_turned_around_are_refused(cohort: Cohort, registrar: User, name: str):
    with pytest.raises(DirectionOverride):
        to_cohort(cohort, registrar, texts={**TEXTS, name: "ادفع \u202e0001"})


def test_a_short_message_that_is_never_sent_is_refused(cohort: Cohort, registrar: User):
    assert parts_of("م" * 160) <= 3
    with pytest.raises(ShortTextTooLong):
        to_cohort(cohort, registrar, texts={**TEXTS, "short_ar": "م" * 400})


def test_the_trail_has_the_digest_and_not_the_text(cohort: Cohort, registrar: User):
    learning(cohort)
    announcement = sent(to_cohort(cohort, registrar), registrar)

    entry = AuditEntry.objects.get(action="courses.announcement.send")

    data = entry.log_entry.data
    assert data == {
        "people": 1,
        "sha256": announcements.digest_of(announcement),
        "urgent": False,
    }


@given(st.text(max_size=300))
def test_a_text_of_any_keyboard_is_kept_without_controls_or_refused(text: str):
    try:
        kept = announcements._clean({**TEXTS, "body_ar": text, "subject_ar": text, "short_ar": text})
    except DomainError:
        return
    assert not announcements.OVERRIDES.search(kept["body_ar"])
    assert not announcements.CONTROLS.search(kept["body_ar"])
    assert "\n" not in kept["subject_ar"] + kept["short_ar"]


# Pages


@pytest.fixture
def registrar_client(client: Client, registrar: User) -> Client:
    client.force_login(registrar)
    return client


def test_a_registrar_writes_looks_sends_and_reads_who_was_told(registrar_client: Client, cohort: Cohort):
    trainee = learning(cohort, email="mona@example.org")
    words = {
        **TEXTS,
        "body_ar": "<b>لا حصص</b>",
        "short_ar": "",
        "subject_en": "",
        "body_en": "",
        "short_en": "",
    }

    response = registrar_client.post(
        reverse("announcement:add"), {"scope": "cohort", "cohort": cohort.pk, **words}, follow=True
    )

    announcement = Announcement.objects.get()
    page = response.content.decode()
    assert "&lt;b&gt;لا حصص" in page
    assert reverse("announcement:send", args=[announcement.pk]) in page
    registrar_client.post(reverse("announcement:send", args=[announcement.pk]))
    progress = registrar_client.get(reverse("announcement:progress", args=[announcement.pk])).json()
    assert progress["is_live"]
    note_recipients(job_id=announcement.job.pk)
    send_announcements()
    people = registrar_client.get(reverse("announcement:people", args=[announcement.pk]) + "?state=sent")
    assert str(trainee.person) in people.content.decode()
    person = registrar_client.get(reverse("person:inspect", args=[trainee.person_id])).content.decode()
    assert reverse("announcement:inspect", args=[announcement.pk]) in person
    # What was sent is not changed.
    assert registrar_client.get(reverse("announcement:edit", args=[announcement.pk])).status_code != 200


def test_chosen_enrollments_come_by_get_or_post(registrar_client: Client, cohort: Cohort):
    learning(cohort), learning(cohort)
    keys = list(Enrollment.objects.values_list("pk", flat=True))
    address = reverse("announcement:to")

    shown = registrar_client.get(address, {"enrollment": keys}).content.decode()
    posted = registrar_client.post(address, {"enrollment": keys}).content.decode()
    registrar_client.post(address, {"enrollment": keys, **TEXTS})

    assert shown.count('name="enrollment"') == posted.count('name="enrollment"') == 2
    announcement = Announcement.objects.get()
    assert set(announcement.enrollments.values_list("pk", flat=True)) == set(keys)
    stranger = EnrollmentFactory()
    assert registrar_client.get(address, {"enrollment": [*keys, stranger.pk]}).status_code == 404
    assert registrar_client.get(address, {"enrollment": ["x"]}).status_code == 404
    assert registrar_client.get(address, {"person": stranger.person_id}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_as_many_statements_for_many_rows(
    registrar_client: Client, registrar: User, cohort: Cohort, rows: int, django_assert_num_queries
):
    for _ in range(rows):
        learning(cohort, email=None)
    made = [sent(to_cohort(cohort, registrar), registrar) for _ in range(rows)]
    pages = [
        reverse("announcement:index"),
        reverse("announcement:people", args=[made[0].pk]),
        reverse("announcement:inspect", args=[made[0].pk]),
    ]
    for page in pages:
        registrar_client.get(page)

    for page, count in zip(pages, (12, 14, 17), strict=True):
        with django_assert_num_queries(count):
            registrar_client.get(page)
