"""Verification of an uploaded PDF: every verdict has its text, and every changed byte is detected."""

import hashlib
import io
import random
import re
import zlib

import pikepdf
import pytest
from asn1crypto import cms, core
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import Center
from certificates.enums import FileKind, FileVerdict, KeyRole, LookupResult, LookupVia, Reason
from certificates.models import Artifact, Credential, Lookup, SigningKey
from certificates.sealing import Algorithm, Sealer, new_authority, new_private_key, seal
from certificates.services.archiving import archive_certificates
from certificates.services.file_verification import LARGEST
from certificates.services.keys import mark_compromised, rotate_key
from certificates.services.rate_limits import RATE_LIMITS
from certificates.services.signers import archive_seal, pdf_sealer
from tests.certificates.sealing.conftest import NOW, certified
from tests.certificates.sealing.papers import unsealed_pdf
from tests.certificates.verification.sealed_pdfs import registered, sealed_pdf, token_for
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import (
    drawn,
    issued,
    revoke,
)
from tests.factories.courses import CohortFactory

POSITIONS = 400
ADDRESS = "/en/verify/file/"


@pytest.fixture
def credential(center: Center, demo_keys: list[SigningKey]) -> Credential:
    return issued(CohortFactory(center=center))


def dropped(pdf: bytes, *, client: Client | None = None, **extra: str) -> tuple[str, str]:
    """The verdict and the page about a file."""
    file = SimpleUploadedFile("certificate.pdf", pdf, "application/pdf")
    page = (client or Client()).post(ADDRESS, {"file": file}, **extra).content.decode()
    return page.partition('data-verdict="')[2].partition('"')[0], page


def test_a_sealed_file_of_the_register_is_genuine_and_in_force(credential: Credential):
    pdf = sealed_pdf(credential, token_for(credential))

    verdict, page = dropped(pdf)

    assert verdict == FileVerdict.GENUINE
    assert "This certificate is valid" in page
    assert "not one byte was changed" in page
    assert "equals the register" in page
    assert credential.number in page


def test_a_genuine_file_of_a_revoked_certificate_is_both(credential: Credential, center: Center):
    pdf = sealed_pdf(credential)
    officer = MembershipFactory(role="certifying_officer", center=center).user
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)

    verdict, page = dropped(pdf)

    assert verdict == FileVerdict.GENUINE
    assert "This certificate was revoked" in page
    assert "This certificate is valid" not in page


