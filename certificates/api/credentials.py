"""The credential itself: it holds a name, so it is for its holder, for staff who may see it, and for clients with that scope."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import fenced
from certificates.api.auth import ApiKey, CallerRequest, PersonRequest, Session, described, spend
from certificates.api.schemas import Detail, Proof
from certificates.codes import parse_code
from certificates.enums import ClientScope
from certificates.models import ApiClient, Credential, ProofJob
from certificates.services.badges import signed_badge
from certificates.services.proofs import ask_for_proof

router = Router()


@router.get(
    "{code}.jwt",
    auth=[ApiKey(ClientScope.CREDENTIALS), Session()],
    response={401: Detail, 404: Detail, 429: Detail, 503: Detail},
    url_name="credential",
    summary="The credential as VC-JWT",
    openapi_extra=described(
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
    credential = get_object_or_404(_seen_by(request.auth), code=parse_code(code) or "")
    return HttpResponse(
        signed_badge(credential),
        content_type="application/vc+jwt",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'attachment; filename="{credential.number.replace("/", "-")}.jwt"',
        },
    )


@router.post(
    "{code}/proof",
    auth=Session(),
    response={202: Proof, 401: Detail, 403: Detail, 404: Detail},
    url_name="proof",
    summary="Ask for the credential with a Data Integrity proof",
)
def ask(request: PersonRequest, code: str) -> Status[ProofJob]:
    """For its holder. A worker makes it (eddsa-rdfc-2022); fetch it from the same address."""
    by = request.auth
    credential = get_object_or_404(_own(by), code=parse_code(code) or "")
    return Status(202, ask_for_proof(credential_id=credential.pk, by=by))


@router.get(
    "{code}/proof",
    auth=Session(),
    response={200: Proof, 401: Detail, 404: Detail},
    url_name="proof",
    summary="The credential with its proof, once it is made",
)
def proof(request: PersonRequest, code: str) -> ProofJob:
    """For its holder."""
    by = request.auth
    return get_object_or_404(ProofJob, credential__in=_own(by), credential__code=parse_code(code) or "")


def _own(user: User) -> QuerySet[Credential]:
    return Credential.objects.filter(holder=user.person_id) if user.person_id else Credential.objects.none()


def _seen_by(who: ApiClient | User) -> QuerySet[Credential]:
    credentials = Credential.objects.select_related("type", "center")
    if isinstance(who, ApiClient):
        spend(who, 1)
        return credentials
    staff = fenced(Credential.objects.all(), user=who, act=Act.VIEW_CERTIFICATES).values("pk")
    own = Q(holder=who.person_id) if who.person_id else Q(pk=None)
    return credentials.filter(own | Q(pk__in=staff))
