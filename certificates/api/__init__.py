"""The HTTP interface of certificates for programs: OpenAPI at `/api/openapi.json`, in words in docs/reference/certificates-api.md."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from accounts.errors import DomainError
from certificates.api.auth import TooManyRequests
from certificates.api.credentials import router as credentials
from certificates.api.verification import router as verification
from certificates.errors import NO_SIGNATURES

__all__ = ["api"]

api = NinjaAPI(
    title="Mihna: certificates",
    version="1",
    description="Check certificates and fetch credentials. Every signed answer is a JWS whose key is"
    " in /.well-known/did.json.",
    # A page of our own, without scripts from elsewhere.
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", verification, tags=["verification"])
api.add_router("credentials", credentials, tags=["credentials"])


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """409 for a refused operation; 503 if the site has no key to sign with."""
    is_ours = isinstance(error, NO_SIGNATURES)
    return api.create_response(
        request, {"detail": str(error), "code": error.code}, status=503 if is_ours else 409
    )


@api.exception_handler(TooManyRequests)
def too_many(request: HttpRequest, error: TooManyRequests) -> HttpResponse:
    response = api.create_response(request, {"detail": error.message}, status=error.status_code)
    response["Retry-After"] = str(error.seconds)
    return response


@api.exception_handler(RequestDataTooBig)
def too_long(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return api.create_response(request, {"detail": "This question is too long."}, status=413)
