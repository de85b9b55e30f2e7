"""Notices to trainees about exams that are planned, and about what they have in tests."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import NoticeState
from accounts.models.courtesies import Needed
from accounts.models.notices import UNTOLD, PersonalNotice
from assessment.enums import AccommodationNoticeKind, AttemptNews, ExamNoticeKind
from assessment.models.accommodations import Accommodation
from assessment.models.attempts import Attempt


class ExamNotice(PersonalNotice):
    """To a trainee: that an exam in a room is planned, was moved, or is not held. The sitting may be gone by then."""

    center_path = "class_session__cohort__center"
    person_path = "person"
    subject = _("exams")
    needed = (
        Needed(
            _("An exam in a room was planned, moved or canceled"), _("you would miss it, or come for nothing")
        ),
    )

    class_session = models.ForeignKey(
        "courses.ClassSession", models.PROTECT, related_name="+", verbose_name=_("class session")
    )
    # The `public_id` of the sitting.
    sitting_key = models.UUIDField(_("sitting"))
    title = models.CharField(_("title"), max_length=255)
    kind = models.CharField(_("kind"), max_length=8, choices=ExamNoticeKind)
    # As it was told: of what was moved since, a newer notice tells.
    starts_at = models.DateTimeField(_("starts at"))
    venue = models.ForeignKey(
        "courses.Venue", models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("room")
    )
    # Of the class session when this was written.
    sequence = models.PositiveIntegerField()
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice of an exam")
        verbose_name_plural = _("notices of exams")
        constraints = (
            models.UniqueConstraint(
                fields=("sitting_key", "person", "sequence", "kind"), name="exam_notice_tells_a_change_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state=NoticeState.WAITING), name="exam_notice_waiting"
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="exam_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"


class AccommodationNotice(PersonalNotice):
    """To a trainee: that something holds in tests from now on, or no longer. Why is said nowhere in it."""

    center_path = "accommodation__person__registered_at"
    person_path = "accommodation__person"
    subject = _("help in tests")
    needed = (Needed(_("What you have in tests was given or ended"), _("it says how long you have")),)

    accommodation = models.ForeignKey(
        Accommodation, models.PROTECT, related_name="notices", verbose_name=_("accommodation in tests")
    )
    kind = models.CharField(_("kind"), max_length=5, choices=AccommodationNoticeKind)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice of help in tests")
        verbose_name_plural = _("notices of help in tests")
        constraints = (
            models.UniqueConstraint(fields=("accommodation", "kind"), name="accommodation_told_once"),
        )
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=Q(state=NoticeState.WAITING),
                name="accommodation_notice_waiting",
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="accommodation_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.accommodation_id}: {self.kind}"


class AttemptNotice(PersonalNotice):
    """To a trainee: what somebody decided about an attempt, where no score that changes says it."""

    center_path = "attempt__enrollment__cohort__center"
    person_path = "person"
    subject = _("decisions about tests")
    needed = (Needed(_("Somebody decided about a test of yours"), _("your result depends on it")),)

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="notices", verbose_name=_("attempt"))
    kind = models.CharField(_("kind"), max_length=9, choices=AttemptNews)
    # As the person reads it; empty where none is told.
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice of a decision about a test")
        verbose_name_plural = _("notices of decisions about tests")
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state=NoticeState.WAITING), name="attempt_notice_waiting"
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="attempt_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"
