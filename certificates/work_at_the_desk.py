"""Work of the desk of a center on the home page: fees that did not come yet, and paper that no one collected; of the ministry, which assigns
it: where security paper runs out.
"""

from typing import Any

from django.db.models import F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import DeskWork, Work, WorkItem
from accounts.services.formatting import format_since, localize_digits
from certificates.models import Printout, Proposal
from certificates.queries.fees import unpaid_proposals, unpaid_rows
from certificates.queries.printouts import waiting_printouts
from certificates.queries.security_paper import centers_short_of_paper


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


class PaperLow(Work):
    """Who assigns paper orders it, and records what the center received: then the line is gone."""

    name = "paper-low"
    title = gettext_lazy("Centers whose security paper runs out")
    help = gettext_lazy("Order sheets for them, and record what they received.")
    roles = frozenset({RoleName.MINISTRY_OFFICER})
    act = Act.ASSIGN_PAPER
    order = 38

    def rows(self, user: User) -> QuerySet[Any]:
        return self.reach(centers_short_of_paper(), user)

    def line(self, row: Any) -> WorkItem:
        left = ngettext("%(count)s sheet left", "%(count)s sheets left", row.free) % {
            "count": localize_digits(row.free)
        }
        waiting = ngettext(
            "%(count)s certificate to be printed", "%(count)s certificates to be printed", row.to_print
        ) % {"count": localize_digits(row.to_print)}
        return WorkItem(
            str(row),
            f"{reverse('sheet_deliveries:add')}?center={row.pk}",
            f"{left} · {waiting}",
            also=[(gettext_lazy("Its paper"), f"{reverse('sheet_deliveries:index')}?center={row.pk}")],
        )


DESK_WORK = (FeesNotReceived, NotCollected, PaperLow)
