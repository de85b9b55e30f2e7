"""A clock that shows noon, holders who have a phone, and a gateway that hangs up."""

import datetime as dt
import socket
import threading
from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Center, LoginNotice, User
from accounts.services.login_notices import notify_holder
from certificates.models import Notice
from tests.factories.accounts import TraineeFactory
from tests.factories.certificates import drawn, issued
from tests.factories.courses import CohortFactory

PHONE = "+201012345678"


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    moment = tomorrow.replace(hour=12, minute=0, second=0, microsecond=0)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


@pytest.fixture
def holder(db: None) -> User:
    return TraineeFactory(phone=PHONE, email=None, language="ar")


@pytest.fixture
def notice(holder: User, center: Center) -> Notice:
    """That a certificate is ready: it can wait."""
    credential = issued(CohortFactory(center=center), person=holder.person)
    drawn(credential)
    return Notice.objects.get(credential=credential)


@pytest.fixture
def warning(holder: User) -> LoginNotice:
    """That the login has a new password: it cannot wait."""
    notify_holder(user=holder, kind="new_password", center=None)
    return LoginNotice.objects.get(user=holder)


@pytest.fixture
def hanging_up(settings: Settings) -> Iterator[None]:
    """A gateway that reads a message and ends the connection without an answer."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{listening.getsockname()[1]}/"

        def hang_up() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line:
                    line.recv(65536)

        threading.Thread(target=hang_up, daemon=True).start()
        yield
        listening.shutdown(socket.SHUT_RDWR)
