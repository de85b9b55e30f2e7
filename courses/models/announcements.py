"""Messages of staff to trainees: to all of a place, a program or a cohort, to a selection of people, or to one."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import NoticeState
from accounts.models.courtesies import Courtesy, Needed
from accounts.models.notices import UNTOLD, PersonalNotice
from courses.enums import AnnouncementKind, AnnouncementScope, AnnouncementState
from jobs.models import LeasedJob


class Announcement(models.Model):
    """What is said, to whom, by whom. Its receivers are worked out by a job once it is sent (`AnnouncementJob`)."""

    # None for the whole ministry.
    center_path = "center"

    scope = models.CharField(_("to"), max_length=9, choices=AnnouncementScope)
    center = models.ForeignKey(
        "accounts.Center",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="announcements",
        verbose_name=_("center"),
    )
    program = models.ForeignKey(
        "courses.ProgramPage",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("program"),
    )
    cohort = models.ForeignKey(
        "courses.Cohort",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="announcements",
        verbose_name=_("cohort"),
    )
    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    # Of a selection.
    enrollments = models.ManyToManyField("courses.Enrollment", blank=True, related_name="+")
    subject_ar = models.CharField(_("subject"), max_length=100)
    body_ar = models.TextField(_("text"), max_length=4000)
    # Empty: who reads English gets the Arabic words.
    subject_en = models.CharField(_("subject in English"), max_length=100, blank=True)
    body_en = models.TextField(_("text in English"), max_length=4000, blank=True)
    # Empty: the short message says that there is a message, and where.
    short_ar = models.CharField(_("short message"), max_length=160, blank=True)
    short_en = models.CharField(_("short message in English"), max_length=160, blank=True)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    state = models.CharField(
        _("state"), max_length=8, choices=AnnouncementState, default=AnnouncementState.DRAFT
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # How many people it was for when it was sent.
    expected = models.PositiveIntegerField(_("people"), default=0)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    canceled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("canceled by"),
    )

    class Meta:
        ordering = ("-written_at", "-pk")
        verbose_name = _("message to trainees")
        verbose_name_plural = _("messages to trainees")
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(scope=AnnouncementScope.MINISTRY, center=None, program=None, cohort=None, person=None)
                    | Q(
                        scope=AnnouncementScope.CENTER,
                        center__isnull=False,
                        program=None,
                        cohort=None,
                        person=None,
                    )
                    | Q(scope=AnnouncementScope.PROGRAM, program__isnull=False, cohort=None, person=None)
                    | Q(
                        scope=AnnouncementScope.COHORT,
                        center__isnull=False,
                        program=None,
                        cohort__isnull=False,
                        person=None,
                    )
                    | Q(scope=AnnouncementScope.SELECTION, program=None, cohort=None, person=None)
                    | Q(scope=AnnouncementScope.PERSON, program=None, cohort=None, person__isnull=False)
                ),
                name="announcement_to_what_its_scope_says",
            ),
            models.CheckConstraint(
                condition=Q(state=AnnouncementState.DRAFT, sent_by=None, sent_at=None)
                | (~Q(state=AnnouncementState.DRAFT) & Q(sent_by__isnull=False, sent_at__isnull=False)),
                name="announcement_sent_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state=AnnouncementState.CANCELED, canceled_by__isnull=False)
                | (~Q(state=AnnouncementState.CANCELED) & Q(canceled_by=None)),
                name="announcement_canceled_by_a_person",
            ),
        )
        indexes = (
            models.Index(
                fields=("id",),
                condition=Q(state=AnnouncementState.SENDING),
                name="announcement_being_sent",
            ),
            models.Index(fields=("sent_by", "sent_at"), name="announcement_of_a_sender"),
        )

    def __str__(self) -> str:
        return self.subject_ar

    @property
    def kind(self) -> AnnouncementKind:
        """As which its notices may be switched off, and in which order they are sent."""
        if self.is_urgent:
            return AnnouncementKind.URGENT
        if self.scope in (AnnouncementScope.SELECTION, AnnouncementScope.PERSON):
            return AnnouncementKind.PERSONAL
        return AnnouncementKind.ORDINARY

    @property
    def recipients(self) -> str:
        """To whom, in words."""
        place: object = ""
        match self.scope:
            case AnnouncementScope.CENTER:
                place = self.center
            case AnnouncementScope.PROGRAM:
                place = f"{self.program} · {self.center}" if self.center else self.program
            case AnnouncementScope.COHORT:
                place = self.cohort
            case AnnouncementScope.PERSON:
                place = self.person
        label = self.get_scope_display()
        return f"{label}: {place}" if place else str(label)


class AnnouncementJob(LeasedJob):
    """Notes the receivers of an announcement in batches, in the order of their keys; `reached` is the last one noted."""

    center_path = "announcement__center"
    task_name = "courses.tasks.note_recipients"
    lease = dt.timedelta(minutes=2)
    backoff = (dt.timedelta(seconds=10), dt.timedelta(minutes=1))
    about_related = ("announcement",)

    announcement = models.OneToOneField(Announcement, models.PROTECT, related_name="job")
    reached = models.PositiveBigIntegerField(default=0)

    class Meta(LeasedJob.Meta):
        verbose_name = _("receivers of a message")
        verbose_name_plural = _("receivers of messages")

    @property
    def about(self) -> str:
        return self.announcement.subject_ar


class AnnouncementNotice(PersonalNotice):
    """An announcement to one of its receivers: written once, sent like all notices. Its state says what became of it."""

    center_path = "announcement__center"
    person_path = "person"
    subject = _("message of staff")
    courtesies = (
        Courtesy(
            "announcement",
            _("Announcements of your center and of the ministry"),
            (AnnouncementKind.ORDINARY,),
        ),
    )
    needed = (
        Needed(_("Urgent announcements"), _("you would miss what cannot wait")),
        Needed(_("Messages of your center to you"), _("they are about your own study")),
    )

    announcement = models.ForeignKey(
        Announcement, models.PROTECT, related_name="notices", verbose_name=_("message")
    )
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=8, choices=AnnouncementKind)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice of a message")
        verbose_name_plural = _("notices of messages")
        constraints = (
            models.UniqueConstraint(fields=("announcement", "person"), name="announcement_notice_once"),
        )
        indexes = (
            models.Index(
                fields=("kind", "due_at"),
                condition=Q(state=NoticeState.WAITING),
                name="announcement_notice_waiting",
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="announcement_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.announcement_id}: {self.person_id}"
