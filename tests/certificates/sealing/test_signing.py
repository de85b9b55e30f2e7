import secrets
import stat
import subprocess
import sys
import threading
from pathlib import Path

import jwt
import pkcs11
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pkcs11 import Attribute, KeyType
from pkcs11.util.ec import encode_named_curve_parameters

from certificates.sealing import (
    Algorithm,
    FileSigner,
    KeyMismatch,
    KeyUnreadable,
    Sealer,
    Token,
    TokenSigner,
    TokenUnavailable,
    Trust,
    UnsuitableKey,
    Verdict,
    algorithm_of,
    examine,
    is_signature_of,
    load_public_pem,
    new_private_key,
    open_key_file,
    public_pem,
    seal,
    write_private_key,
)
from certificates.sealing.tokens import public_key_in, token_at
from certificates.signer import sign_raw
from tests.certificates.sealing.conftest import NOW, published
from tests.certificates.sealing.papers import unsealed_pdf
from tests.external_programs import program

ROOT = Path(__file__).resolve().parents[3]
MODULE = "/usr/lib/softhsm/libsofthsm2.so"


@pytest.mark.parametrize("algorithm", [Algorithm.ES256, Algorithm.EDDSA])
@pytest.mark.parametrize("passphrase", ["", "كلمة سر"])
def test_a_key_file_is_private_and_signs_again_when_opened(tmp_path: Path, algorithm, passphrase):
    path = tmp_path / "keys" / "a.pem"
    key = new_private_key(algorithm)

    write_private_key(path, key, passphrase=passphrase)
    signer = open_key_file(path, key_id="a", passphrase=passphrase)

    assert is_signature_of(key.public_key(), signer.sign(b"data"), b"data")
    assert not is_signature_of(key.public_key(), signer.sign(b"data"), b"date")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert (b"ENCRYPTED" in path.read_bytes()) == bool(passphrase)


def test_a_key_file_is_never_written_over(tmp_path: Path):
    write_private_key(tmp_path / "a.pem", new_private_key(Algorithm.ES256))

    with pytest.raises(FileExistsError):
        write_private_key(tmp_path / "a.pem", new_private_key(Algorithm.ES256))


def test_a_wrong_passphrase_a_damaged_and_a_missing_file_are_said_so(tmp_path: Path):
    write_private_key(tmp_path / "a.pem", new_private_key(Algorithm.ES256), passphrase="right")
    (tmp_path / "b.pem").write_text("-----BEGIN PRIVATE KEY-----\nnot\n-----END PRIVATE KEY-----\n")

    for name, passphrase in (("a", "wrong"), ("a", ""), ("b", ""), ("c", "")):
        with pytest.raises(KeyUnreadable, match=f"{name}.pem"):
            open_key_file(tmp_path / f"{name}.pem", key_id="a", passphrase=passphrase)


def test_other_curves_and_short_rsa_keys_are_refused():
    with pytest.raises(UnsuitableKey):
        algorithm_of(ec.generate_private_key(ec.SECP384R1()).public_key())
    with pytest.raises(UnsuitableKey):
        algorithm_of(rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key())


def test_a_certificate_of_another_key_is_refused(signer):
    with pytest.raises(KeyMismatch):
        FileSigner(key_id="x", private_key=new_private_key(Algorithm.ES256), certificate=signer.certificate)


def test_a_raw_signature_is_what_jose_reads():
    key = new_private_key(Algorithm.ES256)
    signer = FileSigner(key_id="x", private_key=key)
    parts = b".".join(jwt.utils.base64url_encode(one) for one in (b'{"alg":"ES256"}', b'{"sub":"1"}'))

    token = parts + b"." + jwt.utils.base64url_encode(sign_raw(signer, parts))

    assert jwt.decode(token, key.public_key(), algorithms=["ES256"]) == {"sub": "1"}


def test_a_public_key_survives_its_pem():
    key = new_private_key(Algorithm.EDDSA).public_key()

    assert load_public_pem(public_pem(key)) == key


