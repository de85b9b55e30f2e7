import datetime as dt
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from certificates.checks import check_keys
from certificates.enums import FileKind, KeyRole
from certificates.errors import (
    NO_SIGNATURES,
    CertificateNeeded,
    DemoKeyRefused,
    KeyAlreadyEnded,
    KeyRefused,
    NoActiveKey,
    NotASigningProcess,
)
from certificates.models import Artifact, SigningKey
from certificates.queries.keys import active_key, published_keys, seal_trust
from certificates.sealing import (
    Algorithm,
    Verdict,
    certificates_pem,
    examine,
    is_signature_of,
    new_authority,
    new_private_key,
    seal,
    write_private_key,
)
from certificates.services import signers
from certificates.services.archiving import archive_certificates
from certificates.services.file_storage import private_path
from certificates.services.file_verification import verify_file
from certificates.services.keys import import_key, make_demo_keys, mark_compromised, retire_key, rotate_key
from certificates.services.signers import archive_seal, pdf_sealer, signer_for
from tests.certificates.sealing.papers import unsealed_pdf
from tests.factories.certificates import drawn, issued

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def imported_authority(keys_dir: Path):
    """A ministry's own authority: its certificates do not say DEMO to us, as we did not make the key."""
    return new_authority(private_key=new_private_key(Algorithm.ES256), now=timezone.now())


def lay_down(keys_dir: Path, name: str, algorithm: Algorithm = Algorithm.ES256):
    key = new_private_key(algorithm)
    write_private_key(keys_dir / name, key)
    return key.public_key()


def test_demo_keys_are_made_for_every_role_and_marked(demo_keys, keys_dir):
    assert {key.role for key in demo_keys} == set(KeyRole)
    assert all(key.is_demo for key in demo_keys)
    assert stat.S_IMODE(keys_dir.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys_dir.glob("*.pem")} == {0o600}
    assert (
        "DEMO - NOT FOR PRODUCTION" in active_key(KeyRole.PDF_SEAL).certificates()[0].subject.rfc4514_string()
    )


def test_demo_keys_are_made_once(demo_keys):
    assert make_demo_keys() == []


def test_each_role_signs_with_its_own_key_and_kind(demo_keys):
    kinds = {}
    for role in KeyRole:
        signer = signer_for(role)
        assert is_signature_of(active_key(role).loaded_public_key(), signer.sign(b"x"), b"x")
        kinds[role] = signer.algorithm

    assert kinds[KeyRole.DATA_INTEGRITY] is Algorithm.EDDSA
    assert kinds[KeyRole.CREDENTIAL] is Algorithm.ES256


def test_a_sealed_and_archived_file_is_intact_by_the_published_keys(demo_keys):
    sealed = seal(unsealed_pdf(), pdf_sealer())
    archived = archive_seal(sealed, revocation_lists=())

    assert examine(sealed, seal_trust()).verdict is Verdict.INTACT
    reading = examine(archived, seal_trust())
    assert reading.verdict is Verdict.INTACT
    assert reading.timestamped_at


def test_after_a_rotation_old_files_stay_valid_and_the_new_key_signs(
    demo_keys, django_capture_on_commit_callbacks
):
    old = seal(unsealed_pdf(), pdf_sealer())

    with django_capture_on_commit_callbacks(execute=True):
        new_key = rotate_key(role=KeyRole.PDF_SEAL, by=None)

    new = seal(unsealed_pdf(), pdf_sealer())
    assert examine(new, seal_trust()).key_id == new_key.key_id
    assert examine(old, seal_trust()).verdict is Verdict.INTACT
    assert published_keys().filter(role=KeyRole.PDF_SEAL).count() == 2
    assert ModelLogEntry.objects.filter(action="certificates.key.retire").count() == 1


