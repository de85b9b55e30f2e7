"""Authentication and rate limits of the API: a client with its key, or a user with a login session."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer, SessionAuth

from accounts.models import User
from certificates.enums import ClientScope, LookupVia
from certificates.models import ApiClient
from certificates.services.clients import client_with, consume_rate_limit
from certificates.services.rate_limits import seconds_to_wait


class ApiKey(HttpBearer):
    """`Authorization: Bearer mihna_...` of a client that may do `scope`."""

    def __init__(self, scope: ClientScope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiClient | None:
        client = client_with(token)
        return client if client and self.scope in client.scopes else None


class Session(SessionAuth):
    """The login session of the site; unsafe methods need its CSRF token."""


class ClientRequest(HttpRequest):
    """A request behind `ApiKey`."""

    auth: ApiClient


class PersonRequest(HttpRequest):
    """A request behind `Session`."""

    auth: User


class CallerRequest(HttpRequest):
    """A request behind either of them."""

    auth: ApiClient | User


class TooManyRequests(HttpError):
    """429, and after how many seconds to come back (RFC 9110, 10.2.3)."""

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(429, message)
        self.seconds = seconds


def openapi_details(*scopes: ClientScope, too_many: bool = False, **responses: Any) -> dict[str, Any]:
    """Additions to the description of an operation: the scope of the key, and headers."""
    more: dict[str, Any] = {"x-scopes": [scope.value for scope in scopes]} if scopes else {}
    if too_many:
        responses["429"] = {
            "headers": {
                "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
            }
        }
    return {**more, "responses": {int(code): said for code, said in responses.items()}}


def enforce_client_rate_limit(client: ApiClient, codes: int) -> None:
    """Count the certificates a client asks about. Answers 429 above its limit for this minute."""
    if not consume_rate_limit(client=client, codes=codes):
        raise TooManyRequests(
            f"More than {client.codes_per_minute} certificates in this minute.",
            seconds=60 - timezone.now().second,
        )


def enforce_address_rate_limit(address: str) -> None:
    """Answers 429 if an address asked too often in the last minute."""
    if seconds := seconds_to_wait(via=LookupVia.CODE, address=address):
        raise TooManyRequests("Too many checks. Wait a minute.", seconds=seconds)
