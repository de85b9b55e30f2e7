"""Keys for tests that sign, and folders that other tests left nothing in."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from accounts.models import Center, User
from certificates.models import CredentialType, SigningKey, Term
from certificates.services.file_storage import CERTIFICATES, TEMPORARY_FOLDER, private_path
from certificates.services.signers import clear_signer_cache
from tests.bundles import bundle
from tests.certificates.legacy_papers import stored_files
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import credential_type
from tests.factories.signing_keys import with_demo_keys


@pytest.fixture
def keys_dir(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """An empty folder for private keys, and a process that has opened none."""
    settings.SEALING_KEYS_DIR = tmp_path / "keys"
    settings.SEALING_KEYS_DIR.mkdir(mode=0o700)
    clear_signer_cache()
    yield settings.SEALING_KEYS_DIR
    clear_signer_cache()


@pytest.fixture
def demo_keys(keys_dir: Path, db: None) -> list[SigningKey]:
    """A demo key for every role."""
    return with_demo_keys()


@pytest.fixture
def skill() -> CredentialType:
    """A kind that holds two months and may be renewed at any time of them."""
    type_ = credential_type("skill-level", identity_document=False)
    Term.objects.create(type=type_, months=2, renewable_days=90, since=dt.date(2020, 1, 1))
    return type_


@pytest.fixture
def license_(skill: CredentialType) -> CredentialType:
    return credential_type("licence", completed=False, prerequisite=skill)


@pytest.fixture
def no_drawn_files(db: None) -> None:
    """The audit finds what other tests drew and left."""
    for folder in (CERTIFICATES, TEMPORARY_FOLDER):
        for file in private_path(folder).rglob("*"):
            if file.is_file():
                file.unlink()


@pytest.fixture
def no_files_of_other_tests(db: None) -> None:
    for path in stored_files():
        path.unlink()


@pytest.fixture(scope="session")
def bundles() -> None:
    """Sheets and scripts as they are now."""
    bundle()


@pytest.fixture
def server(transactional_db: None) -> Iterator[LiveServer]:
    """A server of this test alone: the test turns it off."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def officer(center: Center) -> User:
    """Certifies in the center of the test."""
    return MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user
