"""Who asks: a program with its key, or a person with a session."""

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer, SessionAuth

from accounts.models import User
from certificates.enums import ClientScope
from certificates.models import ApiClient
from certificates.services import client_with, take_allowance


class ApiKey(HttpBearer):
    """`Authorization: Bearer mihna_...` of a client that may do `scope`."""

    def __init__(self, scope: ClientScope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiClient | None:
        client = client_with(token)
        return client if client and self.scope in client.scopes else None


class Session(SessionAuth):
    """The session of the site; writing needs its CSRF token."""


class ClientRequest(HttpRequest):
    """A request behind `ApiKey`."""

    auth: ApiClient


class PersonRequest(HttpRequest):
    """A request behind `Session`."""

    auth: User


class CallerRequest(HttpRequest):
    """A request behind either of them."""

    auth: ApiClient | User


def spend(client: ApiClient, codes: int) -> None:
    """Count what a client asks. Answers 429 where it is more than it may in this minute."""
    if not take_allowance(client=client, codes=codes):
        raise HttpError(429, f"More than {client.codes_per_minute} certificates in this minute.")
