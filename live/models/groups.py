"""Small groups of a class: lists prepared for a cohort, and the members of groups while they were open."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from live.models.rooms import LiveSession


class GroupList(models.Model):
    """A division into groups, stored with its cohort: later classes can use it again."""

    center_path = "cohort__center"

    cohort = models.ForeignKey("courses.Cohort", models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    groups = models.PositiveSmallIntegerField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # Made by the client: a command sent twice creates one list.
    client_id = models.UUIDField(null=True, unique=True)

    class Meta:
        ordering = ("cohort_id", "-pk")

    def __str__(self) -> str:
        return self.name


class GroupPlace(models.Model):
    """The group of a person in a list. A person without a row is in no group."""

    list = models.ForeignKey(GroupList, models.CASCADE, related_name="places")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The first is 1.
    group = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("list_id", "pk")
        constraints = (models.UniqueConstraint(fields=("list", "user"), name="group_place_once_in_a_list"),)

    def __str__(self) -> str:
        return f"{self.list_id}/{self.user_id}: {self.group}"


class GroupRound(models.Model):
    """One period in groups, from event `opened_seq` to event `closed_seq`."""

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="group_rounds")
    groups = models.PositiveSmallIntegerField()
    opened_seq = models.PositiveBigIntegerField()
    closed_seq = models.PositiveBigIntegerField(null=True)
    # When the groups close by themselves.
    ends_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("session_id", "opened_seq")
        constraints = (
            models.UniqueConstraint(fields=("session", "opened_seq"), name="group_round_once"),
            models.UniqueConstraint(
                fields=("session",), condition=Q(closed_seq__isnull=True), name="group_round_one_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_seq__isnull=True) | Q(closed_seq__gt=F("opened_seq")),
                name="group_round_opens_before_it_closes",
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id}#{self.opened_seq}"


class GroupMembership(models.Model):
    """A person was in a group from event `from_seq` until before event `until_seq`: this decides who receives which event."""

    round = models.ForeignKey(GroupRound, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The name as shown at the time, as in the log.
    name = models.CharField(max_length=160)
    group = models.PositiveSmallIntegerField()
    from_seq = models.PositiveBigIntegerField()
    until_seq = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ("round_id", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("round", "user"),
                condition=Q(until_seq__isnull=True),
                name="group_membership_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until_seq__isnull=True) | Q(until_seq__gt=F("from_seq")),
                name="group_membership_begins_before_it_ends",
            ),
        )
        indexes = (models.Index(fields=("round", "group"), name="group_membership_of_group"),)

    def __str__(self) -> str:
        return f"{self.round_id}/{self.group}/{self.user_id}"
