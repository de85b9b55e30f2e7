"""Public pages about personal data: what is kept how long, and the answer to a request, which an erased person has no login to read with."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import DataRequest
from accounts.services.retention import kept_without_term, terms


@require_safe
def kept_data(request: HttpRequest) -> HttpResponse:
    """What is kept of people, how long and why: from the terms and rules that the code goes by."""
    facts = {"terms": terms(), "kept": kept_without_term()}
    return render(request, "account/kept_data.html", facts)


@require_safe
@never_cache
def data_request(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Without a name, and without what was asked. Raises `Http404`."""
    asked = get_object_or_404(DataRequest, public_id=public_id)
    response = render(request, "account/data_request.html", {"asked": asked})
    response["X-Robots-Tag"] = "noindex"
    return response
