"""Scheduling of rooms: series, rooms shared by cohorts, and limited places."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from live.models.rooms import LiveSession


class LiveSeries(models.Model):
    """The rule by which classes were made. Each class may have been changed since: its own row is authoritative."""

    center_path = "cohort__center"

    cohort = models.ForeignKey("courses.Cohort", models.PROTECT, related_name="+", verbose_name=_("cohort"))
    # ISO weekdays: Monday is 1, Sunday is 7.
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    first_day = models.DateField()
    last_day = models.DateField()
    holidays = ArrayField(models.DateField(), default=list, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.cohort} {self.first_day}–{self.last_day}"


class JointMeeting(models.Model):
    """The same class in the timetable of another cohort: one room, and each cohort's attendance in its own register."""

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="joint_meetings")
    class_session = models.OneToOneField("courses.ClassSession", models.PROTECT, related_name="joint_meeting")

    def __str__(self) -> str:
        return str(self.class_session)


class RoomPlace(models.Model):
    """A place in a room with a limited number of them, held while its holder's heartbeats arrive."""

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="places")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    held_until = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("session", "user"), name="room_place_once"),)

    def __str__(self) -> str:
        return f"{self.session_id}/{self.user_id}"
