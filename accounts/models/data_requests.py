"""What people ask about their data: a correction of the name, or erasure (data-protection law 151/2020, article 2)."""

import datetime as dt
import uuid

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import DataRequestKind, DataRequestState

UNDECIDED = (DataRequestState.OPEN, DataRequestState.PROPOSED)
# The Egyptian working week: Friday is 4 and Saturday 5 for `datetime.date.weekday`.
_DAYS_OFF = frozenset({4, 5})


class DataRequest(models.Model):
    """Asked by the person, or at a desk for them; decided by staff. The answer is on the person's page, and without a login at `public_id`."""

    center_path = "person__registered_at"
    person_path = "person"

    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="data_requests", verbose_name=_("person")
    )
    # The address of the answer, for who has no login, or will have none.
    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=7, choices=DataRequestKind)
    text = models.CharField(_("what is asked"), max_length=500)
    state = models.CharField(
        _("state"), max_length=7, choices=DataRequestState, default=DataRequestState.OPEN, editable=False
    )
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    # Who took it down at a desk; none where the person asked.
    filed_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("taken down by"),
        editable=False,
    )
    # Of an erasure: the first of the two who decide.
    proposed_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("first decision by"),
        editable=False,
    )
    proposed_at = models.DateTimeField(_("first decision at"), null=True, editable=False)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
        editable=False,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)

    class Meta:
        ordering = ("-asked_at", "pk")
        verbose_name = _("request about data")
        verbose_name_plural = _("requests about data")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "kind"),
                condition=Q(state__in=UNDECIDED),
                name="data_request_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNDECIDED, decided_at=None)
                | (~Q(state__in=UNDECIDED) & Q(decided_at__isnull=False) & ~Q(answer="")),
                name="data_request_decided_with_an_answer",
            ),
            models.CheckConstraint(
                condition=~Q(state=DataRequestState.PROPOSED)
                | Q(kind=DataRequestKind.ERASE, proposed_by__isnull=False, proposed_at__isnull=False),
                name="data_request_proposed_by_a_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"

    @property
    def due_on(self) -> dt.date:
        """The last day for the answer: `DATA_REQUEST_DAYS` working days after it was asked. Holidays do not lengthen it."""
        day, left = timezone.localdate(self.asked_at), settings.DATA_REQUEST_DAYS
        while left:
            day += dt.timedelta(days=1)
            left -= day.weekday() not in _DAYS_OFF
        return day

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED

    @property
    def is_late(self) -> bool:
        return self.is_undecided and self.due_on < timezone.localdate()
