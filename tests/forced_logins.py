"""`Client.force_login` without the empty session that Django saves first, and replaces: nine of 21 statements.

What a login on the site does to sessions is tested by logging in on its pages.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client

from accounts.models import User

as_django_does = Client._login


@contextmanager
def one_session_each() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "_login", log_in)
        yield


def log_in(client: Client, user: User, backend: str | None = None) -> None:
    if settings.SESSION_COOKIE_NAME in client.cookies:
        as_django_does(client, user, backend)
        return
    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, backend)
    request.session.save()
    client._set_login_cookies(request)
