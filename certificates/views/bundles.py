"""All certificates of a proposal in one file."""

from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.enums import Act
from accounts.scoping import fenced
from accounts.scoping.requests import MemberRequest
from certificates.models import Bundle
from certificates.services.bundles import content_type_of, file_name_of
from jobs.enums import JobState


@login_required
@require_safe
def bundle(request: MemberRequest, public_id: str) -> HttpResponseBase:
    """All certificates of a proposal in one file, for staff who may see them; 404 for others."""
    ready = Bundle.objects.select_related("proposal__cohort", "proposal__center").filter(
        state=JobState.DONE, expires_at__gt=timezone.now()
    )
    found = get_object_or_404(
        fenced(ready, user=request.user, act=Act.VIEW_CERTIFICATES), public_id=public_id
    )
    return FileResponse(
        storages["private"].open(found.path),
        as_attachment=True,
        content_type=content_type_of(found),
        filename=file_name_of(found),
    )