def test_another_process_notices_a_rotation_within_a_minute(demo_keys, monkeypatch):
    assert signers.SIGNER_CACHE_SECONDS <= 60
    now = time.monotonic()
    monkeypatch.setattr(signers.time, "monotonic", lambda: now)
    old = signer_for(KeyRole.CREDENTIAL).key_id

    # Made by a process that cannot tell us: nothing is committed here.
    new = rotate_key(role=KeyRole.CREDENTIAL, by=None)
    assert signer_for(KeyRole.CREDENTIAL).key_id == old
    now += signers.SIGNER_CACHE_SECONDS

    assert signer_for(KeyRole.CREDENTIAL).key_id == new.key_id != old


def test_an_opened_signer_costs_no_query(demo_keys, django_assert_num_queries):
    signer_for(KeyRole.CREDENTIAL)

    with django_assert_num_queries(0):
        signer_for(KeyRole.CREDENTIAL)


def test_a_compromised_key_cannot_sign_and_its_files_are_not_trusted(
    demo_keys, django_capture_on_commit_callbacks
):
    sealer = pdf_sealer()
    sealed = seal(unsealed_pdf(), sealer)
    since = timezone.now() - dt.timedelta(days=1)

    with django_capture_on_commit_callbacks(execute=True):
        mark_compromised(key_id=sealer.key_id, since=since, by=None)

    with pytest.raises(NoActiveKey):
        pdf_sealer()
    assert examine(sealed, seal_trust()).verdict is Verdict.COMPROMISED
    with pytest.raises(KeyAlreadyEnded):
        mark_compromised(key_id=sealer.key_id, since=since, by=None)


def test_time_stamps_of_a_stolen_key_count_no_more_and_those_of_the_next_do(demo_keys):
    drawn(issued())
    archive_certificates(limit=10)
    mark_compromised(key_id=active_key(KeyRole.TIMESTAMP).key_id, since=timezone.now(), by=None)
    rotate_key(role=KeyRole.TIMESTAMP, by=None)
    signers.clear_signer_cache()

    archived_again = [archive_certificates(limit=10) for _night in range(2)]

    files = [
        private_path(one.path).read_bytes()
        for one in Artifact.objects.filter(kind=FileKind.ARCHIVE).order_by("pk")
    ]
    assert archived_again == [1, 0]
    assert [examine(pdf, seal_trust()).verdict for pdf in files] == [Verdict.ALTERED, Verdict.INTACT]
    assert {verify_file(pdf=pdf, address="127.0.0.1").verdict for pdf in files} == {"genuine"}


def test_the_demo_revocation_list_names_a_stolen_key(demo_keys, keys_dir):
    key = active_key(KeyRole.PDF_SEAL)

    mark_compromised(key_id=key.key_id, since=timezone.now(), by=None)

    crl = x509.load_der_x509_crl((keys_dir / "demo-root.crl").read_bytes())
    certificate, root = key.certificates()
    assert crl.is_signature_valid(root.public_key())
    assert crl.get_revoked_certificate_by_serial_number(certificate.serial_number)


@pytest.mark.parametrize(
    "change",
    [
        "public_key = 'x'", "certificate = 'x'", "key_id = 'x'", "role = 'log'", "algorithm = 'x'", "is_demo = false",
        "active_from = now()",
    ],
)  # fmt: skip
def test_the_public_half_of_a_key_never_changes(demo_keys, change):
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE certificates_signingkey SET {change} WHERE role = 'pdf_seal'")


def test_a_key_is_never_deleted_or_taken_back(demo_keys):
    key = retire_key(key_id=active_key(KeyRole.CREDENTIAL).key_id, by=None)

    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        key.delete()
    with pytest.raises(DatabaseError, match="only ended"), transaction.atomic():
        SigningKey.objects.filter(pk=key.pk).update(retired_at=None)


def test_a_role_has_one_active_key(demo_keys):
    key = active_key(KeyRole.CREDENTIAL)
    key.pk, key.key_id = None, "another"

    with pytest.raises(DatabaseError, match="signing_key_one_active_a_role"), transaction.atomic():
        key.save(force_insert=True)


