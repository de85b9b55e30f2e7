"""The base model of work outside of a request."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.enums import OPEN_STATES, JobState


def now() -> dt.datetime:
    """Looked up late: the demo creates its past rows with a clock that is set back."""
    return timezone.now()


class LeasedJob(models.Model):
    """A job as a row. A worker holds it while its lease runs; each lease raises `fence`.

    A kind of job subclasses this, sets the class attributes of the kind, and inherits `LeasedJob.Meta` with its constraints.
    """

    # The Celery task that does it, by name.
    task_name: ClassVar[str]
    # How long a lease lasts without a heartbeat.
    lease: ClassVar[dt.timedelta]
    max_attempts: ClassVar[int] = 3
    # A message that no worker has acted on for so long is taken for lost.
    grace: ClassVar[dt.timedelta] = dt.timedelta(seconds=60)
    # How long to wait after the first failed attempt, the second, ...; the last one goes on.
    backoff: ClassVar[tuple[dt.timedelta, ...]] = ()
    # The task takes a list of ids where this is not None, so many at most.
    ids_in_a_message: ClassVar[int | None] = None
    # The field whose value a message carries: a task may work on all jobs of one subscription. Empty for a message that
    # carries nothing: its worker leases what is next.
    message_key: ClassVar[str] = "pk"
    # The most jobs that are dispatched at once.
    dispatched_at_once: ClassVar[int] = 5_000
    # A message that waits for so many seconds is dropped by the broker.
    message_expires: ClassVar[float | None] = None
    # The foreign key of the row that jobs of this kind are parts of. Every end of an attempt locks that row first, and
    # announces `jobs.signals.part_changed` under the lock. People retry and cancel the whole, not its parts.
    part_of: ClassVar[str] = ""
    # Operators may cancel it on their page.
    is_cancelable: ClassVar[bool] = False
    # Recovery dispatches only rows for which this holds.
    dispatched_if: ClassVar[Q] = Q()
    # What `about` reads besides the row itself.
    about_related: ClassVar[tuple[str, ...]] = ()

    state = models.CharField(_("state"), max_length=8, choices=JobState, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    fence = models.PositiveIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    # Not before.
    due_at = models.DateTimeField(_("next attempt"), default=now, editable=False)
    # When it was last dispatched.
    dispatched_at = models.DateTimeField(default=now, editable=False)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    error = models.TextField(_("error"), blank=True)
    created_at = models.DateTimeField(_("created at"), default=now, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, lease_until__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(lease_until__isnull=True)),
                name="%(app_label)s_%(class)s_running_under_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, finished_at__isnull=True)
                | (~Q(state__in=OPEN_STATES) & Q(finished_at__isnull=False)),
                name="%(app_label)s_%(class)s_finished_once_ended",
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="%(app_label)s_%(class)s_progress_to_100"
            ),
        )
        # Recovery, lists and progress read jobs that are not done; almost all rows are done.
        indexes: ClassVar[tuple[models.Index, ...]] = (
            models.Index(
                fields=("state", "id"), condition=~Q(state=JobState.DONE), name="%(class)s_not_done"
            ),
        )

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def about(self) -> str:
        """What the job is about, for operators."""
        return str(self)
