"""Appeals of trainees against marks, and their answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import NoticeState
from accounts.models.courtesies import Needed
from accounts.models.notices import UNTOLD, PersonalNotice
from assessment.models.attempts import Attempt


class Appeal(models.Model):
    """That a trainee finds the mark of a question wrong: once for each question of an attempt, answered once. Triggers keep both."""

    center_path = "attempt__enrollment__cohort__center"
    person_path = "attempt__enrollment__person"

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="appeals", verbose_name=_("attempt"))
    # The place of the question in the attempt, from 0.
    slot = models.PositiveSmallIntegerField(_("question"))
    reason = models.TextField(_("reason of the appeal"), max_length=1000)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("appealed by")
    )
    filed_at = models.DateTimeField(_("appealed at"), default=timezone.now)
    # The share of its points that the question had earned, from 0 to 1.
    from_mark = models.DecimalField(_("mark before"), max_digits=5, decimal_places=4)
    # None while it waits.
    is_granted = models.BooleanField(_("granted"), null=True, editable=False)
    to_mark = models.DecimalField(_("mark after"), max_digits=5, decimal_places=4, null=True, editable=False)
    answer = models.TextField(_("answer"), max_length=1000, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)

    class Meta:
        ordering = ("filed_at", "pk")
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = (
            models.UniqueConstraint(fields=("attempt", "slot"), name="appeal_once_per_question"),
            models.CheckConstraint(
                condition=Q(is_granted=None, answer="", answered_by=None, answered_at=None, to_mark=None)
                | Q(
                    is_granted__isnull=False,
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                    to_mark__range=(0, 1),
                )
                & ~Q(answer=""),
                name="appeal_is_answered_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(answered_by=models.F("filed_by")), name="appeal_answered_by_another_person"
            ),
            models.CheckConstraint(
                condition=~Q(is_granted=False) | Q(to_mark=models.F("from_mark")),
                name="appeal_refused_changes_nothing",
            ),
        )
        indexes = (
            models.Index(fields=("filed_at", "id"), condition=Q(is_granted=None), name="appeal_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.slot}"

    @property
    def to_percent(self) -> int:
        """Of the points of the question, rounded down; of one that is answered."""
        return int((self.to_mark or 0) * 100)


class AppealNotice(PersonalNotice):
    """To a trainee: that an appeal was answered."""

    center_path = "appeal__attempt__enrollment__cohort__center"
    person_path = "person"
    subject = _("answer to an appeal")
    needed = (Needed(_("An appeal of yours was answered"), _("you asked")),)

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="notice", verbose_name=_("appeal"))
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice of an answer to an appeal")
        verbose_name_plural = _("notices of answers to appeals")
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state=NoticeState.WAITING), name="appeal_notice_waiting"
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="appeal_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.appeal_id}"