# --- A hardware module: SoftHSM2 -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Token:
    """A token of its own with a P-256 and an RSA key made inside. The library reads its configuration once a process."""
    softhsm = program("softhsm2-util", package="softhsm2")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    label, pin = f"mihna-{secrets.token_hex(4)}", "1234"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(configuration))
        subprocess.run(
            [softhsm, "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "5678"],
            check=True,
            capture_output=True,
        )
        library = pkcs11.lib(MODULE)
        library.reinitialize()
        with library.get_token(token_label=label).open(rw=True, user_pin=pin) as session:
            parameters = session.create_domain_parameters(
                KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}, local=True
            )
            parameters.generate_keypair(store=True, label="seal-p256")
            session.generate_keypair(KeyType.RSA, 2048, store=True, label="seal-rsa")
        yield token_at(MODULE, label, pin)


@pytest.mark.parametrize("label", ["seal-p256", "seal-rsa"])
def test_a_key_that_never_leaves_its_token_seals_a_pdf(token, authority, label):
    certificate = authority.certify_seal(public_key_in(token, label=label), common_name=label, now=NOW)
    signer = TokenSigner(
        token, label=label, key_id=label, certificate=certificate, chain=(authority.certificate,)
    )

    sealed = seal(unsealed_pdf(), Sealer(signer))

    assert examine(sealed, Trust(seals=(published(signer),))).verdict is Verdict.INTACT


def test_a_certificate_of_another_key_is_refused_for_a_token_too(token, signer):
    with pytest.raises(KeyMismatch):
        TokenSigner(token, label="seal-p256", key_id="x", certificate=signer.certificate)


def test_a_dropped_session_is_opened_again(token):
    signer = TokenSigner(token, label="seal-p256", key_id="x")
    signer.sign(b"before")
    # What a module that was restarted looks like to us: every handle is unknown.
    token.session().close()

    assert is_signature_of(signer.public_key, signer.sign(b"after"), b"after")


# python-pkcs11 closes its searches late, and tells stderr when the session is gone by then.
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
def test_all_keys_work_after_the_library_is_initialized_again(token):
    signers = [TokenSigner(token, label=label, key_id=label) for label in ("seal-p256", "seal-rsa")]
    pkcs11.lib(MODULE).reinitialize()

    assert all(is_signature_of(one.public_key, one.sign(b"x"), b"x") for one in signers)


FORKING = """
import os, sys
from certificates.sealing import TokenSigner, is_signature_of, token_at

signer = TokenSigner(token_at(*sys.argv[1:]), label="seal-p256", key_id="x")


def signs() -> bool:
    return is_signature_of(signer.public_key, signer.sign(b"data"), b"data")


assert signs()
children = []
for _ in range(3):
    child = os.fork()
    if not child:
        os._exit(0 if signs() and signs() else 1)
    children.append(child)
assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
assert signs()
"""


def test_children_of_a_fork_sign_with_sessions_of_their_own(token):
    """In a process of its own: a worker forks before it has threads, and this one may have some."""
    arguments = [token.module, token.label, token.pin]

    done = subprocess.run(
        [sys.executable, "-c", FORKING, *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")


def test_threads_share_a_session_without_mixing_signatures(token):
    signer = TokenSigner(token, label="seal-p256", key_id="x")
    wrong: list[int] = []

    def sign_some(number: int) -> None:
        for turn in range(20):
            data = f"{number}/{turn}".encode()
            if not is_signature_of(signer.public_key, signer.sign(data), data):
                wrong.append(number)

    threads = [threading.Thread(target=sign_some, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_a_missing_key_and_a_missing_token_are_said_so(token):
    with pytest.raises(TokenUnavailable, match="no readable key nothing"):
        TokenSigner(token, label="nothing", key_id="x")
    with pytest.raises(TokenUnavailable, match="absent cannot be opened"):
        TokenSigner(token_at(MODULE, "absent", "1234"), label="seal-p256", key_id="x")


def test_a_wrong_pin_is_tried_once_so_that_the_token_is_not_locked(token):
    wrong = token_at(MODULE, token.label, "4321")
    token.drop()

    with pytest.raises(TokenUnavailable, match="another PIN"):
        TokenSigner(wrong, label="seal-p256", key_id="x")

    assert TokenSigner(token, label="seal-p256", key_id="x").sign(b"x")
