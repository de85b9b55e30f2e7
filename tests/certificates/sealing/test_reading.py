import datetime as dt
import random
from dataclasses import replace

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certificates.sealing import (
    Coverage,
    FileSigner,
    Sealer,
    Trust,
    Verdict,
    add_long_term,
    examine,
    new_private_key,
    seal,
)
from certificates.sealing.cms import CmsTemplate
from certificates.sealing.reading import LARGEST_FILE, MOST_SIGNATURES
from tests.certificates.sealing.conftest import NOW, published
from tests.certificates.sealing.papers import unsealed_pdf

# Verdicts about files without a valid seal of ours; REFUSED is every verdict except INTACT.
REFUSED = set(Verdict) - {Verdict.INTACT}
# Fixtures of a session may be shared by examples.
bounded = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def archived(sealed, timestamper, trust) -> bytes:
    return add_long_term(sealed, timestamper=timestamper, trust=trust)


def test_our_seal_is_intact_and_names_its_key(sealed, trust, signer):
    reading = examine(sealed, trust)

    assert reading.verdict is Verdict.INTACT
    assert (reading.signatures, reading.key_id, reading.coverage) == (1, signer.key_id, Coverage.WHOLE_FILE)
    assert reading.is_digest_intact
    assert reading.is_signature_valid
    assert reading.sealed_bytes == len(sealed)


def test_a_seal_by_rsa_is_read_too(rsa_signer, trust):
    reading = examine(seal(unsealed_pdf(), Sealer(rsa_signer)), trust)

    assert (reading.verdict, reading.key_id) == (Verdict.INTACT, rsa_signer.key_id)


def test_every_flipped_bit_pattern_is_refused_wherever_it_is(sealed, trust):
    generator = random.Random(3161)
    # Every byte of the signature dictionary's text and of the CMS, and a sample of the padding and the page.
    gap = sealed.index(b"/Contents <30")
    places = {*range(gap - 100, gap + 2 * 1700), *generator.sample(range(len(sealed)), 1500)}

    accepted = []
    for place in sorted(places):
        changed = bytearray(sealed)
        changed[place] ^= generator.randrange(1, 256)
        if examine(bytes(changed), trust).verdict is Verdict.INTACT:
            accepted.append(place)

    assert accepted == []
    # The control: the file itself is accepted by the same call.
    assert examine(sealed, trust).verdict is Verdict.INTACT


@pytest.mark.parametrize("tail", [b"\n", b" ", b"%", b"\0", b"%%EOF\n", b"1 0 obj<<>>endobj"])
def test_an_appended_byte_is_refused(sealed, trust, tail):
    reading = examine(sealed + tail, trust)

    assert (reading.verdict, reading.coverage) == (Verdict.ALTERED, Coverage.PARTIAL)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_file_is_refused(sealed, trust, kept):
    assert examine(sealed[: int(len(sealed) * kept)], trust).verdict in REFUSED


def test_a_foreign_seal_is_recognized(stranger, trust):
    reading = examine(seal(unsealed_pdf(), Sealer(stranger)), trust)

    assert (reading.verdict, reading.key_id) == (Verdict.FOREIGN, None)
    assert reading.is_digest_intact
    assert "seal-p256" in reading.signed_by


def test_our_certificate_over_another_key_is_altered_not_foreign(signer, trust):
    """A forger has our certificate, which is public, and no more."""
    forger = FileSigner(key_id="forger", private_key=new_private_key(signer.algorithm))
    forged = Sealer(signer)
    forged.signer = forger

    reading = examine(seal(unsealed_pdf(), forged), trust)

    assert (reading.verdict, reading.key_id) == (Verdict.ALTERED, signer.key_id)
    assert not reading.is_signature_valid


def test_a_seal_moved_into_another_file_is_altered(sealed, trust, signer):
    other = seal(unsealed_pdf(filler=3), Sealer(signer))
    start = sealed.index(b"/Contents <30")
    ours = sealed[start : sealed.index(b">", start)]
    at = other.index(b"/Contents <30")

    moved = other[:at] + ours + other[at + len(ours) :]

    reading = examine(moved, trust)
    assert (reading.verdict, reading.key_id, reading.is_digest_intact) == (
        Verdict.ALTERED,
        signer.key_id,
        False,
    )


