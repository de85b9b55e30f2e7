"""Notices to people about their classes, and the addresses of their calendars."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import NoticeState
from accounts.models.courtesies import Courtesy, Needed
from accounts.models.notices import UNTOLD, PersonalNotice
from live.enums import NoticeKind
from live.models.rooms import LiveSession

# Written once for each planned time of a class; others, once for each change of it.
ONCE_A_TIME = (NoticeKind.DAY, NoticeKind.HOUR, NoticeKind.SHORTENED)


class Notice(PersonalNotice):
    """One notice to one person about one class: written in the transaction of the change, sent once."""

    center_path = "session__class_session__cohort__center"
    person_path = "person"
    subject = _("live classes")
    courtesies = (
        Courtesy(
            "class_reminder",
            _("Reminders a day and an hour before a live class"),
            (NoticeKind.DAY, NoticeKind.HOUR),
            is_sent_short=False,
            may_wait=False,
        ),
        Courtesy(
            "class_instructor",
            _("Another instructor gives a live class"),
            (NoticeKind.SUBSTITUTE,),
            is_sent_short=False,
            may_wait=False,
        ),
    )
    needed = (
        Needed(_("A live class was moved or canceled"), _("you would come for nothing")),
        Needed(
            _("A live class ended before its planned end, and you are not counted as present"),
            _("you may object for a few days only"),
        ),
    )

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="notices")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=NoticeKind)
    # The `sequence` of the class when this was written: a class moved to another day gets a new reminder.
    starts_at = models.DateTimeField()
    sequence = models.PositiveIntegerField()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("session", "person", "kind", "starts_at"),
                condition=Q(kind__in=ONCE_A_TIME),
                name="notice_reminds_once",
            ),
            models.UniqueConstraint(
                fields=("session", "person", "sequence"),
                condition=~Q(kind__in=ONCE_A_TIME),
                name="notice_tells_a_change_once",
            ),
        )
        indexes = (
            models.Index(fields=("due_at",), condition=Q(state=NoticeState.WAITING), name="notice_waiting"),
            models.Index(fields=("id",), condition=UNTOLD, name="notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.session_id}/{self.person_id} {self.kind}"


class CalendarFeed(models.Model):
    """The private calendar address of a login. The key alone is useless: the address is signed."""

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="calendar_feed")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.user)
