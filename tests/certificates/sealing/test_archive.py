import datetime as dt
import io
import random
import subprocess
from collections.abc import Iterator
from dataclasses import replace

import pytest
from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from certificates.sealing import (
    Algorithm,
    Coverage,
    HttpTimestamper,
    LocalTimestamper,
    NotArchivable,
    Sealer,
    TimestampUnavailable,
    Trust,
    Verdict,
    add_long_term,
    certificates_pem,
    examine,
    new_authority,
    new_private_key,
    seal,
)
from certificates.sealing.signing import der_of
from tests.certificates.sealing.conftest import NOW, certified
from tests.certificates.sealing.papers import unsealed_pdf
from tests.certificates.sealing.tsa import answer_query, timestamp_server, valid_response
from tests.external_programs import program


@pytest.fixture(scope="module")
def archived(sealed, timestamper, trust) -> bytes:
    return add_long_term(sealed, timestamper=timestamper, trust=trust)


def test_the_sealed_file_is_the_beginning_of_the_archived_one(sealed, archived):
    assert archived.startswith(sealed)
    assert len(archived) > len(sealed)


def test_an_archived_file_is_read_as_intact_with_its_time(sealed, archived, trust):
    reading = examine(archived, trust)

    assert (reading.verdict, reading.coverage) == (Verdict.INTACT, Coverage.ALLOWED_ADDITIONS)
    assert reading.timestamped_at == NOW
    assert (reading.signatures, reading.sealed_bytes) == (2, len(sealed))


def test_pyhanko_calls_seal_and_time_stamp_valid(archived, authority):
    reader = PdfFileReader(io.BytesIO(archived))
    roots = [x509.Certificate.load(der_of(authority.certificate))]

    seal_status = validate_pdf_signature(
        reader.embedded_regular_signatures[0], ValidationContext(trust_roots=roots, allow_fetching=False)
    )
    stamp_status = validate_pdf_timestamp(
        reader.embedded_timestamp_signatures[0], ValidationContext(trust_roots=roots, allow_fetching=False)
    )

    assert seal_status.bottom_line
    assert seal_status.modification_level is ModificationLevel.LTA_UPDATES
    assert (stamp_status.intact, stamp_status.valid, stamp_status.trusted) == (True, True, True)
    assert stamp_status.coverage is SignatureCoverageLevel.ENTIRE_FILE


def test_the_store_holds_the_certificates_and_the_revocation_list(archived, signer, authority):
    store = DocumentSecurityStore.read_dss(PdfFileReader(io.BytesIO(archived)))

    assert {one.dump() for one in store.load_certs()} == {
        der_of(signer.certificate),
        der_of(authority.certificate),
    }
    assert len(store.crls) == 1


