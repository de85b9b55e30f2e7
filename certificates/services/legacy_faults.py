"""Faults of the typed rows of a batch, found by comparing them with each other and with the register."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.utils import timezone

from accounts.enums import DocumentKind
from accounts.folding import fold_arabic
from accounts.models import IdentityDocument, Person, User
from accounts.services.identity_documents import decrypt_number, find_by_national_id
from certificates.enums import LIVE_STATES, Fault, PaperState, Source
from certificates.legacy.reading import Reading, fault, read_paper
from certificates.models import Credential, LegacyBatch, LegacyPaper
from courses.models import SkillLevel

# Faults of the typed text itself remain until the row is typed again.
_OF_TYPING = frozenset({Fault.FORMULA, Fault.TOO_MANY_CELLS, Fault.NATIONAL_NUMBER})

type _Key = tuple[str, int]


def levels_by_name() -> dict[str, str]:
    """The codes of the ministry's levels by their normalized names."""
    return {
        fold_arabic(name): level.code
        for level in SkillLevel.objects.all()
        for name in (level.code, level.name_ar, level.name_en)
    }


def readings_of(papers: Sequence[LegacyPaper]) -> dict[int, Reading]:
    """The paper certificates, by the primary key of their rows."""
    levels, today = levels_by_name(), timezone.localdate()
    return {paper.pk: read_paper(paper.typed, levels=levels, today=today) for paper in papers}


def examine(batch: LegacyBatch) -> list[LegacyPaper]:
    """Write its faults to each row of a locked batch that is not in the register. Returns these rows.

    A checked row in which a fault is found now goes back to be typed: the register has changed.
    """
    papers = list(batch.papers.exclude(state=PaperState.ENTERED).select_related("person"))
    readings = readings_of(papers)
    for paper in papers:
        reading = readings[paper.pk]
        paper.number, paper.issued_on = reading.number[:40], reading.issued_on
    _find_people(batch, papers)
    duplicates, taken = _duplicates(papers), _taken(batch, papers)
    scans = _scan_names(papers)
    own_people = _people_of_typists(papers)
    for paper in papers:
        kept = [one for one in paper.faults if one["code"] in _OF_TYPING]
        found = [*kept, *readings[paper.pk].faults, *taken.get(_key(paper), [])]
        others = [line for line in duplicates[_key(paper)] if line != paper.line] if paper.number else []
        if others:
            found.append(fault("number", Fault.TWICE_IN_BATCH, ", ".join(map(str, others))))
        if not paper.scan:
            found.append(fault("scan", Fault.NO_SCAN))
        shared = [line for line in scans.get(paper.typed["scan"].casefold(), []) if line != paper.line]
        if shared:
            found.append(fault("scan", Fault.SCAN_SHARED, ", ".join(map(str, shared))))
        if paper.person and not is_same_name(paper.name, paper.person):
            found.append(fault("national_number", Fault.OTHER_NAME))
        if paper.person_id and own_people.get(paper.person_id, frozenset()) & set(paper.typists):
            found.append(fault("name_ar", Fault.OWN))
        paper.faults = found
        if found and paper.state == PaperState.CHECKED:
            paper.state, paper.checked_by, paper.checked_at = PaperState.RETURNED, None, None
    LegacyPaper.objects.bulk_update(
        papers, ["number", "issued_on", "person", "faults", "state", "checked_by", "checked_at"]
    )
    return papers


def is_same_name(name: str, person: Person) -> bool:
    """Whether a name on paper may be a registered person's: the same first name and one more, or all it has.

    Old certificates leave out grandfathers' names; the first name is always the same.
    """
    paper, register = fold_arabic(name).split(), fold_arabic(person.full_name_ar).split()
    return paper[:1] == register[:1] and len(set(paper) & set(register)) >= min(2, len(paper))


def _key(paper: LegacyPaper) -> _Key:
    return paper.number, paper.issued_on.year if paper.issued_on else 0


def _duplicates(papers: Sequence[LegacyPaper]) -> Mapping[_Key, list[int]]:
    """Lines by number and year: old centers restarted their numbers each year."""
    lines: dict[_Key, list[int]] = defaultdict(list)
    for paper in papers:
        lines[_key(paper)].append(paper.line)
    return lines


def _scan_names(papers: Sequence[LegacyPaper]) -> Mapping[str, list[int]]:
    lines: dict[str, list[int]] = defaultdict(list)
    for paper in papers:
        if paper.typed["scan"]:
            lines[paper.typed["scan"].casefold()].append(paper.line)
    return lines


def _taken(batch: LegacyBatch, papers: Sequence[LegacyPaper]) -> dict[_Key, list[dict[str, str]]]:
    """Where these numbers and years are used already: in the register, or waiting in another batch."""
    numbers = {paper.number for paper in papers if paper.number}
    found: dict[_Key, list[dict[str, str]]] = defaultdict(list)
    elsewhere = (
        LegacyPaper.objects.filter(
            Q(credential__isnull=True) | Q(credential__state__in=LIVE_STATES),
            batch__center=batch.center_id,
            batch__type=batch.type_id,
            number__in=numbers,
        )
        .exclude(batch=batch, credential__isnull=True)
        .select_related("credential", "batch")
    )
    for other in elsewhere:
        if other.credential:
            found[_key(other)].append(fault("number", Fault.IN_REGISTER, other.credential.number))
        else:
            found[_key(other)].append(fault("number", Fault.WAITS_ELSEWHERE, other.batch.index_name))
    issued = Credential.objects.filter(number__in=numbers, center=batch.center_id, source=Source.ISSUED)
    for number in issued.values_list("number", flat=True):
        for paper in papers:
            if paper.number == number:
                found[_key(paper)].append(fault("number", Fault.IN_REGISTER, number))
    return found


def _find_people(batch: LegacyBatch, papers: Sequence[LegacyPaper]) -> None:
    """The holders of paper certificates: by the national number, or by its last digits and the same name in this center."""
    partial = {paper.last4 for paper in papers if paper.last4 and not paper.national_number_encrypted}
    candidates: dict[str, set[Person]] = defaultdict(set)
    documents = IdentityDocument.objects.filter(
        kind=DocumentKind.NATIONAL_ID, last4__in=partial, person__registered_at=batch.center_id
    )
    for document in documents.select_related("person"):
        candidates[document.last4].add(document.person)
    for paper in papers:
        if paper.national_number_encrypted and paper.person is None:
            known = find_by_national_id(decrypt_number(bytes(paper.national_number_encrypted)))
            paper.person = known.person if known else None
        elif paper.last4 and not paper.national_number_encrypted:
            same = [
                person
                for person in candidates[paper.last4]
                if fold_arabic(person.full_name_ar) == fold_arabic(paper.name)
            ]
            paper.person = same[0] if len(same) == 1 else None


def _people_of_typists(papers: Sequence[LegacyPaper]) -> dict[int, set[int]]:
    """Logins of the typists by their person."""
    logins = {pk for paper in papers for pk in paper.typists}
    people: dict[int, set[int]] = defaultdict(set)
    for pk, person in User.objects.filter(pk__in=logins, person__isnull=False).values_list("pk", "person_id"):
        people[person].add(pk)
    return people
