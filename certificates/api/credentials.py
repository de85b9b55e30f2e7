"""The operation that fetches a credential. It holds a name, so it is for its holder, for staff who may see it, and for clients with that scope."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import fenced
from certificates.api.auth import ApiKey, CallerRequest, Session, enforce_client_rate_limit, openapi_details
from certificates.api.schemas import Detail, Refused
from certificates.codes import parse_code
from certificates.enums import ClientScope
from certificates.models import ApiClient, Credential
from certificates.services.badges import signed_badge

router = Router()


@router.get(
    "{code}.jwt",
    auth=[ApiKey(ClientScope.CREDENTIALS), Session()],
    response={401: Detail, 404: Detail, 429: Detail, 503: Refused},
    url_name="credential",
    summary="The credential as VC-JWT",
    openapi_extra=openapi_details(
        ClientScope.CREDENTIALS,
        too_many=True,
        **{
            "200": {
                "description": "The token",
                "content": {"application/vc+jwt": {"schema": {"type": "string"}}},
            }
        },
    ),
)
def credential_token(request: CallerRequest, code: str) -> HttpResponse:
    """Open Badges 3.0, signed with the active key. Whether it still counts is said by its status lists."""
    credential = get_object_or_404(_visible_to(request.auth), code=parse_code(code) or "")
    return HttpResponse(
        signed_badge(credential),
        content_type="application/vc+jwt",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'attachment; filename="{credential.number.replace("/", "-")}.jwt"',
        },
    )


def _visible_to(who: ApiClient | User) -> QuerySet[Credential]:
    credentials = Credential.objects.select_related("type", "center")
    if isinstance(who, ApiClient):
        enforce_client_rate_limit(who, 1)
        return credentials
    staff = fenced(Credential.objects.all(), user=who, act=Act.VIEW_CERTIFICATES).values("pk")
    own = Q(holder=who.person_id) if who.person_id else Q(pk=None)
    return credentials.filter(own | Q(pk__in=staff))