def test_a_real_key_is_imported_and_retires_the_demo_one(demo_keys, keys_dir, imported_authority):
    public_key = lay_down(keys_dir, "ministry.pem")
    certificate = imported_authority.certify_seal(public_key, common_name="Seal", now=timezone.now())

    key = import_key(
        role=KeyRole.PDF_SEAL,
        place="file:ministry.pem",
        certificates=(certificate, imported_authority.certificate),
        by=None,
    )

    assert (key.is_demo, key.algorithm) == (False, "ES256")
    assert active_key(KeyRole.PDF_SEAL) == key
    assert key.certificates() == (certificate, imported_authority.certificate)


def test_a_key_that_cannot_sign_retires_nothing(demo_keys, keys_dir, imported_authority):
    other = new_private_key(Algorithm.ES256).public_key()
    lay_down(keys_dir, "ministry.pem")
    certificate = imported_authority.certify_seal(other, common_name="Seal", now=timezone.now())
    before = active_key(KeyRole.PDF_SEAL)

    for place, why in (("file:ministry.pem", "another key"), ("file:absent.pem", "cannot be read"),
                       ("file:../x.pem", "neither"), ("pkcs11:seal", "PKCS11_MODULE")):  # fmt: skip
        with pytest.raises(KeyRefused, match=why):
            import_key(role=KeyRole.PDF_SEAL, place=place, certificates=(certificate,), by=None)

    assert active_key(KeyRole.PDF_SEAL) == before


def test_a_key_of_the_wrong_kind_is_refused(keys_dir, db):
    lay_down(keys_dir, "ed.pem", Algorithm.EDDSA)

    with pytest.raises(KeyRefused, match="ES256"):
        import_key(role=KeyRole.CREDENTIAL, place="file:ed.pem", by=None)
    with pytest.raises(CertificateNeeded):
        import_key(role=KeyRole.PDF_SEAL, place="file:ed.pem", by=None)


def test_where_demo_keys_are_not_allowed_rotation_makes_real_ones_and_demo_ones_sign_nothing(
    demo_keys, settings, django_capture_on_commit_callbacks
):
    settings.ALLOW_DEMO_CERTIFICATES = False
    signers.clear_signer_cache()

    with pytest.raises(DemoKeyRefused):
        signer_for(KeyRole.CREDENTIAL)
    with pytest.raises(CertificateNeeded):
        rotate_key(role=KeyRole.PDF_SEAL, by=None)
    with django_capture_on_commit_callbacks(execute=True):
        key = rotate_key(role=KeyRole.CREDENTIAL, by=None)
    assert not key.is_demo
    assert signer_for(KeyRole.CREDENTIAL).key_id == key.key_id


def test_a_process_without_keys_refuses_to_sign_in_words_and_changes_no_key(demo_keys, keys_dir, settings):
    settings.SIGNS_CERTIFICATES = False
    signers.clear_signer_cache()
    lay_down(keys_dir, "next.pem")
    before = set(SigningKey.objects.values_list("key_id", "retired_at"))
    stolen = active_key(KeyRole.PDF_SEAL).key_id
    acts = {
        "sign": lambda: signer_for(KeyRole.CREDENTIAL),
        "seal": pdf_sealer,
        "archive": signers.read_revocation_lists,
        "rotate": lambda: rotate_key(role=KeyRole.CREDENTIAL, by=None),
        "compromised": lambda: mark_compromised(key_id=stolen, since=timezone.now(), by=None),
        "import": lambda: import_key(role=KeyRole.CREDENTIAL, place="file:next.pem", by=None),
    }

    for name, act in acts.items():
        with pytest.raises(NotASigningProcess):
            pytest.fail(f"{name}: {act()}")

    assert set(SigningKey.objects.values_list("key_id", "retired_at")) == before
    assert issubclass(NotASigningProcess, NO_SIGNATURES)


def test_the_command_makes_lists_rotates_and_ends(keys_dir, db, capsys):
    call_command("certificate_keys", "make-demo")
    old = active_key(KeyRole.CREDENTIAL)
    call_command("certificate_keys", "rotate", "credential")
    call_command("certificate_keys", "compromised", old.key_id, "--since", "2020-01-01T00:00:00+02:00")
    capsys.readouterr()

    call_command("certificate_keys", "list")

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(KeyRole) + 1
    assert any(old.key_id in line and "compromised since" in line for line in lines)
    with pytest.raises(CommandError, match="no key unknown"):
        call_command("certificate_keys", "retire", "unknown")


