"""Fixtures every test may use."""

import gc
import itertools
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as laws
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings
from pytest_socket import socket_allow_hosts

from accounts.enums import RoleName
from accounts.models import Center, User
from lms import shared_rows
from lms.celery import app
from lms.generations import Generations
from lms.owner import as_owner
from tests import plugins
from tests.accounts.kannel import PASSWORD, SENDER, USER, Network, kannel
from tests.chromium import chromium, left_closed
from tests.database_flush import fast_flush
from tests.examined_designs import examined_once
from tests.factories.accounts import CenterFactory, MembershipFactory, UserFactory
from tests.forced_logins import one_session_each
from tests.live.browser_broadcast import TcpProxy
from tests.prepared_statements import statements_kept
from tests.served_site import served
from tests.template_database import ensure_template
from tests.wagtail_indexes import no_indexes, references_written

# The time of an example depends on the machine.
any_machine = laws(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# --hypothesis-profile chooses another: `make test-all` does.
for profile, examples in {"quick": 25, "nightly": 500}.items():
    laws.register_profile(profile, parent=any_machine, max_examples=examples)
laws.load_profile("quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fail-on-skip", action="store_true", help="a skipped test fails the run (CI)")
    parser.addoption(
        "--once-more", action="store_true", help="one or two failed tests run once more at the end"
    )


def pytest_configure(config: pytest.Config) -> None:
    plugins.register(config)


def pytest_collection_finish() -> None:
    # A full collection walks through all that was imported: half a second, in the middle of whichever test it meets.
    gc.collect()
    gc.freeze()
    # A page makes tens of thousands of objects and leaves few in cycles: looking for those after every 2,000 takes a twentieth of the time.
    gc.set_threshold(50_000, 20, 50)


def pytest_runtest_setup() -> None:
    # Loopback only: a test that reaches out is a defect.
    socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


def pytest_unconfigure() -> None:
    # Only with tests/settings.py: under other settings these are the checkout's own database and files.
    if settings.configured and settings.SETTINGS_MODULE == "tests.settings":
        shutil.rmtree(settings.VAR_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def owner() -> Iterator[ExitStack]:
    """While it is open, the connection is that of the owner, who alone makes and drops databases and tables."""
    with ExitStack() as stack:
        stack.enter_context(as_owner())
        yield stack


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker, owner: ExitStack
) -> None:
    """All migrations take half a minute of each worker; a copy of what they leave takes a second."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = ensure_template()


@pytest.fixture(scope="session")
def one_browser() -> Iterator[Browser]:
    """One Chromium for all: a second Playwright in a process refuses to start."""
    # No test asserts how long a page takes; on a busy machine five seconds are too short.
    expect.set_options(timeout=30_000)
    with chromium() as browser:
        yield browser


@pytest.fixture
def browser(one_browser: Browser) -> Iterator[Browser]:
    with left_closed(one_browser) as browser:
        yield browser


@pytest.fixture(scope="session")
def one_site(django_db_setup: None) -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def site(one_site: str) -> str:
    """The address of the site as it is served. Its cache is cleared before each test."""
    shutil.rmtree(settings.VAR_DIR / "cache", ignore_errors=True)
    return one_site


@pytest.fixture
def wire_to() -> Iterator[Callable[[str], TcpProxy]]:
    """Makes wires to sites. Those of a test that failed are closed, too."""
    wires: list[TcpProxy] = []

    def wire_to(address: str) -> TcpProxy:
        wires.append(TcpProxy(address))
        return wires[-1]

    yield wire_to
    for wire in wires:
        wire.close()


@pytest.fixture(scope="session")
def sms_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The phones behind a real gateway; it is not used until the settings name it."""
    with kannel(tmp_path_factory.mktemp("kannel")) as network:
        yield network


@pytest.fixture
def sms(sms_network: Network, settings: Settings) -> Network:
    """The same, named in the settings."""
    settings.SMS_GATEWAY_URL = sms_network.url
    settings.SMS_GATEWAY_USER = USER
    settings.SMS_GATEWAY_PASSWORD = PASSWORD
    settings.SMS_FROM = SENDER
    # What an earlier test sent and did not read.
    sms_network.received()
    return sms_network


@pytest.fixture(autouse=True, scope="session")
def database_flush() -> Iterator[None]:
    with fast_flush():
        yield


@pytest.fixture(autouse=True, scope="session")
def prepared_statements() -> Iterator[None]:
    with statements_kept():
        yield


@pytest.fixture(autouse=True, scope="session")
def forced_logins() -> Iterator[None]:
    with one_session_each():
        yield


@pytest.fixture(autouse=True, scope="session")
def examined_designs() -> Iterator[None]:
    with examined_once():
        yield


@pytest.fixture(autouse=True, scope="session")
def unread_indexes() -> Iterator[None]:
    with no_indexes():
        yield


@pytest.fixture
def references_kept(unread_indexes: None) -> Iterator[None]:
    """Saves write Wagtail's index of references, as on the site."""
    with references_written():
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, owner: ExitStack
) -> Iterator[None]:
    """The tests work as the application does: by a role that owns nothing."""
    owner.close()
    if connection.settings_dict["NAME"].startswith("test_"):
        # Else no test of this run is marked for the database: what is connected is the checkout's own.
        with django_db_blocker.unblock():
            load_first_pages()
    yield
    owner.enter_context(as_owner())


def load_first_pages() -> None:
    """Load once, outside any test's budget, what the first pages of a process load: templates, URLs, translations."""
    with transaction.atomic():
        staff = Client()
        staff.force_login(UserFactory(is_superuser=True))
        for language, page in itertools.product(("ar", "en"), ("person:index", "person:add")):
            with translation.override(language):
                staff.get(reverse(page))
        # The first page of a site writes its settings.
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def default_language() -> None:
    # A page in English leaves English active in the thread.
    translation.deactivate()


@pytest.fixture
def remembering(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows that are the same for every reader are cached, as where the site is served."""
    settings.SHARED_ROWS_SECONDS = 60
    caches["pages"].clear()
    monkeypatch.setattr(shared_rows, "GENERATIONS", Generations())
    monkeypatch.setattr(shared_rows, "_remembered", {})


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    # Counters of failed logins would carry over from test to test.
    cache.clear()


@pytest.fixture
def center(db: None) -> Center:
    return CenterFactory()


@pytest.fixture
def other_center(db: None) -> Center:
    return CenterFactory()


@pytest.fixture
def manager(center: Center) -> User:
    """A center manager of `center`."""
    return MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user


@pytest.fixture
def superuser(db: None) -> User:
    return UserFactory(is_superuser=True)


@pytest.fixture
def manager_client(manager: User) -> Iterator[Client]:
    client = Client()
    client.force_login(manager)
    yield client


@pytest.fixture(scope="session")
def tasks() -> Mapping[str, object]:
    """Every task of the application by its name. Celery looks for them in every app, which takes as long as twenty statements."""
    app.loader.import_default_modules()
    return app.tasks


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[object]]]:
    """The messages that reach the broker: name of the task, and its arguments."""
    messages: list[tuple[str, list[object]]] = []
    monkeypatch.setattr(app, "send_task", lambda name, args, **_: messages.append((name, args)))
    return messages
