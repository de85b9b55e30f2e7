"""When an exam may be started, and who was given more time."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.enums import SittingState
from assessment.models.attempts import Attempt


class ExamWindow(models.Model):
    """The time within which a cohort may start a test. Who started in it has the whole limit. A test without a row may always be started."""

    center_path = "cohort__center"
    page_path = "cohort"

    cohort = models.ForeignKey(
        "courses.Cohort", models.PROTECT, related_name="exam_windows", verbose_name=_("cohort")
    )
    # The quiz page's translation_key.
    quiz_key = models.UUIDField(_("test"))
    opens_at = models.DateTimeField(_("may be started from"))
    closes_at = models.DateTimeField(_("may be started until"))
    # When it was said: a last time that was over by then shows the keys from then on.
    set_at = models.DateTimeField(_("set at"), db_default=Now())

    class Meta:
        verbose_name = _("time to start a test")
        verbose_name_plural = _("times to start tests")
        constraints = (
            models.UniqueConstraint(fields=("cohort", "quiz_key"), name="exam_window_once_per_cohort"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="exam_window_closes_after_it_opens",
                violation_error_message=_("A test can be started until a time after it opens."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.cohort_id}/{self.quiz_key}"


class KeysRead(models.Model):
    """That somebody of a cohort has read the right answers of an exam: from then on no one of it begins the exam. Triggers refuse to change it."""

    center_path = "cohort__center"
    page_path = "cohort"

    cohort = models.ForeignKey(
        "courses.Cohort", models.PROTECT, related_name="exam_keys_read", verbose_name=_("cohort")
    )
    quiz_key = models.UUIDField(_("test"))
    at = models.DateTimeField(_("first read at"), db_default=Now())

    class Meta:
        ordering = ("pk",)
        verbose_name = _("right answers that were read")
        verbose_name_plural = _("right answers that were read")
        constraints = (
            models.UniqueConstraint(fields=("cohort", "quiz_key"), name="keys_read_once_per_cohort"),
        )

    def __str__(self) -> str:
        return f"{self.cohort_id}/{self.quiz_key}"


class SittingQuerySet(models.QuerySet["Sitting"]):
    def of(self, cohort_id: int, quiz_key: uuid.UUID) -> "SittingQuerySet":
        return self.filter(class_session__cohort=cohort_id, quiz_key=quiz_key)

    def ahead(self) -> "SittingQuerySet":
        """Those that go on or are to come, the first one first."""
        ahead = self.filter(
            ended_at=None, class_session__canceled_at=None, class_session__ends_at__gt=timezone.now()
        )
        return ahead.order_by("class_session__starts_at", "pk")


class Sitting(models.Model):
    """A supervised test of a cohort at a class session: started with a code that is told in the room, on one device."""

    center_path = "class_session__cohort__center"
    page_path = "class_session__cohort"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    class_session = models.ForeignKey(
        "courses.ClassSession", models.PROTECT, related_name="sittings", verbose_name=_("class session")
    )
    quiz_key = models.UUIDField(_("test"))
    # Of the test, when it was planned.
    title = models.CharField(_("title"), max_length=255)
    # Six digits, told in the room; empty before they are released.
    code = models.CharField(_("code"), max_length=6, blank=True)
    released_at = models.DateTimeField(_("code released at"), null=True, blank=True)
    # From then on no one starts; who has started goes on.
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # What the trainees were told last (`assessment.services.exam_notices`). Of sittings from before they were told, nothing.
    told_starts_at = models.DateTimeField(null=True, editable=False)
    told_venue = models.ForeignKey(
        "courses.Venue", models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )
    is_told_canceled = models.BooleanField(default=False, db_default=False, editable=False)

    objects = SittingQuerySet.as_manager()

    class Meta:
        ordering = ("class_session__starts_at", "pk")
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        constraints = (
            models.UniqueConstraint(fields=("class_session", "quiz_key"), name="sitting_once_per_session"),
            models.CheckConstraint(
                condition=Q(code="", released_at__isnull=True) | (~Q(code="") & Q(released_at__isnull=False)),
                name="sitting_has_a_code_once_released",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> SittingState:
        """It ends with its class session at the latest."""
        session = self.class_session
        if session.canceled_at:
            return SittingState.CANCELED
        if self.ended_at or session.ends_at <= timezone.now():
            return SittingState.ENDED
        return SittingState.RUNNING if self.released_at else SittingState.PLANNED

    @property
    def is_running(self) -> bool:
        return self.state == SittingState.RUNNING


class TimeGrant(models.Model):
    """More time for one attempt, given while it ran. Triggers refuse to change it."""

    center_path = "attempt__enrollment__cohort__center"

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="grants", verbose_name=_("attempt"))
    # Of the whole room, where it was.
    sitting = models.ForeignKey(
        Sitting, models.PROTECT, null=True, related_name="grants", verbose_name=_("sitting")
    )
    seconds = models.PositiveSmallIntegerField(_("seconds"))
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("given at"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("more time")
        verbose_name_plural = _("more time")
        constraints = (models.CheckConstraint(condition=Q(seconds__gte=1), name="time_grant_is_some_time"),)

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.seconds} s"


class Incident(models.Model):
    """What a supervisor noted in a sitting, about one attempt or the room. Triggers refuse to change it."""

    center_path = "sitting__class_session__cohort__center"

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="incidents", verbose_name=_("sitting"))
    attempt = models.ForeignKey(
        Attempt, models.PROTECT, null=True, related_name="incidents", verbose_name=_("attempt")
    )
    text = models.CharField(_("what happened"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("noted at"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")

    def __str__(self) -> str:
        return self.text
