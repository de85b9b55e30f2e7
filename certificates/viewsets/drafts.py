"""Drafts of the certificates of a proposal, which an officer looks at before the decision."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views import View

from certificates.enums import ProposalState, RowState
from certificates.models import Proposal, ProposalRow
from certificates.services.drafts import design_shown, draft_as_png
from typesetting import TypesettingError

_WIDTH = 1000


def draft_context(proposal: Proposal, *, decides: bool) -> dict[str, Any]:
    """The row whose draft the page shows and, for an officer who decides, the digest of its design."""
    row = _rows(proposal).first()
    return {"draft_row": row, "shown_design": design_shown(row) if row and decides else ""}


class DraftView(View):
    """One certificate of a proposal as a picture: of the row that `?row=` names, or of the first."""

    model = Proposal

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = _rows(get_object_or_404(Proposal, pk=pk))
        wanted = request.GET.get("row", "")
        if wanted:
            rows = rows.filter(pk=int(wanted)) if wanted.isascii() and wanted.isdecimal() else rows.none()
        row = rows.first()
        if row is None:
            raise Http404
        try:
            picture = draft_as_png(row, width=_WIDTH)
        except TypesettingError as error:
            # It was printable when proposed and no longer is: the approval gives the reason.
            raise Http404 from error
        return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "private, no-store"})


def _rows(proposal: Proposal) -> Any:
    rows = ProposalRow.objects.filter(
        proposal=proposal, proposal__state=ProposalState.PROPOSED, state=RowState.ELIGIBLE
    )
    return rows.select_related(
        "person", "proposal__template", "proposal__center", "proposal__type", "corrects", "renews"
    )
