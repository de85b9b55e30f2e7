"""Messages to trainees: written as drafts, sent by a job, canceled half-way with a true account of who was told."""

import datetime as dt
import hashlib
import re
import time
from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext, ngettext, override
from wagtail.log_actions import log

from accounts.enums import NoticeState
from accounts.models import Person, User
from accounts.services.formatting import localize_digits
from accounts.services.notices import Letter, send_due
from accounts.services.short_messages import LONGEST, count_parts, fits
from courses.enums import AnnouncementKind, AnnouncementScope, AnnouncementState
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
from courses.models import Announcement, AnnouncementJob, AnnouncementNotice, Enrollment
from courses.queries.announcements import (
    Reached,
    centers_to_write_to,
    may_be_urgent,
    may_write,
    recipients_of,
    writes_everywhere,
)
from courses.queries.timetable import cohorts_taught_by
from jobs.dispatching import dispatch
from jobs.enums import JobState
from jobs.errors import NotOpen
from jobs.services.canceling import cancel
from jobs.services.dispatch import dispatch_jobs
from jobs.services.leases import fenced, finish, heartbeat, release_lease
from jobs.services.working import work_on

PEOPLE_AT_ONCE = 1000
# What else waits in the queue gets its turn.
SECONDS_AT_A_TIME = 60
MOST_CHOSEN = 1000
# Characters of a name of a center in a short message.
CENTER_CHARACTERS = 40
# Embeddings and overrides of Unicode's bidirectional algorithm (UAX 9): they show letters in another order than they are in.
OVERRIDES = re.compile("[\u202a-\u202e]")
# No letter, and no reader sees them.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
TEXTS = ("subject_ar", "body_ar", "subject_en", "body_en", "short_ar", "short_en")


@transaction.atomic
def write_announcement(
    *,
    scope: AnnouncementScope | str,
    texts: dict[str, str],
    is_urgent: bool,
    by: User,
    center_id: int | None = None,
    program_id: int | None = None,
    cohort_id: int | None = None,
    person_id: int | None = None,
    enrollments: Collection[int] = (),
) -> Announcement:
    """Write a draft. `texts` are the fields of `TEXTS`, `enrollments` the keys of those who were chosen.

    Raises `NotYoursToWriteTo`, `NoRecipients`, `TooManyChosen`, `UrgentByOthers`, `DirectionOverride`, `ShortTextTooLong`.
    """
    announcement = Announcement(
        scope=scope,
        center_id=center_id,
        program_id=program_id,
        cohort_id=cohort_id,
        person_id=person_id,
        is_urgent=is_urgent,
        written_by=by,
        **_clean(texts),
    )
    if scope == AnnouncementScope.COHORT:
        announcement.center_id = announcement.cohort.center_id if announcement.cohort else None
    elif scope == AnnouncementScope.PERSON:
        announcement.center_id = _center_of(Person.objects.get(pk=person_id), by=by)
    chosen = set(enrollments)
    if scope == AnnouncementScope.SELECTION:
        announcement.center_id = _center_of_chosen(chosen)
    announcement.save()
    announcement.enrollments.set(chosen)
    _require_reach(announcement, by=by)
    log(announcement, "courses.announcement.write", user=by)
    return announcement


@transaction.atomic
def change_announcement(
    *, announcement_id: int, texts: dict[str, str], is_urgent: bool, by: User
) -> Announcement:
    """Change the words of a draft. Raises `NotADraft`, and what `write_announcement` raises."""
    announcement = _locked(announcement_id)
    if announcement.state != AnnouncementState.DRAFT:
        raise NotADraft
    for name, text in _clean(texts).items():
        setattr(announcement, name, text)
    announcement.is_urgent = is_urgent
    _require_reach(announcement, by=by)
    announcement.save(update_fields=[*TEXTS, "is_urgent"])
    log(announcement, "courses.announcement.change", user=by)
    return announcement


@transaction.atomic
def send_announcement(*, announcement_id: int, by: User) -> Announcement:
    """Have a draft sent: its receivers are noted by a job.

    Raises `NotADraft`, `NotYoursToWriteTo`, `UrgentByOthers`, `NoRecipients`, `TooManyMessages`.
    """
    # One after the other, so that the limit is exact.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    announcement = _locked(announcement_id)
    if announcement.state != AnnouncementState.DRAFT:
        raise NotADraft
    _require_reach(announcement, by=by)
    now = timezone.now()
    sent = Announcement.objects.filter(sent_by=by, sent_at__gt=now - dt.timedelta(days=1)).count()
    if settings.MESSAGES_A_DAY and sent >= settings.MESSAGES_A_DAY:
        raise TooManyMessages(count=sent)
    expected = recipients_of(announcement).count()
    if not expected:
        raise NoRecipients
    announcement.state, announcement.expected = AnnouncementState.SENDING, expected
    announcement.sent_by, announcement.sent_at = by, now
    announcement.save(update_fields=["state", "expected", "sent_by", "sent_at"])
    job = AnnouncementJob.objects.create(announcement=announcement)
    dispatch_jobs(AnnouncementJob, [job.pk])
    log(
        announcement,
        "courses.announcement.send",
        user=by,
        data={"people": expected, "sha256": digest_of(announcement), "urgent": announcement.is_urgent},
    )
    return announcement


