"""Work of this app on the home page of the workplace (`accounts.scoping.work`)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping import may_everywhere
from accounts.scoping.hands import hands_shown, people_shown
from accounts.scoping.work import Shortcut, Work, WorkItem
from accounts.services.formatting import format_date, format_list, format_since, localize_digits
from certificates.enums import (
    LIVE_STATES,
    CredentialKind,
    CredentialState,
    FeeFor,
    PaperState,
    ProceedingState,
    ProposalState,
    RowState,
    Status,
)
from certificates.models import (
    Credential,
    CredentialType,
    Fee,
    LegacyPaper,
    Proceeding,
    Proposal,
    ProposalRow,
    RenderJob,
    StatusEvent,
    Term,
    WebhookDelivery,
)
from certificates.queries.auditing import DifferingPaper, differing_papers
from certificates.queries.doubts import credentials_in_doubt
from certificates.queries.fees import issuable_rows, paid_since
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment
from courses.queries.facts import FACT_LABELS
from jobs.enums import JobState

# A suspension is for an investigation; after this long somebody has to ask how it went.
LONG_SUSPENSION = dt.timedelta(days=30)
# What was sent back and not proposed again since is given up.
RETURNED_FOR = dt.timedelta(days=90)
DECIDED_FOR = dt.timedelta(days=7)
CHANGED_FOR = dt.timedelta(days=14)

OFFICER = frozenset({RoleName.CERTIFYING_OFFICER})
MANAGER = frozenset({RoleName.CENTER_MANAGER})
MINISTRY = frozenset({RoleName.MINISTRY_OFFICER})


def _people(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": localize_digits(count)}


class ProposalsWaiting(Work):
    name = "proposals"
    title = gettext_lazy("Proposals waiting for your decision")
    roles = OFFICER
    act = Act.APPROVE_CERTIFICATES
    order = 10

    def rows(self, user: User) -> QuerySet[Proposal]:
        # Of one in which no one has paid, nothing can be issued: the desk has it.
        waiting = Proposal.objects.filter(
            Exists(issuable_rows().filter(proposal=OuterRef("pk"))), state=ProposalState.PROPOSED
        ).exclude(proposed_by__in=hands_shown(user))
        return (
            self.reach(waiting, user)
            .annotate(people=Count("rows", filter=Q(rows__state=RowState.ELIGIBLE)))
            .select_related("type", "template", "cohort", "center")
            .order_by("proposed_at", "pk")
        )

    def line(self, row: Any) -> WorkItem:
        kind, template = str(row.type), str(row.template)
        # A template is often called as the kind that it prints.
        called = [template] if template != kind else []
        return WorkItem(
            f"{row.subject()} · {kind}",
            reverse("proposals:inspect", args=[row.pk]),
            " · ".join((_people(row.people), *called, str(row.center))),
            format_since(row.proposed_at),
        )


class ProposalsReturned(Work):
    """Sent back, as a whole or for some people, and not proposed again since."""

    name = "returned-proposals"
    title = gettext_lazy("Proposals that were sent back")
    help = gettext_lazy("Read why, put it right, and propose again.")
    roles = MANAGER
    act = Act.PROPOSE_CERTIFICATES
    order = 35

    def rows(self, user: User) -> QuerySet[Proposal]:
        rows = self.reach(_returned(), user).select_related("type", "cohort", "center")
        return rows.order_by("decided_at", "pk")

    def line(self, row: Proposal) -> WorkItem:
        again = f"{reverse('proposals:add')}?cohort={row.cohort_id}&type={row.type_id}"
        return WorkItem(
            f"{row.subject()} · {row.type}",
            reverse("proposals:inspect", args=[row.pk]),
            row.reason,
            format_since(row.decided_at) if row.decided_at else "",
            also=[(gettext_lazy("Propose again"), again)] if row.cohort_id else (),
        )


def _returned() -> QuerySet[Proposal]:
    """Those whom a fee was missing count once it came, since nothing can be put right before."""
    same = Q(cohort=OuterRef("cohort")) | Q(cohort=None, center=OuterRef("center"))
    later = Proposal.objects.filter(same, type=OuterRef("type"), proposed_at__gt=OuterRef("decided_at"))
    later = later.exclude(state=ProposalState.WITHDRAWN)
    some = ProposalRow.objects.filter(proposal=OuterRef("pk"), state=RowState.RETURNED)
    sent_back = Q(state=ProposalState.REJECTED) | Exists(some)
    paid = Exists(paid_since().filter(proposal=OuterRef("pk")))
    return Proposal.objects.filter(
        sent_back & Q(decided_at__gt=timezone.now() - RETURNED_FOR) | paid, ~Exists(later)
    )


class ReadyToPropose(Work):
    """Cohorts with people who completed and for whom nothing was proposed or issued. What was sent back has a line of its own."""

    name = "ready"
    title = gettext_lazy("Ready to propose for certificates")
    roles = MANAGER
    act = Act.PROPOSE_CERTIFICATES
    order = 40

    def rows(self, user: User) -> QuerySet[Cohort]:
        proposed = ProposalRow.objects.filter(
            enrollment=OuterRef("pk"),
            # Who still has to pay is proposed again after that.
            state__in=(RowState.ELIGIBLE, RowState.APPROVED, RowState.UNPAID),
        )
        ready = Enrollment.objects.filter(
            ~Exists(proposed),
            ~Exists(Credential.objects.filter(enrollment=OuterRef("pk"))),
            cohort=OuterRef("pk"),
            state=EnrollmentState.COMPLETED,
        ).order_by()
        people = ready.values("cohort").annotate(count=Count("pk")).values("count")
        since = ready.order_by("completed_at").values("completed_at")[:1]
        cohorts = Cohort.objects.filter(Exists(ready), ~Exists(_returned().filter(cohort=OuterRef("pk"))))
        rows = self.reach(cohorts, user).annotate(people=Subquery(people), ready_since=Subquery(since))
        return rows.select_related("program", "center").order_by("ready_since", "pk")

    def line(self, row: Any) -> WorkItem:
        return WorkItem(
            row.code,
            f"{reverse('proposals:add')}?cohort={row.pk}",
            f"{row.program.title} · {_people(row.people)}",
            format_since(row.ready_since),
            also=[(gettext_lazy("Cohort"), reverse("cohort:inspect", args=[row.pk]))],
            is_code=True,
        )


class DrawingsFailed(Work):
    """The center has them drawn again; the officer asks for it."""

    name = "drawings"
    title = gettext_lazy("Certificates that could not be drawn")
    roles = OFFICER | MANAGER
    act = Act.VIEW_CERTIFICATES
    order = 32

    def rows(self, user: User) -> QuerySet[RenderJob]:
        failed = self.reach(RenderJob.objects.filter(state=JobState.FAILED), user)
        return failed.select_related("credential__holder", "credential__center").order_by("pk")

    def line(self, row: RenderJob) -> WorkItem:
        credential = row.credential
        about = f"{credential.holder} · {row.get_kind_display()} · {credential.center}"
        address = reverse("credentials:inspect", args=[credential.pk])
        return WorkItem(credential.number, address, about, format_since(credential.issued_on), is_code=True)


class PapersToCompare(Work):
    name = "papers"
    title = gettext_lazy("Paper certificates to compare with their scan")
    roles = OFFICER
    act = Act.APPROVE_CERTIFICATES
    order = 50

    def rows(self, user: User) -> QuerySet[LegacyPaper]:
        # As `certificates.queries.legacy.papers_to_check`, of all batches.
        waiting = LegacyPaper.objects.filter(state=PaperState.TYPED, faults=[])
        waiting = waiting.exclude(typists__overlap=sorted(hands_shown(user)))
        waiting = waiting.exclude(person__isnull=False, person__in=people_shown(user))
        return self.reach(waiting, user).select_related("batch__center").order_by("typed_at", "batch", "line")

    def line(self, row: LegacyPaper) -> WorkItem:
        address = reverse("legacy_papers:inspect", args=[row.pk])
        return WorkItem(
            str(row), address, f"{row.name} · {row.batch.center}", format_since(row.typed_at), is_code=True
        )


class PapersToCorrect(Work):
    """Lines with a fault, and lines that were sent back."""

    name = "faulty-papers"
    title = gettext_lazy("Paper certificates to correct")
    roles = MANAGER
    act = Act.PROPOSE_CERTIFICATES
    order = 55

    def rows(self, user: User) -> QuerySet[LegacyPaper]:
        faulty = Q(state=PaperState.RETURNED) | (Q(state=PaperState.TYPED) & ~Q(faults=[]))
        rows = self.reach(LegacyPaper.objects.filter(faulty), user).select_related("batch")
        return rows.order_by("typed_at", "batch", "line")

    def line(self, row: LegacyPaper) -> WorkItem:
        address = reverse("legacy_papers:edit", args=[row.pk])
        return WorkItem(
            str(row), address, " · ".join(part for part in (row.name, row.note) if part), is_code=True
        )


class LongSuspensions(Work):
    name = "suspensions"
    title = gettext_lazy("Certificates suspended for more than 30 days")
    help = gettext_lazy("Revoke them, or put them in force again.")
    roles = OFFICER
    act = Act.REVOKE_CERTIFICATES
    order = 60

    def rows(self, user: User) -> QuerySet[Credential]:
        events = StatusEvent.objects.filter(credential=OuterRef("pk"), status=Status.SUSPENDED)
        suspended = Credential.objects.filter(state=CredentialState.SUSPENDED)
        rows = self.reach(suspended, user).annotate(
            suspended_at=Subquery(events.order_by("-at", "-pk").values("at")[:1])
        )
        rows = rows.filter(suspended_at__lt=timezone.now() - LONG_SUSPENSION)
        return rows.select_related("holder", "center").order_by("suspended_at", "pk")

    def line(self, row: Any) -> WorkItem:
        address = reverse("credentials:inspect", args=[row.pk])
        return WorkItem(
            row.number, address, f"{row.holder} · {row.center}", format_since(row.suspended_at), is_code=True
        )


class RevocationsToDecide(Work):
    """Whose holder was heard; and suspensions by one person before they lapse."""

    name = "revocations"
    title = gettext_lazy("Revocations and suspensions waiting for a second officer")
    help = gettext_lazy(
        "Read what the holder answered, then revoke, confirm, or leave the certificate in force."
    )
    roles = OFFICER | MINISTRY
    act = Act.REVOKE_CERTIFICATES
    order = 33

    def rows(self, user: User) -> QuerySet[Credential]:
        others = Q(opened_by__in=hands_shown(user))
        heard = Proceeding.objects.filter(credential=OuterRef("pk"), state=ProceedingState.OPEN)
        heard = heard.filter(heard_until__lt=timezone.localdate()).exclude(others)
        last = StatusEvent.objects.filter(credential=OuterRef("pk"), status=Status.SUSPENDED).order_by(
            "-at", "-pk"
        )
        credentials = Credential.objects.annotate(
            until=Subquery(last.values("until")[:1]), suspended_by=Subquery(last.values("by")[:1])
        )
        unconfirmed = Q(state=CredentialState.SUSPENDED, until__isnull=False) & ~Q(
            suspended_by__in=hands_shown(user)
        )
        waiting = credentials.filter(Q(Exists(heard), state__in=LIVE_STATES) | unconfirmed).order_by(
            "until", "pk"
        )
        return self.reach(waiting, user).select_related("holder", "center")

    def line(self, row: Any) -> WorkItem:
        address = reverse("credentials:inspect", args=[row.pk])
        when = format_date(row.until) if row.until and row.state == CredentialState.SUSPENDED else ""
        return WorkItem(row.number, address, f"{row.holder} · {row.center}", when, is_code=True)


class DoubtedCertificates(Work):
    """Whose own completion is in doubt, or whose revocation is proposed, has lines elsewhere."""

    name = "doubted-certificates"
    title = gettext_lazy("Certificates in doubt")
    help = gettext_lazy("Look at why: the certificate is corrected, stays, or is revoked.")
    roles = OFFICER
    act = Act.APPROVE_CERTIFICATES
    order = 34

    def rows(self, user: User) -> list[Credential]:
        reached = self.reach(Credential.objects.all(), user)
        keys = [
            pk
            for pk, doubts in credentials_in_doubt(reached).items()
            if any(doubt.credential.pk != pk or doubt.is_confirmed_here for doubt in doubts)
        ]
        rows = Credential.objects.filter(pk__in=keys).select_related("holder", "center")
        return list(rows.order_by("issued_on", "pk"))

    def line(self, row: Credential) -> WorkItem:
        address = reverse("credentials:inspect", args=[row.pk])
        return WorkItem(row.number, address, f"{row.holder} · {row.center}", is_code=True)


class DifferingPapers(Work):
    """The center proposes its correction; the officer sees that it does, or revokes it."""

    name = "differing-papers"
    title = gettext_lazy("Certificates that differ from the facts of their cohort")
    help = gettext_lazy(
        "They say something else of program or center than was published when the cohort opened. Have them corrected, or revoked."
    )
    roles = OFFICER | MANAGER
    act = Act.VIEW_CERTIFICATES
    order = 38

    def rows(self, user: User) -> list[DifferingPaper]:
        reached = self.reach(Credential.objects.all(), user)
        return differing_papers(reached.select_related("holder", "center"))

    def line(self, row: DifferingPaper) -> WorkItem:
        credential = row.credential
        differing = format_list(FACT_LABELS[name] for name in row.claims)
        return WorkItem(
            credential.number,
            reverse("credentials:inspect", args=[credential.pk]),
            f"{credential.holder} · {differing}",
            format_date(credential.issued_on),
            is_code=True,
        )


class ChangedCertificates(Work):
    """What became of certificates of the center: its holder is told, and asks there."""

    name = "changed-certificates"
    title = gettext_lazy("Certificates suspended, revoked, replaced or in force again in the last 14 days")
    roles = MANAGER
    act = Act.VIEW_CERTIFICATES
    order = 85

    def rows(self, user: User) -> QuerySet[StatusEvent]:
        told = (Status.SUSPENDED, Status.REINSTATED, Status.REVOKED, Status.SUPERSEDED)
        events = StatusEvent.objects.filter(status__in=told, at__gt=timezone.now() - CHANGED_FOR)
        return self.reach(events, user).select_related("credential__holder").order_by("-at", "-pk")

    def line(self, row: StatusEvent) -> WorkItem:
        what = ": ".join(str(part) for part in (row.get_status_display(), row.get_reason_display()) if part)
        return WorkItem(
            row.credential.number,
            reverse("credentials:inspect", args=[row.credential_id]),
            f"{row.credential.holder} · {what}",
            format_date(timezone.localdate(row.at)),
            is_code=True,
        )


class DecidedThisWeek(Work):
    """What the reader decided, to look it up again: the newest first."""

    name = "decided"
    title = gettext_lazy("What you decided in the last seven days")
    roles = OFFICER
    act = Act.VIEW_CERTIFICATES
    order = 95

    def rows(self, user: User) -> QuerySet[Proposal]:
        mine = Proposal.objects.filter(decided_by=user, decided_at__gt=timezone.now() - DECIDED_FOR)
        mine = mine.exclude(state=ProposalState.WITHDRAWN)
        return (
            self.reach(mine, user).select_related("type", "cohort", "center").order_by("-decided_at", "-pk")
        )

    def line(self, row: Proposal) -> WorkItem:
        return WorkItem(
            f"{row.subject()} · {row.type}",
            reverse("proposals:inspect", args=[row.pk]),
            row.get_state_display(),
            format_date(row.decided_at) if row.decided_at else "",
        )


class OfTheMinistry(Work):
    """Rows that belong to no center."""

    roles = MINISTRY
    act = Act.SET_RULES

    def of_ministry[M: Any](self, rows: QuerySet[M], user: User) -> QuerySet[M]:
        return rows if may_everywhere(user, Act.SET_RULES) else rows.none()


class TermsUnset(OfTheMinistry):
    """A license without a term never ends. Other kinds need none."""

    name = "terms-unset"
    title = gettext_lazy("Licenses without a term")
    help = gettext_lazy("What is issued meanwhile never ends.")
    order = 36

    def rows(self, user: User) -> QuerySet[CredentialType]:
        licenses = CredentialType.objects.filter(kind=CredentialKind.LICENSE, is_active=True)
        unset = licenses.filter(~Exists(Term.objects.filter(type=OuterRef("pk"))))
        return self.of_ministry(unset, user).order_by("code")

    def line(self, row: CredentialType) -> WorkItem:
        return WorkItem(str(row), f"{reverse('terms:add')}?type={row.pk}")


class FeesUnset(OfTheMinistry):
    name = "fees-unset"
    title = gettext_lazy("Kinds of certificates without a fee")
    help = gettext_lazy("Enter 0 where it is free.")
    order = 37

    def rows(self, user: User) -> QuerySet[CredentialType]:
        fees = Fee.objects.filter(type=OuterRef("pk"), due_for=FeeFor.ISSUE)
        # A supplement comes with its certificate.
        types = CredentialType.objects.filter(~Exists(fees), is_active=True)
        return self.of_ministry(types.exclude(kind=CredentialKind.SUPPLEMENT), user).order_by("code")

    def line(self, row: CredentialType) -> WorkItem:
        return WorkItem(str(row), f"{reverse('fees:add')}?type={row.pk}")


class WebhookFailures(OfTheMinistry):
    name = "webhooks"
    title = gettext_lazy("Messages to other systems that did not arrive")
    order = 40

    def rows(self, user: User) -> QuerySet[WebhookDelivery]:
        failed = WebhookDelivery.objects.filter(state=JobState.FAILED, webhook__is_active=True)
        return self.of_ministry(failed, user).select_related("webhook", "event__credential").order_by("pk")

    def lines(self, rows: Sequence[WebhookDelivery], user: User) -> list[WorkItem]:
        return [
            WorkItem(
                str(row.webhook),
                reverse("webhook_deliveries:inspect", args=[row.pk]),
                f"{row.event.credential.number} · {row.event.get_status_display()}",
                format_since(row.event.at),
            )
            for row in rows
        ]


WORK = (
    ProposalsWaiting,
    ProposalsReturned,
    ReadyToPropose,
    DrawingsFailed,
    PapersToCompare,
    PapersToCorrect,
    LongSuspensions,
    RevocationsToDecide,
    DoubtedCertificates,
    DifferingPapers,
    ChangedCertificates,
    DecidedThisWeek,
    TermsUnset,
    FeesUnset,
    WebhookFailures,
)

SHORTCUTS = (
    Shortcut(
        gettext_lazy("Propose certificates"), "proposals:add", "tasks", MANAGER, Act.PROPOSE_CERTIFICATES
    ),
    Shortcut(gettext_lazy("Proposals"), "proposals:index", "tasks", OFFICER, Act.VIEW_CERTIFICATES),
    Shortcut(
        gettext_lazy("Register of certificates"),
        "credentials:index",
        "doc-full-inverse",
        OFFICER | MINISTRY | {RoleName.AUDITOR},
        Act.VIEW_CERTIFICATES,
    ),
)
