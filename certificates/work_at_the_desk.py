"""Work of the desk of a center on the home page: fees that did not come yet, and paper that no one collected."""

from typing import Any

from django.db.models import F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Act
from accounts.models import User
from accounts.scoping.work import DeskWork, WorkItem
from accounts.services.formatting import format_since, localize_digits
from certificates.models import Printout, Proposal
from certificates.queries.fees import unpaid_proposals, unpaid_rows
from certificates.queries.printouts import waiting_printouts


class FeesNotReceived(DeskWork):
    name = "fees"
    title = gettext_lazy("Certificates whose fee was not received")
    help = gettext_lazy("Record the receipts. Nothing is issued before.")
    act = Act.RECORD_FEES
    order = 45

    def rows(self, user: User) -> QuerySet[Proposal]:
        people = unpaid_rows().filter(proposal=OuterRef("pk")).order_by()
        count = people.annotate(people=Func(F("pk"), function="COUNT", output_field=IntegerField()))
        rows = self.reach(unpaid_proposals(), user).annotate(people=Subquery(count.values("people")))
        return rows.select_related("type", "cohort", "center").order_by("proposed_at", "pk")

    def line(self, row: Any) -> WorkItem:
        people = ngettext("%(count)s person", "%(count)s people", row.people) % {
            "count": localize_digits(row.people)
        }
        return WorkItem(
            f"{row.subject()} · {row.type}",
            reverse("proposals:fees", args=[row.pk]),
            " · ".join((people, str(row.center))),
            format_since(row.proposed_at),
        )


class NotCollected(DeskWork):
    name = "not-collected"
    title = gettext_lazy("Printed certificates that no one collected yet")
    help = gettext_lazy("Their holders have a message. Call those who wait longest.")
    act = Act.HAND_OUT_CERTIFICATES
    order = 75

    def rows(self, user: User) -> QuerySet[Printout]:
        rows = self.reach(waiting_printouts(), user)
        return rows.select_related("credential__holder", "credential__type", "copy").order_by(
            "printed_at", "pk"
        )

    def line(self, row: Printout) -> WorkItem:
        credential = row.credential
        return WorkItem(
            row.name,
            reverse("credentials:hand_out", args=[credential.pk]),
            f"{credential.holder} · {credential.type}",
            format_since(row.printed_at),
            is_code=True,
        )


DESK_WORK = (FeesNotReceived, NotCollected)