def test_poppler_and_qpdf_accept_an_archived_file(archived, tmp_path):
    (tmp_path / "archived.pdf").write_bytes(archived)

    said = subprocess.run(
        [program("pdfsig", package="poppler-utils"), "-nssdir", tmp_path, tmp_path / "archived.pdf"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    structure = subprocess.run(
        [program("qpdf", package="qpdf"), "--check", tmp_path / "archived.pdf"],
        capture_output=True,
        check=False,
    )

    # Poppler knows no document time stamps: it says so of the second one.
    assert "Signature is Valid." in said.partition("Signature #2")[0]
    assert structure.returncode == 0


def flipped(pdf: bytes, places: list[int], generator: random.Random) -> Iterator[tuple[int, bytes]]:
    for place in places:
        changed = bytearray(pdf)
        changed[place] ^= generator.randrange(1, 256)
        yield place, bytes(changed)


def token_place(archived: bytes) -> range:
    """Where the digits of the last time stamp token are, without their padding."""
    start = archived.rindex(b"/Contents <") + len(b"/Contents <")
    padded = bytes.fromhex(archived[start : archived.index(b">", start)].decode())
    return range(start, start + 2 * len(cms.ContentInfo.load(padded).dump()))


@pytest.mark.engines("reads thousands of altered files", nightly=True)
def test_every_sampled_flip_outside_the_time_stamp_token_is_refused(archived, trust):
    generator = random.Random(319142)
    token = token_place(archived)
    places = [place for place in generator.sample(range(len(archived)), 500) if place not in token]

    accepted = [
        place
        for place, changed in flipped(archived, places, generator)
        if examine(changed, trust).verdict is Verdict.INTACT
    ]

    assert accepted == []
    assert len(places) > 400


def test_a_flip_inside_the_token_is_refused_or_says_the_same(archived, trust):
    """The wrapping of a token is written and left unsigned by its authority: nothing we answer hangs on it."""
    generator = random.Random(3161)
    original = examine(archived, trust)

    readings = [
        examine(changed, trust)
        for _, changed in flipped(archived, generator.sample(token_place(archived), 100), generator)
    ]

    assert {one for one in readings if one.verdict is Verdict.INTACT} <= {original}
    assert sum(one.verdict is Verdict.ALTERED for one in readings) > 75


def test_an_appended_byte_is_refused(archived, trust):
    assert examine(archived + b"\n", trust).verdict is Verdict.ALTERED


def test_a_second_time_stamp_in_later_years_is_accepted_and_the_first_counts(
    archived, stamping_signer, trust
):
    later = LocalTimestamper(stamping_signer, lambda: NOW + dt.timedelta(days=5 * 365))

    twice = add_long_term(archived, timestamper=later, trust=trust)

    reading = examine(twice, trust)
    assert twice.startswith(archived)
    assert (reading.verdict, reading.timestamped_at, reading.signatures) == (Verdict.INTACT, NOW, 3)


def test_a_time_stamp_of_a_stranger_is_not_archived(sealed, trust):
    other = new_authority(private_key=new_private_key(Algorithm.ES256), now=NOW)
    stranger = LocalTimestamper(certified(other, Algorithm.ES256, "timestamps", timestamps=True), lambda: NOW)

    with pytest.raises(NotArchivable, match="authority we know"):
        add_long_term(sealed, timestamper=stranger, trust=trust)


def test_a_file_whose_certificate_is_on_a_revocation_list_is_not_archived(
    sealed, signer, rsa_signer, authority, timestamper, trust
):
    def revoked(certificate: object) -> Trust:
        return replace(trust, revocation_lists=(authority.revocation_list([(certificate, NOW)], now=NOW),))

    another = add_long_term(sealed, timestamper=timestamper, trust=revoked(rsa_signer.certificate))

    assert examine(another, trust).verdict is Verdict.INTACT
    with pytest.raises(NotArchivable, match="revocation list names"):
        add_long_term(sealed, timestamper=timestamper, trust=revoked(signer.certificate))


def test_a_seal_key_makes_no_time_stamps(sealed, signer, trust):
    """Its certificate lacks the purpose, though its authority is known."""
    with pytest.raises(NotArchivable):
        add_long_term(sealed, timestamper=LocalTimestamper(signer, lambda: NOW), trust=trust)


def test_only_what_we_sealed_is_archived(stranger, timestamper, trust):
    with pytest.raises(NotArchivable, match="foreign"):
        add_long_term(seal(unsealed_pdf(), Sealer(stranger)), timestamper=timestamper, trust=trust)


def test_an_authority_outside_with_an_rsa_key_stamps_over_http(sealed, trust):
    outside = new_authority(private_key=new_private_key(Algorithm.ES256), now=NOW)
    key = certified(outside, Algorithm.RS256, "outside", timestamps=True)
    known = replace(trust, timestamp_roots=(outside.certificate,))

    with timestamp_server(valid_response(key)) as url:
        archived = add_long_term(sealed, timestamper=HttpTimestamper(url), trust=known)

    assert examine(archived, known).verdict is Verdict.INTACT
    # Who does not know that authority does not believe it.
    assert examine(archived, trust).verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda _query: (503, b""), "503"),
        (lambda _query: (302, b""), "302"),
        (lambda _query: (200, b"<html>"), "cannot be read"),
        (lambda _query: (200, b"0" * 200_000), "more than a time stamp"),
    ],
    ids=["away", "redirect", "no answer", "too long"],
)
def test_what_an_authority_may_not_answer(answer, says):
    with timestamp_server(answer) as url, pytest.raises(TimestampUnavailable, match=says):
        HttpTimestamper(url).token(bytes(32))


def test_the_answer_to_another_question_is_refused(stamping_signer):
    kept = []

    def replay(query: bytes) -> tuple[int, bytes]:
        kept.append(answer_query(query, stamping_signer, at=NOW))
        return 200, kept[0]

    with timestamp_server(replay) as url:
        HttpTimestamper(url).token(bytes(32))
        with pytest.raises(TimestampUnavailable, match="another question"):
            HttpTimestamper(url).token(bytes(32))


def test_an_authority_that_is_away_is_said_so():
    with pytest.raises(TimestampUnavailable, match="cannot be reached"):
        HttpTimestamper("http://127.0.0.1:9/tsa").token(bytes(32))


def test_openssl_verifies_a_time_stamp(stamping_signer, authority, tmp_path):
    """Another reader of RFC 3161, over a token and a query of its own."""
    (tmp_path / "data").write_bytes(b"certificate")
    (tmp_path / "root.pem").write_text(certificates_pem((authority.certificate,)))
    openssl = program("openssl", package="openssl")
    subprocess.run(
        [openssl, "ts", "-query", "-data", tmp_path / "data", "-sha256", "-cert", "-out", tmp_path / "query"],
        check=True, capture_output=True,
    )  # fmt: skip
    (tmp_path / "reply").write_bytes(answer_query((tmp_path / "query").read_bytes(), stamping_signer, at=NOW))

    verified = subprocess.run(
        [openssl, "ts", "-verify", "-queryfile", tmp_path / "query", "-in", tmp_path / "reply",
         "-CAfile", tmp_path / "root.pem"], capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "Verification: OK" in verified.stdout + verified.stderr