@transaction.atomic
def cancel_announcement(*, announcement_id: int, by: User) -> Announcement:
    """Stop it: who was not told yet is not told any more. Raises `NotBeingSent`."""
    # First the job: in the order in which its worker locks both.
    job = AnnouncementJob.objects.filter(announcement=announcement_id).first()
    if job is not None:
        try:
            cancel(AnnouncementJob, job.pk)
        except NotOpen:
            # All receivers are noted; most may wait still.
            job = None
    announcement = _locked(announcement_id)
    if announcement.state != AnnouncementState.SENDING:
        raise NotBeingSent
    announcement.state, announcement.canceled_by = AnnouncementState.CANCELED, by
    announcement.finished_at = timezone.now()
    announcement.save(update_fields=["state", "canceled_by", "finished_at"])
    log(
        announcement,
        "courses.announcement.cancel",
        user=by,
        data={"noted": announcement.notices.count(), "people": announcement.expected},
    )
    dispatch("courses.tasks.send_announcements")
    return announcement


def digest_of(announcement: Announcement) -> str:
    """Of all of its words: what was sent can be proved, and the trail does not repeat it."""
    words = "\0".join(getattr(announcement, name) for name in TEXTS)
    return hashlib.sha256(words.encode()).hexdigest()


def note_recipients(*, job_id: int) -> AnnouncementJob | None:
    """Note the receivers that are left. None if it is done, canceled, leased by another worker, or to be continued."""
    return work_on(AnnouncementJob, job_id, _note_all, related=("announcement",))


def _note_all(job: AnnouncementJob) -> AnnouncementJob | None:
    until = time.monotonic() + SECONDS_AT_A_TIME
    while _note_some(job):
        heartbeat(job)
        if time.monotonic() > until:
            release_lease(job)
            return None
    return _finish(job)


@transaction.atomic
def _note_some(job: AnnouncementJob) -> bool:
    """The next receivers, and the key of the last of them: all of it, or nothing. Returns whether there may be more."""
    held = fenced(job, related=("announcement",))
    if held.announcement.state != AnnouncementState.SENDING:
        # Canceled after an error had ended the job, which an operator then tried again.
        return False
    next_ones = recipients_of(job.announcement).filter(pk__gt=held.reached).order_by("pk")
    people = list(next_ones.values_list("pk", flat=True)[:PEOPLE_AT_ONCE])
    kind, now = job.announcement.kind, timezone.now()
    AnnouncementNotice.objects.bulk_create(
        [
            AnnouncementNotice(announcement=job.announcement, person_id=person, kind=kind, due_at=now)
            for person in people
        ],
        # A record that was merged meanwhile is another one's, who may be told already.
        ignore_conflicts=True,
    )
    if people:
        held.reached = people[-1]
        held.save(update_fields=["reached"])
    return len(people) == PEOPLE_AT_ONCE


@transaction.atomic
def _finish(job: AnnouncementJob) -> AnnouncementJob:
    ended = finish(job)
    dispatch("courses.tasks.send_announcements")
    return ended


def send_announcements(*, at_most: int = 500) -> int:
    """Send what is due, the urgent first. Returns how many people were written to."""
    drop_canceled(at_most=5000)
    sent = 0
    for kind in AnnouncementKind:
        rows = AnnouncementNotice.objects.filter(kind=kind).select_related(
            "announcement__center", "person__user"
        )
        sent += send_due(rows.order_by("pk"), is_still_true=_is_still_true, letter=_letter, at_most=at_most)
    finish_announcements()
    return sent


def drop_canceled(*, at_most: int) -> int:
    """End the notices of canceled announcements that no one was told. Returns how many."""
    canceled = Announcement.objects.filter(state=AnnouncementState.CANCELED)
    waiting = AnnouncementNotice.objects.filter(
        state=NoticeState.WAITING, announcement__in=canceled.order_by().values("pk")
    )
    keys = list(waiting.order_by().values_list("pk", flat=True)[:at_most])
    # One that is being sent at this moment is still sent: its state is set after the sending.
    rows = AnnouncementNotice.objects.filter(pk__in=keys, state=NoticeState.WAITING)
    return rows.update(state=NoticeState.DROPPED)


def finish_announcements() -> None:
    """Those of which every receiver was noted, and told or cannot be, are sent."""
    waiting = AnnouncementNotice.objects.filter(announcement=OuterRef("pk"), state=NoticeState.WAITING)
    all_noted = AnnouncementJob.objects.filter(announcement=OuterRef("pk"), state=JobState.DONE)
    being_sent = Announcement.objects.filter(Exists(all_noted), state=AnnouncementState.SENDING)
    being_sent.exclude(Exists(waiting)).update(state=AnnouncementState.SENT, finished_at=timezone.now())


