"""Typing of paper certificates: index, scans, corrections. The entry into the register follows in `legacy_checking`."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.digits import is_decimal, latin_digits
from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import Center, User
from accounts.scoping import may
from accounts.services.identity_documents import encrypt_number
from accounts.services.national_number import BadNationalNumber, parse_national_number
from certificates.enums import BatchState, Fault, PaperState
from certificates.errors import NotAllowedHere
from certificates.legacy.index import Line, read_index
from certificates.legacy.reading import FIELDS, LONGEST_TEXT, Faults, clean_cell, fault
from certificates.legacy.scans import NotAScan, Scan, scans_in
from certificates.models import CredentialType, LegacyBatch, LegacyPaper
from certificates.services.legacy_faults import examine

# Once a row is checked, only sending it back opens it again.
TYPING = (PaperState.TYPED, PaperState.RETURNED)


class SameIndex(DomainError):
    message = _("This very file was already uploaded for this center and kind: “%(batch)s”.")


class NotBeingTyped(DomainError):
    message = _("Line %(line)s is already checked. Send it back first, then correct it.")


class SameScanTwice(DomainError):
    message = _("Two of the files are called “%(name)s”. Nothing was stored.")


@dataclass(frozen=True)
class ScansTaken:
    """How many scans found their row, and the names of those that no open row of the batch mentions."""

    matched: int = 0
    unmatched: list[str] = field(default_factory=list)


@transaction.atomic
def import_index(
    *,
    center_id: int,
    type_id: int,
    name: str,
    data: bytes,
    by: User,
    files: Sequence[tuple[str, BinaryIO]] = (),
) -> LegacyBatch:
    """Import an index of paper certificates and its scans, completely or not at all.

    The faults of a row are stored with the row, and have to be corrected before it can be checked. Raises an
    `IndexRefused` or a `ScansRefused`, SameIndex, NotAllowedHere.
    """
    center = Center.objects.get(pk=center_id)
    if not may(by, Act.PROPOSE_CERTIFICATES, on=center):
        raise NotAllowedHere(center=center)
    type_ = CredentialType.objects.get(pk=type_id)
    digest = hashlib.sha256(data).hexdigest()
    same = LegacyBatch.objects.filter(center=center, type=type_, index_sha256=digest).first()
    if same:
        raise SameIndex(batch=same)
    lines = read_index(data)
    now = timezone.now()
    batch = LegacyBatch.objects.create(
        center=center,
        type=type_,
        index_name=clean_cell(name)[0][:120] or "index.csv",
        index_sha256=digest,
        uploaded_by=by,
        uploaded_at=now,
    )
    papers = [_paper(batch, line, by=by) for line in lines]
    LegacyPaper.objects.bulk_create(papers)
    log(batch, "certificates.legacy.import", user=by, data={"rows": len(papers), "sha256": digest})
    if files:
        add_scans(batch_id=batch.pk, files=files, by=by)
    else:
        examine(batch)
    return batch


def _paper(batch: LegacyBatch, line: Line, *, by: User) -> LegacyPaper:
    paper = LegacyPaper(
        batch=batch, line=line.number, typed_by=by, typed_at=batch.uploaded_at, typists=[by.pk]
    )
    _write(paper, line.cells)
    if line.has_too_many_cells:
        paper.faults.append(fault("", Fault.TOO_MANY_CELLS))
    return paper


def _write(paper: LegacyPaper, cells: Mapping[str, str]) -> None:
    """Write the cleaned cells and their faults to a row."""
    faults: Faults = []
    typed = {}
    for name in FIELDS:
        text, is_formula = clean_cell(cells.get(name, ""))
        if is_formula:
            faults.append(fault(name, Fault.FORMULA))
        # One character more than the limit, so that it is still found to be too long.
        typed[name] = text[: LONGEST_TEXT + 1]
    paper.typed = typed
    if number := clean_cell(cells.get("national_number", ""))[0]:
        faults += _write_national_number(paper, number)
    paper.faults = faults


def _write_national_number(paper: LegacyPaper, text: str) -> Faults:
    """Store a full number encrypted, or its last four digits."""
    paper.national_number_encrypted, paper.last4, paper.person = b"", "", None
    plain = latin_digits(text).replace(" ", "")
    if is_decimal(plain) and len(plain) == 4:
        paper.last4 = plain
        return []
    try:
        read = parse_national_number(plain, today=timezone.localdate())
    except BadNationalNumber:
        return [fault("national_number", Fault.NATIONAL_NUMBER)]
    paper.national_number_encrypted, paper.last4 = encrypt_number(read.number), read.number[-4:]
    return []


@transaction.atomic
def add_scans(*, batch_id: int, files: Iterable[tuple[str, BinaryIO]], by: User) -> ScansTaken:
    """Attach scans, single or in ZIP files, to the rows that name them. Case and ending of a name may differ.

    `files` are names and opened files. Raises a `ScansRefused`, SameScanTwice, NotAllowedHere: then nothing is kept.
    """
    batch = lock_batch(batch_id, by=by, act=Act.PROPOSE_CERTIFICATES)
    papers = {_key(paper.typed["scan"]): paper for paper in batch.papers.filter(state__in=TYPING)}
    papers.pop("", None)
    seen: set[str] = set()
    unmatched: list[str] = []
    written: list[str] = []
    try:
        for scan in scans_in(files):
            key = _new_key(scan.name, seen)
            if key in papers:
                written.append(_attach(papers[key], scan, by=by))
            else:
                unmatched.append(scan.name)
    except BaseException:
        _delete(written)
        raise
    examine(batch)
    if written:
        log(batch, "certificates.legacy.scans", user=by, data={"scans": len(written)})
    return ScansTaken(len(written), unmatched)


def _key(name: str) -> str:
    """A file name for comparing: without its ending, composed, in one case."""
    return unicodedata.normalize("NFC", PurePosixPath(name.replace("\\", "/")).stem).casefold().strip()


def _new_key(name: str, seen: set[str]) -> str:
    key = _key(name)
    if key in seen:
        raise SameScanTwice(name=name)
    seen.add(key)
    return key


def _attach(paper: LegacyPaper, scan: Scan, *, by: User) -> str:
    """Store a scan for a row and delete the previous one. Returns its name in the private storage."""
    digest = hashlib.sha256(scan.data).hexdigest()
    name = f"legacy/{paper.batch_id}/{paper.pk}-{digest[:16]}.{scan.kind.extension}"
    stored = storages["private"].save(name, ContentFile(scan.data))
    if paper.scan:
        transaction.on_commit(partial(_delete, [paper.scan]))
    paper.scan, paper.scan_type = stored, scan.kind.mime_type
    paper.scan_sha256, paper.scan_size, paper.scan_pages = digest, len(scan.data), scan.pages
    _type(paper, by=by)
    return stored


def _delete(names: Iterable[str]) -> None:
    for name in names:
        storages["private"].delete(name)


def _type(paper: LegacyPaper, *, by: User) -> None:
    paper.state, paper.typed_by, paper.typed_at = PaperState.TYPED, by, timezone.now()
    paper.typists = sorted({*paper.typists, by.pk})
    paper.save()


@transaction.atomic
def retype_paper(
    *, paper_id: int, cells: Mapping[str, str], by: User, file: tuple[str, BinaryIO] | None = None
) -> LegacyPaper:
    """Correct a row, and give it another scan if there is one. An empty national number keeps the one before.

    Raises NotBeingTyped, NotAllowedHere, a `ScansRefused`.
    """
    paper = lock_paper(paper_id, by=by, act=Act.PROPOSE_CERTIFICATES)
    if paper.state not in TYPING:
        raise NotBeingTyped(line=paper.line)
    _write(paper, cells)
    written = []
    if file:
        scans = list(scans_in([file]))
        if len(scans) != 1:
            raise NotAScan(name=file[0])
        scan = scans[0]
        paper.typed["scan"] = paper.typed["scan"] or scan.name[:LONGEST_TEXT]
        written.append(_attach(paper, scan, by=by))
    else:
        _type(paper, by=by)
    log(paper, "certificates.legacy.type", user=by, data={"line": paper.line})
    examine(paper.batch)
    paper.refresh_from_db()
    return paper


@transaction.atomic
def drop_paper(*, paper_id: int, by: User) -> None:
    """Delete a row that is not a certificate. Raises NotBeingTyped, NotAllowedHere."""
    paper = lock_paper(paper_id, by=by, act=Act.PROPOSE_CERTIFICATES)
    if paper.state not in TYPING:
        raise NotBeingTyped(line=paper.line)
    batch = paper.batch
    log(batch, "certificates.legacy.drop", user=by, data={"line": paper.line, "number": paper.number})
    if paper.scan:
        transaction.on_commit(partial(_delete, [paper.scan]))
    paper.delete()
    examine(batch)
    close_if_done(batch)


def lock_batch(batch_id: int, *, by: User, act: Act) -> LegacyBatch:
    """The batch, locked: every change of one of its rows takes this lock first. Raises NotAllowedHere."""
    batch = (
        LegacyBatch.objects.select_for_update(of=("self",))
        .select_related("center__governorate", "type")
        .get(pk=batch_id)
    )
    if not may(by, act, on=batch):
        raise NotAllowedHere(center=batch.center)
    return batch


def lock_paper(paper_id: int, *, by: User, act: Act) -> LegacyPaper:
    """The row and its batch, locked. Raises NotAllowedHere."""
    batch_id = LegacyPaper.objects.values_list("batch_id", flat=True).get(pk=paper_id)
    batch = lock_batch(batch_id, by=by, act=act)
    paper = LegacyPaper.objects.select_for_update(of=("self",)).select_related("person").get(pk=paper_id)
    paper.batch = batch
    return paper


def close_if_done(batch: LegacyBatch) -> None:
    """Set a batch to done when none of its rows is waiting."""
    if not batch.papers.exclude(state=PaperState.ENTERED).exists():
        batch.state = BatchState.DONE
        batch.save(update_fields=["state"])