@pytest.mark.engines("reads hundreds of altered files")
def test_no_flipped_byte_gets_through(credential: Credential):
    pdf = sealed_pdf(credential, token_for(credential))
    gap = pdf.index(b"/Contents <") if b"/Contents <" in pdf else pdf.index(b"/Contents<")
    chance = random.Random(20261126)
    # Spread over the whole file, with its ends, the byte range, the edges of the gap and what is in it.
    places = {0, 1, 7, 8, len(pdf) - 1, len(pdf) - 2, *range(0, len(pdf), max(1, len(pdf) // 120))}
    places |= {pdf.index(b"/ByteRange") + step for step in range(0, 60, 4)}
    places |= {gap + step for step in range(9, 2400, 60)}
    places |= set(chance.sample(range(len(pdf)), 230))
    passed = []

    for number, place in enumerate(sorted(places)):
        changed = bytearray(pdf)
        changed[place] ^= 1 << chance.randrange(8)
        verdict, page = dropped(bytes(changed), REMOTE_ADDR=f"10.0.{number // 250}.{number % 250}")
        if (
            verdict in {FileVerdict.GENUINE, FileVerdict.REGISTERED}
            or credential.number in page
            or not verdict
        ):
            passed.append((place, verdict))

    assert passed == []
    assert len(places) >= POSITIONS


@pytest.mark.parametrize(
    "tail",
    [
        b"\n",
        b"\0",
        b"%",
        b"x" * 5000,
        b"\n%%EOF\n",
        b"\n1 0 obj\n<< >>\nendobj\nxref\n0 0\ntrailer\n<<>>\n%%EOF",
    ],
)
def test_no_appended_byte_gets_through(credential: Credential, tail: bytes):
    verdict, page = dropped(sealed_pdf(credential) + tail)

    assert verdict == FileVerdict.ALTERED
    assert "changed after it was sealed" in page
    assert credential.number not in page


def test_a_file_cut_off_anywhere_is_refused(credential: Credential):
    pdf = sealed_pdf(credential)

    verdicts = {
        dropped(pdf[:length], REMOTE_ADDR=f"10.1.0.{number}")[0]
        for number, length in enumerate(range(1, len(pdf), len(pdf) // 40))
    }

    assert verdicts <= {FileVerdict.ALTERED, FileVerdict.UNREADABLE, FileVerdict.NOT_OURS}


@pytest.fixture
def archive(credential: Credential) -> bytes:
    """A long-term file as the site keeps it."""
    drawn(credential)
    archive_certificates(limit=1)
    with storages["private"].open(Artifact.objects.get(kind=FileKind.ARCHIVE).path) as file:
        return file.read()


def test_a_long_term_file_of_the_archive_is_genuine(archive: bytes):
    verdict, page = dropped(archive)

    assert verdict == FileVerdict.GENUINE
    assert "not one byte was changed" in page
    assert "Time stamp" in page


def test_evidence_that_the_register_does_not_know_is_described_and_never_called_unchanged(
    credential: Credential,
):
    verdict, page = dropped(archive_seal(sealed_pdf(credential), revocation_lists=()))

    assert verdict == FileVerdict.EXTENDED
    assert credential.number in page
    assert "Something was added to this file" in page
    assert "byte was changed" not in page
    assert "Time stamp" not in page


def test_a_change_in_the_unsigned_part_of_a_time_stamp_is_detected(credential: Credential, archive: bytes):
    verdict, page = dropped(with_unsigned_attribute(archive, b"\x04\x82\x0f\xa0" + b"x" * 4000))

    assert verdict in {FileVerdict.EXTENDED, FileVerdict.ALTERED}
    assert "byte was changed" not in page


@pytest.mark.engines("reads a hundred altered archives")
def test_no_byte_of_an_archive_may_change_unnoticed(credential: Credential, archive: bytes):
    paper = Artifact.objects.get(kind=FileKind.CERTIFICATE)
    chance = random.Random(9)
    added = range(paper.size, len(archive))
    places = sorted(
        {*added[:: len(added) // 100], *chance.sample(added, 60), *range(0, paper.size, paper.size // 20)}
    )
    passed = []

    for number, place in enumerate(places):
        changed = bytearray(archive)
        changed[place] ^= 1 << chance.randrange(8)
        verdict, page = dropped(bytes(changed), REMOTE_ADDR=f"10.4.{number // 250}.{number % 250}")
        if verdict in {FileVerdict.GENUINE, FileVerdict.REGISTERED, ""} or "byte was changed" in page:
            passed.append((place, verdict))

    assert passed == []
    for number, tail in enumerate((b"\n", b" ", b"x" * 5000)):
        assert dropped(archive + tail, REMOTE_ADDR=f"10.5.0.{number}")[0] == FileVerdict.ALTERED


def with_unsigned_attribute(archive: bytes, value: bytes) -> bytes:
    """An archive with a value of somebody else among the unsigned attributes of its last time stamp, as long as before."""
    *_, gap = re.finditer(rb"<([0-9A-Fa-f]{2000,})>", archive)
    token = cms.ContentInfo.load(bytes.fromhex(gap[1].decode()))
    (signer,) = token["content"]["signer_infos"]
    signer["unsigned_attrs"] = [{"type": "1.2.3.4.5", "values": [core.Any.load(value)]}]
    written = token.dump(force=True).hex().encode()
    return archive[: gap.start(1)] + written.ljust(len(gap[1]), b"0") + archive[gap.end(1) :]


def test_a_file_from_before_sealing_is_recognized_by_its_hash(credential: Credential):
    pdf = unsealed_pdf(filler=7).replace(b"/ByteRange", b"/Unsealed ")
    registered(credential, pdf)

    verdict, page = dropped(pdf)

    assert verdict == FileVerdict.REGISTERED
    assert "from before certificates were sealed" in page
    assert dropped(pdf + b" ")[0] == FileVerdict.NOT_OURS


def test_a_file_stays_genuine_after_its_key_was_exchanged(credential: Credential):
    pdf = sealed_pdf(credential, token_for(credential))

    rotate_key(role=KeyRole.PDF_SEAL, by=None)
    rotate_key(role=KeyRole.CREDENTIAL, by=None)

    assert dropped(pdf)[0] == FileVerdict.GENUINE


def test_a_file_stays_genuine_when_the_key_of_its_credential_is_stolen(credential: Credential):
    pdf = sealed_pdf(credential, token_for(credential))
    key = SigningKey.objects.get(role=KeyRole.CREDENTIAL, retired_at=None)

    rotate_key(role=KeyRole.CREDENTIAL, by=None)
    mark_compromised(key_id=key.key_id, since=timezone.now(), by=None)

    assert dropped(pdf)[0] == FileVerdict.GENUINE


def test_a_thief_of_the_key_seals_nothing_that_the_register_does_not_know(credential: Credential):
    known, forged = sealed_pdf(credential), seal(unsealed_pdf(filler=3), pdf_sealer())
    before = dropped(forged)[0]

    mark_compromised(key_id=pdf_sealer().signer.key_id, since=timezone.now(), by=None)

    assert before == FileVerdict.UNREGISTERED
    assert dropped(forged)[0] == FileVerdict.COMPROMISED
    assert dropped(known)[0] == FileVerdict.GENUINE


def test_a_foreign_seal_in_capitals_is_not_called_ours(credential: Credential, stranger_sealed: bytes):
    gap = max(re.findall(rb"<[0-9a-f]{64,}>", stranger_sealed), key=len)

    verdict, page = dropped(stranger_sealed.replace(gap, gap.upper()))

    assert verdict == FileVerdict.FOREIGN
    assert "carries our seal" not in page


def test_our_seal_in_capitals_is_not_as_we_sealed_it(credential: Credential):
    pdf = sealed_pdf(credential)
    gap = max(re.findall(rb"<[0-9a-f]{64,}>", pdf), key=len)

    assert dropped(pdf.replace(gap, gap.upper()))[0] == FileVerdict.ALTERED


def test_a_file_from_a_former_address_of_the_site_is_genuine(credential: Credential):
    with override_settings(SITE_URL="https://former.example.eg"):
        pdf = sealed_pdf(credential, token_for(credential))

    verdict, page = dropped(pdf)

    assert verdict == FileVerdict.GENUINE
    assert "equals the register" in page


def test_a_foreign_seal_is_reported(credential: Credential, stranger_sealed: bytes):
    verdict, page = dropped(stranger_sealed)

    assert verdict == FileVerdict.FOREIGN
    assert "sealed by somebody else" in page


@pytest.fixture
def stranger_sealed() -> bytes:
    authority = new_authority(private_key=new_private_key(Algorithm.ES256), now=NOW)
    return seal(unsealed_pdf(), Sealer(certified(authority, Algorithm.ES256, "seal-p256")))


def test_an_attached_credential_of_another_name_contradicts_the_register(credential: Credential):
    pdf = sealed_pdf(credential, token_for(credential, name_ar="شخص آخر تماما"))

    verdict, page = dropped(pdf)

    assert verdict == FileVerdict.CONTRADICTORY
    assert "contradicts the register" in page


def test_an_attached_credential_of_a_stranger_contradicts_the_register(credential: Credential):
    token = token_for(credential)
    head, payload, signature = token.split(".")

    verdict, _page = dropped(sealed_pdf(credential, f"{head}.{payload}.{signature[::-1]}"))

    assert verdict == FileVerdict.CONTRADICTORY


@pytest.mark.parametrize(
    "content, verdict, words",
    [
        (b"", "", "The submitted file is empty."),
        (b"GIF89a" + b"\0" * 500, FileVerdict.UNREADABLE, "not a PDF"),
        (b"%PDF-1.7\n" + b"x" * (10 * 1024 * 1024), FileVerdict.TOO_LARGE, "too large"),
        (b"%PDF-1.7\n" + b"/ByteRange [0 1 2 3]" * 90_000, FileVerdict.UNREADABLE, "not a PDF"),
        (b"%PDF-1.7\n" + b"<" * 1_900_000 + b"/ByteRange [0 9 10 9]", FileVerdict.ALTERED, "changed"),
    ],
    ids=["empty", "no-pdf", "ten-megabytes", "many-signatures", "long-gap"],
)
def test_a_hostile_file_is_answered_in_words(db: None, content: bytes, verdict: str, words: str):
    answer, page = dropped(content)

    assert answer == verdict
    assert words in page


def test_a_bomb_inside_a_pdf_is_never_unpacked(demo_keys: list[SigningKey]):
    bomb = zlib.compress(b"\0" * 100_000_000, 9)
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.attachments["credential.jwt"] = b"small"
    output = io.BytesIO()
    pdf.save(output)
    hostile = output.getvalue().replace(
        b"trailer", b"9 0 obj\n<< /Filter /FlateDecode >>\nstream\n" + bomb + b"\nendstream\ntrailer"
    )

    verdict, page = dropped(hostile)

    assert len(bomb) < LARGEST
    assert verdict == FileVerdict.NOT_OURS
    assert "not one of ours" in page


def test_a_locked_pdf_is_named_so(db: None):
    pdf = pikepdf.new()
    pdf.add_blank_page()
    output = io.BytesIO()
    pdf.save(output, encryption=pikepdf.Encryption(owner="o", user="u"))

    verdict, page = dropped(output.getvalue())

    assert verdict == FileVerdict.ENCRYPTED
    assert "never need a password" in page


def test_a_file_is_noted_like_a_code_and_never_kept(credential: Credential):
    pdf = sealed_pdf(credential)

    dropped(pdf)
    dropped(pdf + b" ")

    assert list(Lookup.objects.order_by("pk").values_list("code", "result", "via")) == [
        (credential.code, LookupResult.VALID, LookupVia.FILE),
        ("", LookupResult.ALTERED, LookupVia.FILE),
    ]


def test_too_many_files_are_answered_with_when_to_come_back(credential: Credential):
    most = RATE_LIMITS[LookupVia.FILE].lookups
    client, file = Client(), b"no PDF"
    for _number in range(most):
        dropped(file, client=client)

    response = client.post(ADDRESS, {"file": SimpleUploadedFile("x.pdf", file)})

    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 60
    assert "You can go on in 1 minute" in response.content.decode()


def test_a_form_of_another_site_is_refused(credential: Credential):
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(ADDRESS, {"file": SimpleUploadedFile("x.pdf", b"%PDF-")})

    assert response.status_code == 403


def test_the_address_alone_leads_to_the_form(db: None):
    response = Client().get(ADDRESS)

    assert (response.status_code, response["Location"]) == (302, "/en/verify/")


def test_the_digest_in_the_answer_is_that_of_the_file(credential: Credential):
    pdf = sealed_pdf(credential)

    _verdict, page = dropped(pdf)

    assert hashlib.sha256(pdf).hexdigest() in page


def test_the_answer_leads_to_the_other_language(db: None):
    _verdict, page = dropped(b"no PDF")

    assert 'href="/ar/verify/file/" hreflang="ar"' in page
    assert Client().get("/ar/verify/file/")["Location"] == "/ar/verify/"


@pytest.mark.engines("reads a hundred altered files")
def test_a_file_of_the_site_is_genuine_and_no_byte_of_it_may_change(credential: Credential):
    artifact = drawn(credential)
    with storages["private"].open(artifact.path) as file:
        pdf = file.read()
    chance = random.Random(5)
    places = sorted({*range(0, len(pdf), len(pdf) // 60), *chance.sample(range(len(pdf)), 40)})
    passed = []

    verdict, page = dropped(pdf)
    for number, place in enumerate(places):
        changed = bytearray(pdf)
        changed[place] ^= 1 << chance.randrange(8)
        answer, _page = dropped(bytes(changed), REMOTE_ADDR=f"10.2.0.{number}")
        if answer in {FileVerdict.GENUINE, FileVerdict.REGISTERED, ""}:
            passed.append((place, answer))

    assert verdict == FileVerdict.GENUINE
    assert credential.number in page
    assert passed == []
    assert dropped(pdf + b"\n", REMOTE_ADDR="10.3.0.1")[0] == FileVerdict.ALTERED
