"""Imports trainees: who is not on record is registered, and what is missing on record is filled in.

What the register says is never replaced by a file, and no consent, guardian or password comes from one. Logins are made where the
uploader chose so.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts.enums import ContactKind, DocumentKind
from accounts.errors import DomainError
from accounts.folding import fold_arabic
from accounts.models import Contact, Governorate, Person, User
from accounts.scoping.reach import reaches_person
from accounts.services.contacts import ContactOfAnother, normalize_email, owners_of, record_contact
from accounts.services.duplicates import have_candidates
from accounts.services.first_logins import make_logins
from accounts.services.guardians import age_obstacles
from accounts.services.identity_documents import Identity, find_many
from accounts.services.names import check_arabic_name
from accounts.services.national_number import parse_national_number
from accounts.services.people import BornInTheFuture, OwnRecord, PersonFacts, correct_person
from accounts.services.phones import normalize_phone
from accounts.services.registering import Newcomer, register_many
from courses.enums import ImportKind
from courses.imports.cells import date_of
from courses.imports.errors import (
    BirthDateDiffers,
    CheckDigitUnfit,
    EducationUnknown,
    GovernorateUnknown,
    LineDiffers,
    MaybeOnRecord,
    NameDiffers,
    NameNotFull,
    NoLoginMade,
    RegisterDiffers,
    RegisteredElsewhere,
    SameAsLine,
    SameNameAsLine,
    SexDiffers,
    SexUnknown,
    SharedWithLine,
    ValueMissing,
)
from courses.imports.tables import Line
from courses.imports.words import EDUCATIONS, SEXES
from courses.models import ImportRun
from courses.services.imported_lines import (
    LineReader,
    Outcome,
    Remark,
    born_of,
    governorates,
    is_unfit,
    key_of,
)


@dataclass(frozen=True, eq=False)
class _Trainee:
    """A line that can be read."""

    line: int
    identity: Identity
    name: str
    # Of `Person`, without what the line leaves empty.
    facts: dict[str, Any] = field(default_factory=dict)
    contacts: dict[ContactKind, str] = field(default_factory=dict)

    @property
    def digest(self) -> int:
        """The same for lines that say the same."""
        facts = tuple((name, str(value)) for name, value in self.facts.items())
        return hash((fold_arabic(self.name), facts, tuple(self.contacts.items())))


class TraineeImporter:
    def __init__(self, *, run: ImportRun, by: User) -> None:
        self.run, self.center, self.by = run, run.center, by
        self.governorates = governorates()
        # Of the lines before, by half a fingerprint: their number, what they say, and who has a contact.
        self._lines: dict[int, int] = {}
        self._digests: dict[int, int] = {}
        self._contacts: dict[str, int] = {}
        self._names: dict[tuple[str, dt.date | None], int] = {}

    def remember(self, lines: list[Line]) -> None:
        self._readable(lines, Outcome())

    def do(self, lines: list[Line], *, writes: bool) -> Outcome:
        outcome = Outcome()
        trainees = self._readable(lines, outcome)
        documents = find_many(trainee.identity for trainee in trainees)
        known = [one for one in trainees if one.identity in documents]
        new = [one for one in trainees if one.identity not in documents]
        owners = {kind: self._owners(kind, trainees) for kind in ContactKind}
        newcomers = self._examined(new, owners, outcome)
        people = {one.identity: documents[one.identity].person for one in known}
        mended, same = self._compared(known, people, owners, outcome)
        numbers = self._numbers_for_logins(newcomers, [*mended, *same], people, outcome)
        if writes:
            registered = register_many(
                [self._newcomer(one) for one in newcomers], by=self.by, source=self.run.file_name
            )
            for trainee, (facts, contacts) in mended.items():
                self._mend(people[trainee.identity], facts, contacts)
            people |= {one.identity: person for one, person in zip(newcomers, registered, strict=True)}
            phones = {people[one.identity]: number for one, number in numbers.items()}
            make_logins(phones, by=self.by, source=self.run.file_name)
        changed = {*mended, *(one for one in same if one in numbers)}
        outcome.created += len(newcomers)
        outcome.changed += len(changed)
        outcome.unchanged += len(same) - (len(changed) - len(mended))
        return outcome

    # Reading

    def _readable(self, lines: list[Line], outcome: Outcome) -> list[_Trainee]:
        """Those of the lines that can be read and are the first of their person."""
        first = []
        for line in lines:
            trainee, faults = self._read(line)
            if trainee is None:
                outcome.faulty += 1
                outcome.remarks += faults
                continue
            key, digest = key_of(trainee.identity), trainee.digest
            if key not in self._lines:
                self._lines[key], self._digests[key] = line.number, digest
                if self._is_alone_in_name(trainee, outcome) and self._shares_no_contact(
                    trainee, key, outcome
                ):
                    first.append(trainee)
            elif self._digests[key] == digest:
                outcome.unchanged += 1
                same = SameAsLine(line=self._lines[key])
                outcome.remarks.append(Remark(line.number, "", same, is_fault=False))
            else:
                outcome.faulty += 1
                outcome.remarks.append(Remark(line.number, "", LineDiffers(line=self._lines[key])))
        return first

    def _is_alone_in_name(self, trainee: _Trainee, outcome: Outcome) -> bool:
        """Whether no line before has this name and date of birth: a list that tries numbers for one person has."""
        born = born_of(trainee.identity) or trainee.facts.get("birth_date")
        first = self._names.setdefault((fold_arabic(trainee.name), born), trainee.line)
        if first == trainee.line:
            return True
        outcome.faulty += 1
        outcome.remarks.append(Remark(trainee.line, "full_name_ar", SameNameAsLine(line=first)))
        return False

    def _shares_no_contact(self, trainee: _Trainee, key: int, outcome: Outcome) -> bool:
        """Whether no line before gives its number or address to another person."""
        shared = False
        for kind, value in trainee.contacts.items():
            owner = self._contacts.setdefault(value, key)
            if owner != key:
                shared = True
                error = SharedWithLine(line=self._lines[owner])
                outcome.remarks.append(Remark(trainee.line, str(kind), error))
        outcome.faulty += shared
        return not shared

    def _read(self, line: Line) -> tuple[_Trainee | None, list[Remark]]:
        reader = LineReader(line, ImportKind.TRAINEES)
        identity = reader.identity()
        name = reader.text("full_name_ar", is_needed=True)
        if name:
            _check_name(reader, name)
        facts: dict[str, Any] = {
            "full_name_en": reader.text("full_name_en"),
            "birth_date": reader.read("birth_date", date_of, None),
            "sex": reader.choice("sex", SEXES, SexUnknown()),
            "residence_governorate": self._governorate(reader),
            "education": reader.choice("education", EDUCATIONS, EducationUnknown()),
        }
        _compare_with_number(reader, identity, facts)
        contacts = {
            ContactKind.PHONE: reader.parsed("phone", normalize_phone),
            ContactKind.EMAIL: reader.parsed("email", normalize_email),
        }
        if identity is None or reader.faults:
            return None, reader.faults
        given = {field: value for field, value in facts.items() if value}
        reached = {kind: value for kind, value in contacts.items() if value}
        return _Trainee(line.number, identity, name, given, reached), []

    def _governorate(self, reader: LineReader) -> Governorate | None:
        text = reader.text("governorate")
        governorate = self.governorates.get(fold_arabic(text))
        if text and governorate is None:
            reader.fault("governorate", GovernorateUnknown())
        return governorate

    # Deciding

    def _owners(self, kind: ContactKind, trainees: list[_Trainee]) -> dict[str, set[int]]:
        values = {one.contacts[kind] for one in trainees if kind in one.contacts}
        return owners_of(kind, values) if values else {}

    def _of_another(self, owners: set[int]) -> ContactOfAnother:
        here = Person.objects.filter(pk__in=owners, registered_at=self.center)
        return ContactOfAnother() if here.exists() else ContactOfAnother(elsewhere=True)

    def _examined(
        self, new: list[_Trainee], owners: dict[ContactKind, dict[str, set[int]]], outcome: Outcome
    ) -> list[_Trainee]:
        """Those who are not on record, as far as can be known."""
        asked = [
            (one.name, born_of(one.identity) or one.facts.get("birth_date"), one.identity.kind) for one in new
        ]
        alike = have_candidates(asked) if asked else set()
        examined = []
        for place, trainee in enumerate(new):
            faults = [
                Remark(trainee.line, str(kind), self._of_another(owners[kind][value]))
                for kind, value in trainee.contacts.items()
                if owners[kind].get(value)
            ]
            if place in alike:
                faults.append(Remark(trainee.line, "full_name_ar", MaybeOnRecord()))
            if faults:
                outcome.faulty += 1
                outcome.remarks += faults
            else:
                examined.append(trainee)
                if is_unfit(trainee.identity):
                    remark = Remark(trainee.line, "national_number", CheckDigitUnfit(), is_fault=False)
                    outcome.remarks.append(remark)
        return examined

    def _compared(
        self,
        known: list[_Trainee],
        people: dict[Identity, Person],
        owners: dict[ContactKind, dict[str, set[int]]],
        outcome: Outcome,
    ) -> tuple[dict[_Trainee, tuple[dict[str, Any], dict[ContactKind, str]]], list[_Trainee]]:
        """What is missing on record about people of this center, and of whom nothing is; another value there is a fault."""
        current: dict[tuple[int, str], str] = {}
        contacts = Contact.objects.current().filter(person__in=[person.pk for person in people.values()])
        for person_id, kind, value in contacts.values_list("person", "kind", "value"):
            current[person_id, kind] = value
        mended: dict[_Trainee, tuple[dict[str, Any], dict[ContactKind, str]]] = {}
        same = []
        for trainee in known:
            person = people[trainee.identity]
            if person.registered_at_id != self.center.pk:
                outcome.faulty += 1
                outcome.remarks.append(Remark(trainee.line, "", RegisteredElsewhere(elsewhere=True)))
                continue
            missing, faults = _missing_facts(trainee, person)
            more = self._missing_contacts(trainee, person, current, owners, faults)
            if (missing or more) and person.pk in self.run.brought_by:
                faults.append(Remark(trainee.line, "", OwnRecord()))
            if faults:
                outcome.faulty += 1
                outcome.remarks += faults
            elif missing or more:
                mended[trainee] = (missing, more)
            else:
                same.append(trainee)
        return mended, same

    def _missing_contacts(
        self,
        trainee: _Trainee,
        person: Person,
        current: dict[tuple[int, str], str],
        owners: dict[ContactKind, dict[str, set[int]]],
        faults: list[Remark],
    ) -> dict[ContactKind, str]:
        missing: dict[ContactKind, str] = {}
        for kind, value in trainee.contacts.items():
            present = current.get((person.pk, kind))
            if present is None and (others := owners[kind].get(value, set()) - {person.pk}):
                faults.append(Remark(trainee.line, str(kind), self._of_another(others)))
            elif present is None:
                missing[kind] = value
            elif present != value:
                faults.append(Remark(trainee.line, str(kind), RegisterDiffers()))
        return missing

    def _numbers_for_logins(
        self,
        newcomers: list[_Trainee],
        known: list[_Trainee],
        people: dict[Identity, Person],
        outcome: Outcome,
    ) -> dict[_Trainee, str]:
        """By which number each gets a login, where the list makes logins: one that is theirs alone and that no login has.

        People on record only where `by` might give them a first login by hand.
        """
        if not self.run.makes_logins:
            return {}
        keys = [people[one.identity].pk for one in known]
        have = set(User.objects.filter(person__in=keys).values_list("person", flat=True))
        own = Contact.objects.current().filter(person__in=keys, kind=ContactKind.PHONE)
        recorded = dict(own.filter(is_shared=False, is_disputed=False).values_list("person", "value"))
        shared = set(own.values_list("person", flat=True)) - set(recorded)
        without = [one for one in known if people[one.identity].pk not in have]
        asked = newcomers + [one for one in without if reaches_person(self.by, people[one.identity])]
        numbers: dict[_Trainee, str] = {}
        for one in asked:
            pk = people[one.identity].pk if one.identity in people else None
            typed = "" if pk in shared else one.contacts.get(ContactKind.PHONE, "")
            numbers[one] = recorded.get(pk, typed) if pk else typed
        alone = self._too_young(list(numbers), people)
        taken = set(User.objects.filter(phone__in=numbers.values()).values_list("phone", flat=True))
        free = {
            one: number
            for one, number in numbers.items()
            if number and number not in taken and one not in alone
        }
        outcome.remarks += [
            Remark(one.line, "" if one in alone else "phone", alone.get(one) or NoLoginMade(), is_fault=False)
            for one in numbers
            if one not in free
        ]
        return free

    def _too_young(
        self, asked: list[_Trainee], people: dict[Identity, Person]
    ) -> dict[_Trainee, DomainError]:
        """Who gets no login before a guardian agreed at the desk. The date of birth of a newcomer is that of the line."""
        born = {one: born_of(one.identity) or one.facts.get("birth_date") for one in asked}
        records = {
            one: people.get(one.identity) or Person(pk=-place, birth_date=born[one])
            for place, one in enumerate(asked, 1)
        }
        for one, person in records.items():
            person.birth_date = person.birth_date or born[one]
        obstacles = age_obstacles(records.values(), timezone.localdate())
        return {one: obstacles[person.pk] for one, person in records.items() if person.pk in obstacles}

    # Writing

    def _newcomer(self, trainee: _Trainee) -> Newcomer:
        facts: PersonFacts = {"full_name_ar": trainee.name, "registered_at": self.center, **trainee.facts}  # type: ignore[typeddict-item]
        return Newcomer(facts, trainee.identity, trainee.contacts)

    def _mend(self, person: Person, facts: dict[str, Any], contacts: dict[ContactKind, str]) -> None:
        if facts:
            correct_person(person_id=person.pk, by=self.by, **facts)
        for kind, value in contacts.items():
            record_contact(person_id=person.pk, kind=kind, value=value, by=self.by)


def _missing_facts(trainee: _Trainee, person: Person) -> tuple[dict[str, Any], list[Remark]]:
    faults: list[Remark] = []
    # A name typed without its last part is the same name.
    if not f"{person.folded_name} ".startswith(f"{fold_arabic(trainee.name)} "):
        faults.append(Remark(trainee.line, "full_name_ar", NameDiffers()))
    missing = {}
    for name, value in trainee.facts.items():
        present = getattr(person, name)
        if not present:
            missing[name] = value
        elif present != value and not (isinstance(value, str) and fold_arabic(present) == fold_arabic(value)):
            column = "governorate" if name == "residence_governorate" else name
            faults.append(Remark(trainee.line, column, RegisterDiffers()))
    return missing, faults


def _check_name(reader: LineReader, name: str) -> None:
    try:
        check_arabic_name(name, is_exact=False)
    except DomainError:
        # Its own words are for the holder of the name.
        reader.fault("full_name_ar", NameNotFull())


def _compare_with_number(reader: LineReader, identity: Identity | None, facts: dict[str, Any]) -> None:
    today = timezone.localdate()
    if facts["birth_date"] and facts["birth_date"] > today:
        reader.fault("birth_date", BornInTheFuture())
    if identity is None:
        return
    if identity.kind != DocumentKind.NATIONAL_ID:
        if not facts["birth_date"] and not reader.line.cells.get("birth_date"):
            reader.fault("birth_date", ValueMissing())
        return
    read = parse_national_number(identity.number, today=today)
    if facts["birth_date"] and facts["birth_date"] != read.birth_date:
        reader.fault("birth_date", BirthDateDiffers())
    if facts["sex"] and facts["sex"] != read.sex:
        reader.fault("sex", SexDiffers())
