"""What people ask about their data: a correction of the name, or erasure (data-protection law 151/2020, article 2)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import DataRequestKind, DataRequestState


class DataRequest(models.Model):
    """Asked by the person, decided by staff; the answer is shown to the person."""

    center_path = "person__registered_at"
    person_path = "person"

    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="data_requests", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=7, choices=DataRequestKind)
    text = models.CharField(_("what is asked"), max_length=500)
    state = models.CharField(
        _("state"), max_length=7, choices=DataRequestState, default=DataRequestState.OPEN, editable=False
    )
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
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
                condition=Q(state=DataRequestState.OPEN),
                name="data_request_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state=DataRequestState.OPEN, decided_at=None)
                | (~Q(state=DataRequestState.OPEN) & Q(decided_at__isnull=False) & ~Q(answer="")),
                name="data_request_decided_with_an_answer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"
