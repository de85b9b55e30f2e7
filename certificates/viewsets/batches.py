"""The batch of an approved proposal, for staff: progress, failures, and all certificates in one file."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from accounts.scoping.viewsets import ActView
from certificates.enums import LIVE_STATES, BundleKind
from certificates.models import Bundle, Proposal
from certificates.queries.batches import batch_progress, files_for
from certificates.queries.files import with_files
from certificates.services.bundles import request_bundle
from certificates.services.notices import not_told, resend_failed_notices
from certificates.services.rendering import retry_failed
from jobs.enums import JobState

ROWS_ON_A_PAGE = 100


class ProgressView(View):
    """The progress of a batch as JSON, polled by the page of a proposal."""

    model = Proposal

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        return JsonResponse(progress_facts(get_object_or_404(Proposal, pk=pk)))


def progress_facts(proposal: Proposal) -> dict[str, Any]:
    """The progress of the drawing, in numbers and as text in the user's language."""
    progress = batch_progress(proposal)
    numbers = {"done": progress.done, "failed": progress.failed, "total": progress.total}
    return {
        **numbers,
        "is_live": progress.is_live
        or any(bundle.is_open for bundle in Bundle.objects.filter(proposal=proposal)),
        "percent": progress.percent,
        "percent_label": render_to_string(
            "certificates/admin/progress_percent.txt", {"percent": progress.percent}
        ),
        "label": render_to_string("certificates/admin/progress_label.txt", numbers).strip(),
        "trouble": render_to_string("certificates/admin/progress_trouble.txt", numbers).strip(),
    }


def batch_context(request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
    """The context of the page of an issued proposal."""
    return {
        "progress": progress_facts(proposal),
        "bundles": list(Bundle.objects.filter(proposal=proposal)),
        "has_cards": files_for(BundleKind.CARDS, proposal).exists(),
        "credentials": page_of(request, with_files(proposal.credentials.order_by("pk")), "issued"),
        "ended": proposal.credentials.exclude(state__in=LIVE_STATES).count(),
        "untold": not_told(proposal.pk).count(),
        "states": JobState,
    }


def page_of(request: HttpRequest, rows: QuerySet[Any], name: str) -> Page[Any]:
    """The page of `rows` that the address asks for by `name`."""
    return Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get(name))


class RedrawFailedView(ActView):
    model = Proposal

    def act_on(self, pk: int) -> str:
        jobs = retry_failed(proposal_id=pk, by=self.request.user)
        return ngettext(
            "%(count)s certificate is being drawn again.",
            "%(count)s certificates are being drawn again.",
            jobs,
        ) % {"count": jobs}


class ResendNoticesView(ActView):
    model = Proposal

    def act_on(self, pk: int) -> str:
        notices = resend_failed_notices(proposal_id=pk, by=self.request.user)
        return ngettext(
            "%(count)s notice is being sent again.", "%(count)s notices are being sent again.", notices
        ) % {"count": notices}


class RequestZipView(ActView):
    model = Proposal
    kind = BundleKind.ZIP

    def act_on(self, pk: int) -> str:
        bundle = request_bundle(proposal_id=pk, kind=self.kind, by=self.request.user)
        if bundle.state == JobState.DONE:
            return _("The file is ready below.")
        return _("The file is being made. It appears below when it is ready.")


class RequestPrintRunView(RequestZipView):
    kind = BundleKind.PRINT


class RequestCardsView(RequestZipView):
    kind = BundleKind.CARDS
