"""The holder's own certificates and their files."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.enums import Act
from accounts.scoping import fenced
from accounts.scoping.requests import MemberRequest
from certificates.enums import FileKind
from certificates.models import Artifact, Credential
from certificates.queries.fees import fees_of_person
from certificates.queries.files import card_of, copy_file_of, original_of, scan_of
from certificates.queries.wallet import wallet_of
from certificates.services.verification import answers_about
from certificates.views.files import file_of
from certificates.views.paging import paged

CERTIFICATES_PER_PAGE = 10


@login_required
@require_safe
def mine(request: MemberRequest) -> HttpResponse:
    """The user's own certificates: status, files, what others see of each, and fees that are due."""
    person = request.user.person_id
    credentials = wallet_of(person) if person else Credential.objects.none()
    page = paged(request, credentials, size=CERTIFICATES_PER_PAGE)
    for answer in answers_about(page["rows"]):
        answer.credential.verification = answer  # type: ignore[union-attr]
    fees = list(fees_of_person(person)) if person else []
    return render(request, "certificates/mine.html", page | {"fees": fees})


@login_required
@require_safe
def download(request: MemberRequest, public_id: str) -> HttpResponseBase:
    """The file, for its holder and for staff who may see it; 404 for others."""
    credential = get_object_or_404(_readable(request), public_id=public_id)
    return _answer(credential, original_of(credential) or scan_of(credential))


@login_required
@require_safe
def download_copy(request: MemberRequest, public_id: str, number: int) -> HttpResponseBase:
    """The PDF of a numbered copy, for the same people."""
    credential = get_object_or_404(_readable(request), public_id=public_id)
    return _answer(credential, copy_file_of(credential, number))


@login_required
@require_safe
def download_card(request: MemberRequest, public_id: str) -> HttpResponseBase:
    """The card of a certificate, for the same people."""
    credential = get_object_or_404(_readable(request), public_id=public_id)
    return _answer(credential, card_of(credential))


@login_required
@require_safe
def download_copied_card(request: MemberRequest, public_id: str, number: int) -> HttpResponseBase:
    """The card of a numbered copy, for the same people."""
    credential = get_object_or_404(_readable(request), public_id=public_id)
    return _answer(credential, copy_file_of(credential, number, FileKind.CARD))


def _readable(request: MemberRequest) -> QuerySet[Credential]:
    own = Q(holder=request.user.person_id) if request.user.person_id else Q(pk=None)
    staff = fenced(Credential.objects.all(), user=request.user, act=Act.VIEW_CERTIFICATES)
    return Credential.objects.filter(own | Q(pk__in=staff.values("pk")))


def _answer(credential: Credential, artifact: Artifact | None) -> HttpResponseBase:
    if artifact is None:
        raise Http404
    return file_of(credential, artifact)