def test_the_command_imports_a_certificate_file(keys_dir, db, imported_authority, tmp_path):
    certificate = imported_authority.certify_seal(
        lay_down(keys_dir, "m.pem"), common_name="S", now=timezone.now()
    )
    (tmp_path / "chain.pem").write_text(certificates_pem((certificate, imported_authority.certificate)))

    call_command(
        "certificate_keys",
        "import",
        "pdf_seal",
        "--certificate",
        str(tmp_path / "chain.pem"),
        "--place",
        "file:m.pem",
    )

    assert isinstance(active_key(KeyRole.PDF_SEAL).loaded_public_key(), ec.EllipticCurvePublicKey)


def test_the_check_names_missing_and_demo_keys(demo_keys, settings):
    retire_key(key_id=active_key(KeyRole.CREDENTIAL).key_id, by=None)
    allowed = check_keys(None, databases=["default"])
    settings.ALLOW_DEMO_CERTIFICATES = False

    found = check_keys(None, databases=["default"])

    assert allowed == []
    assert [one.id for one in found].count("certificates.E001") == 1
    assert [one.id for one in found].count("certificates.E002") == len(KeyRole) - 1


# --- Real processes ------------------------------------------------------------------------------------------------

SERVERS = {
    "gunicorn": ["gunicorn", "lms.wsgi", "--bind", "127.0.0.1:0"],
    "daphne": ["python", "-m", "lms.webserver", "--port", "0", "lms.asgi:application"],
    "uvicorn": ["python", "-m", "lms.webserver", "--port", "0", "lms.asgi:application"],
    "worker": ["celery", "--app", "lms", "worker", "--pool", "prefork", "--concurrency", "1"],
    "beat": ["celery", "--app", "lms", "beat", "--pidfile", ""],
}


def start(name: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a server of the site against the tests' database until it ends, or for some seconds."""
    database = connection.settings_dict
    programs = Path(sys.executable).parent
    program, *arguments = SERVERS[name]
    for folder in ("messages", "processed", "control"):
        (tmp_path / "celery" / folder).mkdir(parents=True, exist_ok=True)
    address = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    variables = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "DATABASE_URL": f"postgres://{address}/{database['NAME']}",
        "VAR_DIR": str(tmp_path),
        "SOCKET_SERVER": "uvicorn" if name == "uvicorn" else "daphne",
        "ALLOW_DEMO_CERTIFICATES": "false",
        **environment,
    }
    process = subprocess.Popen(
        [programs / program, *arguments], cwd=ROOT, env=variables, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        output, _ = process.communicate(timeout=40)
    except subprocess.TimeoutExpired:
        process.terminate()
        output, _ = process.communicate()
        return subprocess.CompletedProcess(SERVERS[name], -1, output)
    return subprocess.CompletedProcess(SERVERS[name], process.returncode, output)


@pytest.mark.engines("starts a whole process of the site")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name",
    [
        "gunicorn",
        "daphne",
        "worker",
        *(
            pytest.param(name, marks=pytest.mark.engines("refuses by the same check", nightly=True))
            for name in ("uvicorn", "beat")
        ),
    ],
)
def test_a_real_process_refuses_to_serve_without_keys(name, tmp_path):
    ended = start(name, tmp_path)

    assert ended.returncode > 0, ended.stdout
    assert "This site refuses to serve" in ended.stdout
    assert "No active key for pdf_seal" in ended.stdout


@pytest.mark.engines("starts a whole process of the site")
@pytest.mark.django_db(transaction=True)
def test_a_real_process_refuses_to_serve_with_demo_keys(keys_dir, tmp_path):
    make_demo_keys()

    ended = start("gunicorn", tmp_path)

    assert ended.returncode > 0
    assert "DEMO - NOT FOR PRODUCTION" in ended.stdout
