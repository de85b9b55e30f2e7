"""Complaints, what happened to each, from whom each is hidden, and the notices about them."""

import datetime as dt
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import ContactKind, Language, NoticeState
from accounts.models import Contact, Person, User
from accounts.models.courtesies import Needed
from accounts.models.notices import UNTOLD, PersonalNotice
from courses.enums import (
    ComplaintChannel,
    ComplaintEventKind,
    ComplaintKind,
    ComplaintLevel,
    ComplaintNoticeKind,
    ComplaintOutcome,
    ComplaintState,
)
from courses.references import display_reference, new_reference

LONGEST_TEXT = 2000
# The keys fit into a number of JavaScript.
_MOST_KEYS = 2**53


def random_key() -> int:
    """Keys in a row would have gaps where a complaint is hidden from their reader."""
    return secrets.randbelow(_MOST_KEYS - 1) + 1


class Complaint(models.Model):
    """What a citizen complains about. Of what it says, only who made it and where it is handled ever changes.

    State, level and moments are read from the events (`courses.complaint_clock`) and kept here for lists; no other code writes them.
    """

    center_path = "center"

    id = models.BigIntegerField(primary_key=True, default=random_key, editable=False)
    reference = models.CharField(
        _("reference number"), max_length=9, unique=True, default=new_reference, editable=False
    )
    kind = models.CharField(_("about"), max_length=11, choices=ComplaintKind)
    channel = models.CharField(_("how it came"), max_length=6, choices=ComplaintChannel)
    text = models.TextField(_("what happened"), max_length=LONGEST_TEXT)
    # Who made it. The number is the one that was given with it: answers go there and nowhere else.
    person = models.ForeignKey(
        "accounts.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("mobile number"), max_length=20)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ARABIC)
    # What it is about.
    program = models.ForeignKey(
        "courses.ProgramPage",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("program"),
    )
    cohort = models.ForeignKey(
        "courses.Cohort", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cohort")
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member of staff"),
    )
    # Where it is handled; empty for the ministry.
    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("center")
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    filed_at = models.DateTimeField(_("received at"))
    # What is owed, by the settings of the day on which it was made (`courses.complaint_clock.Terms`).
    days_owed = models.PositiveSmallIntegerField(_("working days to answer"))
    days_to_take = models.PositiveSmallIntegerField()
    days_to_wait = models.PositiveSmallIntegerField()

    state = models.CharField(
        _("state"), max_length=6, choices=ComplaintState, default=ComplaintState.NEW, editable=False
    )
    level = models.PositiveSmallIntegerField(
        _("level"), choices=ComplaintLevel, default=ComplaintLevel.CENTER, editable=False
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("taken by"),
        editable=False,
    )
    due_at = models.DateTimeField(_("answer due"), null=True, editable=False)
    stopped_until = models.DateTimeField(_("clock stopped until"), null=True, editable=False)
    rises_at = models.DateTimeField(null=True, editable=False)
    rises_again_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=ComplaintOutcome, blank=True, editable=False
    )
    # When all of it is deleted; empty while it is open.
    purge_after = models.DateTimeField(null=True, editable=False)

    class Meta:
        # The earliest first; what is closed has no such moment, and comes last.
        ordering = ("due_at", "-filed_at", "pk")
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        constraints = (
            models.CheckConstraint(
                condition=Q(state=ComplaintState.CLOSED, closed_at__isnull=False, due_at=None)
                | (~Q(state=ComplaintState.CLOSED) & Q(closed_at=None, due_at__isnull=False, outcome="")),
                name="complaint_is_due_until_it_is_closed",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",), condition=~Q(state=ComplaintState.CLOSED), name="complaint_open"
            ),
            models.Index(
                fields=("purge_after",), condition=Q(purge_after__isnull=False), name="complaint_old"
            ),
        )

    def __str__(self) -> str:
        return display_reference(self.reference)

    @property
    def due_on(self) -> dt.date | None:
        """The day by whose end it is due: midnight is the end of a day, not the beginning of the next one."""
        return timezone.localdate(self.due_at - dt.timedelta(microseconds=1)) if self.due_at else None

    @property
    def login_of_citizen(self) -> User | None:
        """The login with which its maker reads it: of the person, whose record may have been merged since, else the one it was made with.

        None for a closed one, and where staff entered it for somebody.
        """
        logins = User.objects.filter(is_active=True)
        if self.person is not None:
            return logins.filter(person__in=(self.person_id, self.person.merged_into_id)).first()
        if self.channel == ComplaintChannel.DESK or self.filed_by_id is None:
            return None
        return logins.filter(pk=self.filed_by_id).first()

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.due_at <= timezone.now()


class ComplaintEvent(models.Model):
    """What happened to a complaint. Append-only, and the only trail of it: the audit trail has a number for each of its rows, which
    would tell whom the complaint is about that there is one."""

    center_path = "complaint__center"

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=11, choices=ComplaintEventKind)
    at = models.DateTimeField(_("when"))
    # The citizen, where there is none.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    text = models.TextField(_("text"), blank=True, max_length=LONGEST_TEXT)
    level = models.PositiveSmallIntegerField(_("level"), choices=ComplaintLevel, null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=ComplaintOutcome, blank=True)

    class Meta:
        ordering = ("at", "pk")
        verbose_name = _("event of a complaint")
        verbose_name_plural = _("events of complaints")

    def __str__(self) -> str:
        return self.get_kind_display()


class HiddenComplaint(models.Model):
    """A login that sees nothing of a complaint: whom it is about, and who made it."""

    center_path = "complaint__center"

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="hidden_from")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("login")
    )

    class Meta:
        ordering = ("pk",)
        verbose_name = _("login from which a complaint is hidden")
        verbose_name_plural = _("logins from which complaints are hidden")
        constraints = (models.UniqueConstraint(fields=("complaint", "user"), name="complaint_hidden_once"),)

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.user_id}"


class ComplaintNotice(PersonalNotice):
    """That there is a question or an answer, or that the ministry took one back, to the number that was given with the complaint, and on the site to the login of who made it.

    It is of no person, registered or not: the page of a person lists what was sent to them, and is read by whom complaints are about.
    """

    center_path = "complaint__center"
    person_path = "complaint"
    subject = _("complaint")
    is_confidential = True
    is_for_a_number = True
    reaches_every_login = True
    needed = (Needed(_("Questions and answers about your complaint"), _("you asked for an answer")),)

    complaint = models.ForeignKey(
        Complaint, models.CASCADE, related_name="notices", verbose_name=_("complaint")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=ComplaintNoticeKind)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice about a complaint")
        verbose_name_plural = _("notices about complaints")
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state=NoticeState.WAITING), name="complaint_notice_waiting"
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="complaint_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.kind}"

    @property
    def reader_on_site(self) -> User | None:
        """A login, never a person: what a person was told is moved by a merge of records, which staff do."""
        return self.complaint.login_of_citizen

    @classmethod
    def login_of(cls, receiver: int) -> User | None:
        return Complaint.objects.select_related("person").get(pk=receiver).login_of_citizen

    @classmethod
    def contacts_of(cls, receiver: int) -> list[Contact]:
        """Not saved: the number belongs to the complaint."""
        phone = Complaint.objects.values_list("phone", flat=True).get(pk=receiver)
        return [Contact(kind=ContactKind.PHONE, value=phone)]

    @classmethod
    def person_of(cls, receiver: int) -> Person:
        """Not saved: it says in which language."""
        return Person(language=Complaint.objects.values_list("language", flat=True).get(pk=receiver))
