"""Checking of paper certificates: a second person compares typed rows with their scans, and rows that agree enter the register."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import Act, DocumentKind
from accounts.errors import DomainError
from accounts.models import Person, User
from accounts.scoping.hands import is_of_one_hand, is_own, why_one_hand
from accounts.services.identity_documents import decrypt_number, find_by_national_id, register_national_id
from accounts.services.people import register_person
from certificates.codes import new_code
from certificates.enums import FileKind, PaperState, Source, Status
from certificates.errors import ConfirmationNeeded, NothingChosen, OwnRecord, ReasonMissing
from certificates.legacy.reading import Reading
from certificates.models import Artifact, Credential, LegacyBatch, LegacyPaper, StatusEvent
from certificates.services.deciding import is_confirmed
from certificates.services.legacy import close_if_done, lock_batch, lock_paper
from certificates.services.legacy_faults import examine, readings_of
from certificates.signals import credential_status_changed
from courses.models import SkillLevel

NUMBER_LENGTH = 40
# As `issuing.next_numbers` writes them, whatever the code of a center has in it: paper must not take a number that the
# series will give.
_OF_THE_SERIES = re.compile(r".+/\d{4}/\D*\d{6,}", re.ASCII)
# Two batches never choose numbers at the same time. Any constant will do.
_NUMBERS_LOCK = 520_290_020


class SameTypist(DomainError):
    message = _("A person who typed any part of this line cannot check it. Ask another certifying officer.")


class StillWrong(DomainError):
    message = _("Line %(line)s still has something to correct. Send it back.")


class TypedMeanwhile(DomainError):
    message = _("Line %(line)s was typed again while you compared it. Compare it once more.")


class NotToBeChecked(DomainError):
    message = _("Line %(line)s does not wait for a check: %(state)s.")


class NoNumberLeft(DomainError):
    message = _(
        "The register has certificates with number %(number)s already, in every way it can be written."
    )


def _lock_for(paper_id: int, *, by: User) -> LegacyPaper:
    paper = lock_paper(paper_id, by=by, act=Act.APPROVE_CERTIFICATES)
    if is_of_one_hand(by, paper.typists, Act.PROPOSE_CERTIFICATES):
        raise why_one_hand(by, paper.typists, Act.PROPOSE_CERTIFICATES, SameTypist)
    if is_own(by, paper.person_id):
        raise OwnRecord
    return paper


@transaction.atomic
def check_paper(*, paper_id: int, version: str, by: User) -> LegacyPaper:
    """Record that a row agrees with its scan. `version` is that of the row which was compared.

    Raises SameTypist, OwnRecord, NotToBeChecked, StillWrong, TypedMeanwhile, NotAllowedHere.
    """
    paper = _lock_for(paper_id, by=by)
    if paper.state != PaperState.TYPED:
        raise NotToBeChecked(line=paper.line, state=paper.get_state_display())
    if paper.faults:
        raise StillWrong(line=paper.line)
    if paper.version != version:
        raise TypedMeanwhile(line=paper.line)
    paper.state, paper.checked_by, paper.checked_at, paper.note = PaperState.CHECKED, by, timezone.now(), ""
    paper.save(update_fields=["state", "checked_by", "checked_at", "note"])
    log(paper, "certificates.legacy.check", user=by, data={"line": paper.line})
    return paper


@transaction.atomic
def send_paper_back(*, paper_id: int, note: str, by: User) -> LegacyPaper:
    """Send a row back to be corrected, with a note for the typist.

    Raises SameTypist, OwnRecord, NotToBeChecked, ReasonMissing, NotAllowedHere.
    """
    paper = _lock_for(paper_id, by=by)
    if not note.strip():
        raise ReasonMissing
    if paper.state not in {PaperState.TYPED, PaperState.CHECKED}:
        raise NotToBeChecked(line=paper.line, state=paper.get_state_display())
    paper.state, paper.checked_by, paper.checked_at = PaperState.RETURNED, None, None
    paper.note = note.strip()[:300]
    paper.save(update_fields=["state", "checked_by", "checked_at", "note"])
    log(paper, "certificates.legacy.return", user=by, data={"line": paper.line, "note": paper.note})
    return paper


@transaction.atomic
def enter_papers(*, batch_id: int, by: User, confirmed_at: dt.datetime | None) -> list[Credential]:
    """Enter the rows of a batch that `by` has checked into the register, all or none.

    A row in which a fault was found since goes back to be typed. Raises ConfirmationNeeded,
    NothingChosen, OwnRecord, NoNumberLeft, NotAllowedHere.
    """
    batch = lock_batch(batch_id, by=by, act=Act.APPROVE_CERTIFICATES)
    if not is_confirmed(confirmed_at):
        raise ConfirmationNeeded
    papers = [
        paper
        for paper in examine(batch)
        if paper.state == PaperState.CHECKED and paper.checked_by_id == by.pk
    ]
    if not papers:
        raise NothingChosen
    readings = readings_of(papers)
    levels = SkillLevel.objects.in_bulk({one.level for one in readings.values() if one.level})
    numbers = _numbers(batch, papers)
    credentials = [
        _enter(paper, readings[paper.pk], numbers[paper.pk], levels, batch, by=by) for paper in papers
    ]
    log(
        batch,
        "certificates.legacy.enter",
        user=by,
        data={"certificates": [one.number for one in credentials]},
    )
    close_if_done(batch)
    return credentials


def _enter(
    paper: LegacyPaper,
    reading: Reading,
    number: str,
    levels: Mapping[str, SkillLevel],
    batch: LegacyBatch,
    *,
    by: User,
) -> Credential:
    now = timezone.now()
    issued_on = reading.issued_on
    assert issued_on is not None  # noqa: S101 - a row without it has a fault, and the database holds that too
    credential = Credential.objects.create(
        source=Source.LEGACY,
        type=batch.type,
        kind=batch.type.kind,
        number=number,
        code=new_code(),
        holder=_holder(paper, reading, batch, by=by),
        center=batch.center,
        claims=_claims(paper, reading, levels, batch),
        design={},
        issued_on=issued_on,
        valid_from=issued_on,
        valid_until=reading.valid_until,
        proposed_by=paper.typed_by,
        approved_by=by,
    )
    event = StatusEvent.objects.create(credential=credential, status=Status.ISSUED, by=by, at=now)
    Artifact.objects.create(
        credential=credential,
        kind=FileKind.SCAN,
        path=paper.scan,
        sha256=paper.scan_sha256,
        size=paper.scan_size,
        rendered_at=now,
    )
    credential_status_changed.send(sender=StatusEvent, events=[event])
    paper.state, paper.credential, paper.person = PaperState.ENTERED, credential, credential.holder
    # The number is stored with the person now; a second copy is not needed.
    paper.national_number_encrypted = b""
    paper.save(update_fields=["state", "credential", "person", "national_number_encrypted"])
    return credential


def _holder(paper: LegacyPaper, reading: Reading, batch: LegacyBatch, *, by: User) -> Person:
    """The holder of a paper certificate; one who is not known yet is registered."""
    number = decrypt_number(bytes(paper.national_number_encrypted)) if paper.national_number_encrypted else ""
    # Queried again: another row of this batch may just have registered the person.
    document = find_by_national_id(number) if number else None
    person = document.person if document else paper.person
    if person is None:
        person = register_person(
            by=by, full_name_ar=reading.name_ar, full_name_en=reading.name_en, registered_at=batch.center
        )
        if number:
            register_national_id(person_id=person.pk, number=number, by=by)
    if is_own(by, person.pk):
        raise OwnRecord
    return person


def _claims(
    paper: LegacyPaper, reading: Reading, levels: Mapping[str, SkillLevel], batch: LegacyBatch
) -> dict[str, Any]:
    """The claims of a paper certificate; what is not printed on it is left out."""
    center, level = batch.center, levels.get(reading.level or "")
    claims: dict[str, Any] = {
        "source": Source.LEGACY.value,
        "printed_number": paper.typed["number"],
        "entered_on": timezone.localdate().isoformat(),
        "type_ar": batch.type.name_ar,
        "type_en": batch.type.name_en,
        "name_ar": reading.name_ar,
        "name_en": reading.name_en,
        "identity": {"kind": DocumentKind.NATIONAL_ID.value, "last4": paper.last4} if paper.last4 else None,
        "program_ar": reading.program_ar,
        "program_en": reading.program_en or reading.program_ar,
        "level": reading.level,
        "level_ar": level.name_ar if level else "",
        "level_en": level.name_en if level else "",
        "center_ar": center.name_ar,
        "center_en": center.name_en,
        "governorate_ar": center.governorate.name_ar,
        "governorate_en": center.governorate.name_en,
    }
    if reading.hours:
        claims["hours"] = reading.hours
    if reading.completed_on:
        claims["completed_on"] = reading.completed_on.isoformat()
    return claims


def _numbers(batch: LegacyBatch, papers: Sequence[LegacyPaper]) -> dict[int, str]:
    """A free number for each: as printed, or with what makes it unique before it. Never one of the series."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERS_LOCK])
    ways = {paper.pk: list(_ways(batch, paper)) for paper in papers}
    asked = {number for some in ways.values() for number in some}
    taken = set(Credential.objects.filter(number__in=asked).values_list("number", flat=True))
    numbers = {}
    for pk, some in ways.items():
        free = next((number for number in some if number not in taken), None)
        if free is None:
            raise NoNumberLeft(number=some[0])
        taken.add(free)
        numbers[pk] = free
    return numbers


def _ways(batch: LegacyBatch, paper: LegacyPaper) -> list[str]:
    """The forms in which a printed number may be registered, the plainest first."""
    assert paper.issued_on is not None  # noqa: S101 - as above
    code, year = batch.center.code, paper.issued_on.year
    ways: tuple[str, ...] = (
        paper.number,
        f"{code}:{paper.number}",
        f"{code}:{year}:{paper.number}",
        f"{code}:{year}:{batch.type.number_prefix}{paper.number}",
    )
    if _OF_THE_SERIES.fullmatch(paper.number):
        ways = ways[1:]
    return [way for way in dict.fromkeys(ways) if len(way) <= NUMBER_LENGTH]
