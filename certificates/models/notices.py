"""Notices to holders about their certificates."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import NoticeState
from accounts.models.courtesies import Courtesy, Needed
from accounts.models.notices import UNTOLD, PersonalNotice
from certificates.enums import NoticeKind


class Notice(PersonalNotice):
    """One notice to the holder about one certificate: written with the event, sent once."""

    center_path = "credential__center"
    person_path = "credential__holder"
    subject = _("certificates")
    courtesies = (
        Courtesy("certificate_ready", _("A certificate is ready"), (NoticeKind.ISSUED,)),
        Courtesy("certificate_printed", _("A certificate can be collected"), (NoticeKind.PRINTED,)),
        Courtesy(
            "certificate_ends",
            _("A certificate ends in 90 or 30 days"),
            (NoticeKind.ENDS_IN_90, NoticeKind.ENDS_IN_30),
        ),
    )
    needed = (
        Needed(_("A certificate ends in 7 days"), _("afterwards no employer may rely on it")),
        Needed(_("A representative collected a certificate"), _("it may not have been in your name")),
        Needed(
            _("A certificate is to be revoked, was revoked, suspended, replaced or put in force again"),
            _("employers read the same, and you may answer or complain"),
        ),
    )

    credential = models.ForeignKey(
        "certificates.Credential", models.PROTECT, related_name="notices", verbose_name=_("certificate")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind)
    # What it tells, where that can happen more than once.
    event = models.ForeignKey(
        "certificates.StatusEvent",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("status event"),
    )
    proceeding = models.ForeignKey(
        "certificates.Proceeding",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("proposal to revoke"),
    )

    class Meta:
        ordering = ("credential_id", "pk")
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = (
            models.UniqueConstraint(
                fields=("credential", "kind", "event", "proceeding"),
                nulls_distinct=False,
                name="certificate_notice_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=Q(state=NoticeState.WAITING),
                name="certificate_notice_waiting",
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="certificate_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.kind}"


class FeeNotice(PersonalNotice):
    """What a person was told to pay for a proposed certificate. It is not issued before, so no one switches it off.

    Another one follows where another amount is due by then, or nothing.
    """

    center_path = "row__proposal__center"
    person_path = "row__person"
    subject = _("fee of a certificate")
    needed = (
        Needed(_("A fee is due for a certificate of yours"), _("it is not issued before")),
        Needed(_("Such a fee has changed"), _("you would pay what is not due")),
    )

    row = models.ForeignKey(
        "certificates.ProposalRow",
        models.PROTECT,
        # The constraint has an index.
        db_index=False,
        related_name="fee_notices",
        verbose_name=_("proposed person"),
    )
    # Of those about one row: 1, 2, ...
    number = models.PositiveSmallIntegerField(_("number"))
    # What it says is due; 0 where it says that nothing is due any more.
    amount = models.DecimalField(_("amount in Egyptian pounds"), max_digits=8, decimal_places=2)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice of a fee")
        verbose_name_plural = _("notices of fees")
        constraints = (models.UniqueConstraint(fields=("row", "number"), name="fee_notice_once"),)
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state=NoticeState.WAITING), name="fee_notice_waiting"
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="fee_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.row_id}: {self.amount}"