def _is_still_true(notice: AnnouncementNotice) -> bool:
    return notice.announcement.state != AnnouncementState.CANCELED


def _letter(notices: Sequence[AnnouncementNotice]) -> Letter:
    """The words of the author, in the language that is active where there are some in it."""
    announcements = [notice.announcement for notice in notices]
    subjects = [_words(one, "subject") for one in announcements]
    bodies = [_words(one, "body") for one in announcements]
    address = notices_address()
    if len(announcements) == 1:
        subject, text = subjects[0], short_text(announcements[0], has_login=_has_login(notices[0].person))
        parts = bodies
    else:
        count = len(announcements)
        subject = ngettext("%(count)s message for you", "%(count)s messages for you", count) % {
            "count": count
        }
        text = gettext("There are messages for you: %(address)s") % {"address": address}
        parts = [f"{title}\n{body}" for title, body in zip(subjects, bodies, strict=True)]
    closing = gettext("Your messages: %(address)s") % {"address": address}
    return Letter(
        subject,
        "\n\n".join([*parts, closing]),
        text,
        may_wake=all(one.is_urgent for one in announcements),
        on_site="\n\n".join(parts),
        is_for_many=True,
    )


def _has_login(person: Person) -> bool:
    return hasattr(person, "user")


def _words(announcement: Announcement, name: str) -> str:
    english: str = getattr(announcement, f"{name}_en")
    arabic: str = getattr(announcement, f"{name}_ar")
    return english if english and get_language() == "en" else arabic


def notices_address() -> str:
    return f"{settings.SITE_URL}{reverse('account_notices')}"


def short_text(announcement: Announcement, *, has_login: bool) -> str:
    """The short message in the active language: the author's, or that there is a message and where. It has no name of a person."""
    if own := _words(announcement, "short"):
        return own
    if has_login:
        return gettext("There is a message for you: %(address)s") % {"address": notices_address()}
    if announcement.center is None:
        return gettext("The ministry has a message for you. Ask your center for it.")
    where = Truncator(str(announcement.center)).chars(CENTER_CHARACTERS)
    return gettext("There is a message for you at %(center)s. Ask there for it.") % {"center": where}


def sms_parts(announcement: Announcement, reached: Sequence[Reached]) -> int:
    """How many parts the short messages of those who are `reached` by one will count."""
    total = 0
    for group in reached:
        if group.way == "sms":
            with override(group.language):
                text = localize_digits(short_text(announcement, has_login=group.has_login))
            total += group.people * count_parts(text)
    return total


def _locked(announcement_id: int) -> Announcement:
    return Announcement.objects.select_for_update(of=("self",)).get(pk=announcement_id)


def _clean(texts: dict[str, str]) -> dict[str, str]:
    """The words as they are kept. Raises `DirectionOverride`, `ShortTextTooLong`."""
    cleaned: dict[str, Any] = {}
    for name in TEXTS:
        text = CONTROLS.sub("", texts.get(name, "").replace("\r\n", "\n")).strip()
        if OVERRIDES.search(text):
            raise DirectionOverride
        # A subject and a short message are one line.
        cleaned[name] = text if name.startswith("body") else " ".join(text.split())
    for name in ("short_ar", "short_en"):
        if not fits(cleaned[name]):
            raise ShortTextTooLong(parts=count_parts(cleaned[name]), most=LONGEST)
    return cleaned


def _require_reach(announcement: Announcement, *, by: User) -> None:
    if announcement.center_id is None and not writes_everywhere(by):
        raise NotYoursToWriteTo
    if not may_write(by, announcement):
        raise NotYoursToWriteTo
    if announcement.is_urgent and not may_be_urgent(by, announcement):
        raise UrgentByOthers


def _center_of(person: Person, *, by: User) -> int | None:
    """Where a message to one person is on record: where its writer and the person meet. None for the ministry's own."""
    mine = centers_to_write_to(by)
    if mine.filter(pk__in=[person.registered_at_id]).exists():
        return person.registered_at_id
    enrollments: QuerySet[Enrollment] = Enrollment.objects.filter(person=person)
    studied = enrollments.filter(cohort__center__in=mine.values("pk")) | enrollments.filter(
        cohort__in=cohorts_taught_by(by)
    )
    return studied.order_by("-enrolled_at").values_list("cohort__center", flat=True).first()


def _center_of_chosen(chosen: Collection[int]) -> int | None:
    """The center of all of them; None where they are of several, which only the ministry writes to. Raises `NoRecipients`, `TooManyChosen`."""
    if not chosen:
        raise NoRecipients
    if len(chosen) > MOST_CHOSEN:
        raise TooManyChosen(chosen=len(chosen), most=MOST_CHOSEN)
    rows = Enrollment.objects.filter(pk__in=chosen).order_by()
    centers = set(rows.values_list("cohort__center", flat=True))
    return centers.pop() if len(centers) == 1 else None
