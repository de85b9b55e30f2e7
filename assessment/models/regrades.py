"""Corrections of keys of questions that were asked, and what they changed."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import NoticeState
from accounts.models.courtesies import Needed
from accounts.models.notices import UNTOLD, PersonalNotice
from assessment.enums import CorrectionCause, KeyRule, RegradePhase, RegradeStep
from jobs.enums import JobState
from jobs.models import LeasedJob


class Regrade(LeasedJob):
    """A correction of a key that was proposed. The job counts what it changes, ends, and is started once more to mark again.

    `position` is the key of the last enrollment whose attempts are done in this phase; each batch commits together with it.
    """

    # A question may be asked in every center.
    center_path = None
    task_name = "assessment.tasks.regrade"
    lease = dt.timedelta(minutes=5)
    backoff = (dt.timedelta(seconds=10),)

    version = models.ForeignKey(
        "assessment.QuestionVersion",
        models.PROTECT,
        related_name="regrades",
        verbose_name=_("question of a test"),
    )
    rule = models.CharField(_("from now on"), max_length=10, choices=KeyRule)
    # The question with the other key; none where everybody or no one gets its points.
    to_version = models.ForeignKey(
        "assessment.QuestionVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("with the other key"),
    )
    reason = models.CharField(_("reason"), max_length=200)
    phase = models.CharField(_("phase"), max_length=7, choices=RegradePhase, default=RegradePhase.PREVIEW)
    # The newest correction of the version when it was proposed: another one since makes what was counted untrue.
    after = models.ForeignKey(
        "assessment.KeyCorrection", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    position = models.BigIntegerField(default=0, editable=False)
    asked = models.PositiveIntegerField(_("attempts with this question"), default=0)
    changed = models.PositiveIntegerField(_("attempts that change"), default=0)
    now_passed = models.PositiveIntegerField(_("pass now"), default=0)
    now_failed = models.PositiveIntegerField(_("pass no more"), default=0)
    completed = models.PositiveIntegerField(_("of people who completed"), default=0)
    documented = models.PositiveIntegerField(_("of people with a certificate in force"), default=0)
    # A person corrected the score of the unit after the attempt: that score stays.
    kept_by_hand = models.PositiveIntegerField(_("score set by a person, which stays"), default=0)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    proposed_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)

    class Meta(LeasedJob.Meta):
        ordering = ("-proposed_at", "-pk")
        verbose_name = _("regrade")
        verbose_name_plural = _("regrades")
        constraints = (
            *LeasedJob.Meta.constraints,
            models.CheckConstraint(
                condition=Q(phase=RegradePhase.PREVIEW, started_by=None, started_at=None)
                | Q(phase=RegradePhase.RUN, started_by__isnull=False, started_at__isnull=False),
                name="regrade_is_started_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(rule=KeyRule.KEY, to_version__isnull=False)
                | (~Q(rule=KeyRule.KEY) & Q(to_version=None)),
                name="regrade_has_a_key_where_it_needs_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.version_id}: {self.get_rule_display()}"

    @property
    def step(self) -> RegradeStep:
        match self.state:
            case JobState.FAILED:
                return RegradeStep.FAILED
            case JobState.CANCELED | JobState.REFUSED:
                return RegradeStep.DROPPED
            case JobState.DONE:
                return RegradeStep.DONE if self.phase == RegradePhase.RUN else RegradeStep.COUNTED
            case _:
                return RegradeStep.RUNNING if self.phase == RegradePhase.RUN else RegradeStep.COUNTING

    def get_step_display(self) -> str:
        return str(self.step.label)


class RegradeLine(models.Model):
    """What a regrade would change in one attempt, as it was counted for those who decide."""

    center_path = "attempt__enrollment__cohort__center"
    person_path = "attempt__enrollment__person"

    regrade = models.ForeignKey(Regrade, models.PROTECT, related_name="lines", verbose_name=_("regrade"))
    attempt = models.ForeignKey(
        "assessment.Attempt", models.PROTECT, db_index=False, related_name="+", verbose_name=_("attempt")
    )
    from_score = models.DecimalField(_("score before"), max_digits=5, decimal_places=2)
    to_score = models.DecimalField(_("score after"), max_digits=5, decimal_places=2)
    from_passed = models.BooleanField(_("passed before"))
    to_passed = models.BooleanField(_("passed after"))
    has_completed = models.BooleanField(_("completed"), default=False)
    has_document = models.BooleanField(_("certificate in force"), default=False)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("line of a regrade")
        verbose_name_plural = _("lines of regrades")
        constraints = (
            models.UniqueConstraint(fields=("regrade", "attempt"), name="regrade_line_once_per_attempt"),
        )

    def __str__(self) -> str:
        return f"{self.regrade_id}/{self.attempt_id}"


class KeyCorrection(models.Model):
    """That a question as it was asked is marked otherwise from now on. Append-only; the newest one of a version counts."""

    center_path = None

    regrade = models.OneToOneField(
        Regrade, models.PROTECT, related_name="correction", verbose_name=_("regrade")
    )
    version = models.ForeignKey(
        "assessment.QuestionVersion",
        models.PROTECT,
        related_name="corrections",
        verbose_name=_("question of a test"),
    )
    rule = models.CharField(_("from now on"), max_length=10, choices=KeyRule)
    to_version = models.ForeignKey(
        "assessment.QuestionVersion", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("corrected by")
    )
    at = models.DateTimeField(_("corrected at"), db_default=Now())

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("correction of a key")
        verbose_name_plural = _("corrections of keys")

    def __str__(self) -> str:
        return f"{self.version_id}: {self.rule}"


class KeyOnPage(models.Model):
    """That a page still asks a question, as it is published, whose key was corrected: until another version of the page is published."""

    # Who edits the page reads it.
    center_path = None

    correction = models.ForeignKey(
        KeyCorrection, models.PROTECT, related_name="on_pages", verbose_name=_("correction of a key")
    )
    page = models.ForeignKey(
        "assessment.QuizPage", models.CASCADE, related_name="corrected_keys", verbose_name=_("quiz")
    )

    class Meta:
        ordering = ("pk",)
        verbose_name = _("corrected key on a page")
        verbose_name_plural = _("corrected keys on pages")
        constraints = (models.UniqueConstraint(fields=("correction", "page"), name="key_on_page_once"),)

    def __str__(self) -> str:
        return f"{self.correction_id}: {self.page_id}"


class AttemptCorrection(models.Model):
    """An attempt that was marked again, with what was there before. Append-only.

    The database lets the mark of an attempt change only in the transaction that adds such a row.
    """

    center_path = "attempt__enrollment__cohort__center"
    person_path = "attempt__enrollment__person"
    page_path = "attempt__enrollment"

    cause = models.CharField(_("cause"), max_length=10, choices=CorrectionCause, default=CorrectionCause.KEY)
    correction = models.ForeignKey(
        KeyCorrection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attempts",
        verbose_name=_("correction of a key"),
    )
    # Of one that a person decided about this attempt; those of a key say them themselves.
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("corrected by"),
    )
    attempt = models.ForeignKey(
        "assessment.Attempt", models.PROTECT, related_name="corrections", verbose_name=_("attempt")
    )
    slot = models.PositiveSmallIntegerField(_("question"))
    from_mark = models.DecimalField(_("mark before"), max_digits=5, decimal_places=4)
    to_mark = models.DecimalField(_("mark after"), max_digits=5, decimal_places=4)
    from_score = models.DecimalField(_("score before"), max_digits=5, decimal_places=2)
    to_score = models.DecimalField(_("score after"), max_digits=5, decimal_places=2)
    from_passed = models.BooleanField(_("passed before"))
    to_passed = models.BooleanField(_("passed after"))
    # As of the regrade.
    has_completed = models.BooleanField(_("completed"), default=False)
    has_document = models.BooleanField(_("certificate in force"), default=False)
    # Whether a person had set the score of the unit since: it stays as it was set.
    is_kept_by_hand = models.BooleanField(_("score set by a person"), default=False)
    at = models.DateTimeField(_("marked again at"), db_default=Now())

    class Meta:
        ordering = ("pk",)
        verbose_name = _("correction of an attempt")
        verbose_name_plural = _("corrections of attempts")
        constraints = (
            models.UniqueConstraint(
                fields=("correction", "attempt"), name="attempt_correction_once_per_correction"
            ),
            models.CheckConstraint(
                condition=Q(cause=CorrectionCause.KEY, correction__isnull=False, by=None, reason="")
                | ~Q(cause=CorrectionCause.KEY) & Q(correction=None, by__isnull=False) & ~Q(reason=""),
                name="attempt_correction_is_of_a_key_or_by_a_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.from_score} > {self.to_score}"


class CorrectionReview(models.Model):
    """That an officer looked at a certificate in force that a corrected key touches, and what follows. Append-only."""

    center_path = "correction__attempt__enrollment__cohort__center"
    person_path = "correction__attempt__enrollment__person"
    page_path = "correction__attempt__enrollment"

    correction = models.OneToOneField(
        AttemptCorrection, models.PROTECT, related_name="review", verbose_name=_("correction of an attempt")
    )
    reason = models.CharField(_("what follows"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("looked at"), db_default=Now())

    class Meta:
        ordering = ("pk",)
        verbose_name = _("review of a correction")
        verbose_name_plural = _("reviews of corrections")

    def __str__(self) -> str:
        return str(self.correction_id)


class ScoreNotice(PersonalNotice):
    """To a trainee: that a test was marked again, as one of its questions had a wrong key."""

    center_path = "correction__attempt__enrollment__cohort__center"
    person_path = "person"
    subject = _("result of a test")
    needed = (Needed(_("The result of a test was corrected"), _("your certificate may depend on it")),)

    correction = models.OneToOneField(
        AttemptCorrection, models.PROTECT, related_name="notice", verbose_name=_("correction of an attempt")
    )
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice of a corrected result")
        verbose_name_plural = _("notices of corrected results")
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state=NoticeState.WAITING), name="score_notice_waiting"
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="score_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.correction_id}"