def test_a_byte_range_that_leaves_out_more_than_the_signature_is_refused(sealed, trust, signer):
    """The gap must be the hex string alone: nothing else may hide in it."""
    template: CmsTemplate = Sealer(signer).template
    at = sealed.index(b"/Contents <30")
    hidden = sealed[: at + 11] + b"3030> /Hidden (" + sealed[at + 26 :]

    assert examine(hidden, trust).verdict in REFUSED
    assert template.longest < 4000


def test_an_unsealed_pdf_and_a_picture_have_different_verdicts(trust):
    plain = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"

    assert examine(plain, trust).verdict is Verdict.UNSEALED
    assert examine(b"\x89PNG", trust).verdict is Verdict.UNREADABLE
    assert examine(b"", trust).verdict is Verdict.UNREADABLE


def test_an_empty_signature_field_is_no_seal(trust):
    assert examine(unsealed_pdf(), trust).verdict in REFUSED


def test_a_file_beyond_the_limit_or_with_many_signatures_is_not_hashed(sealed, trust):
    assert examine(sealed + b" " * LARGEST_FILE, trust).verdict is Verdict.UNREADABLE
    many = sealed + b"/ByteRange [0 1 2 3]" * (MOST_SIGNATURES + 1)
    assert examine(many, trust).verdict is Verdict.UNREADABLE


def test_a_stolen_key_counts_only_for_what_was_stamped_before(sealed, archived, trust, signer):
    later = replace(trust, seals=(published(signer, compromised_at=NOW + dt.timedelta(days=1)),))
    earlier = replace(trust, seals=(published(signer, compromised_at=NOW - dt.timedelta(days=1)),))

    assert examine(sealed, later).verdict is Verdict.COMPROMISED
    assert examine(archived, later).verdict is Verdict.INTACT
    assert examine(archived, earlier).verdict is Verdict.COMPROMISED


def test_a_key_that_was_never_published_is_foreign(sealed):
    assert examine(sealed, Trust()).verdict is Verdict.FOREIGN


@bounded
@given(noise=st.binary(max_size=4000))
def test_noise_gets_an_answer(trust, noise):
    assert examine(noise, trust).verdict in REFUSED
    assert examine(b"%PDF-1.7\n/ByteRange [0 9 12 40]" + noise, trust).verdict in REFUSED


@bounded
@given(data=st.data())
def test_a_mutated_file_gets_an_answer_and_is_never_intact(sealed, archived, trust, data):
    original = data.draw(st.sampled_from([sealed, archived]))
    start = data.draw(st.integers(0, len(original) - 1))
    length = data.draw(st.integers(0, 400))
    patch = data.draw(st.binary(max_size=400))
    mutated = original[:start] + patch + original[start + length :]

    reading = examine(mutated, trust)

    assert reading.verdict is not Verdict.INTACT or mutated == original


@pytest.mark.parametrize(
    "tail",
    [
        b"\nxref\n0 0\ntrailer <</Size 99 /Prev %(end)d>>\nstartxref\n%(end)d\n%%%%EOF\n",
        b"\nstartxref\n%(end)d\n%%%%EOF\n",
        b"\n" + b"[" * 50_000 + b"\nstartxref\n%(end)d\n%%%%EOF\n",
        b"\nxref\n0 99999999\ntrailer <</Size 99 /Root 1 0 R>>\nstartxref\n%(end)d\n%%%%EOF\n",
    ],
    ids=["loop", "nowhere", "deep", "huge table"],
)
def test_a_hostile_update_gets_an_answer(sealed, trust, tail):
    assert examine(sealed + tail % {b"end": len(sealed) + 1}, trust).verdict is Verdict.ALTERED


def test_a_file_saved_again_by_an_editor_is_altered(sealed, trust, tmp_path):
    (tmp_path / "a.pdf").write_bytes(sealed)
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        pdf.save(tmp_path / "b.pdf")

    assert examine((tmp_path / "b.pdf").read_bytes(), trust).verdict is Verdict.ALTERED
