"""Imports staff: person, login and role of each line, by the services that make them by hand, which guard them.

A login has no password. Its holder sets one by a mail to the address of the login, by a code to its number, or with a temporary one, for which one
colleague asks and which another one gives.
"""

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from django.db import transaction

from accounts.enums import Act, ContactKind, DocumentKind, MembershipScope, RoleName
from accounts.errors import DomainError
from accounts.folding import fold_arabic
from accounts.models import Center, Contact, Governorate, Membership, Person, User
from accounts.scoping import may, may_everywhere
from accounts.scoping.reach import is_known_to, reaches_person
from accounts.services.contacts import ContactOfAnother, is_of_another, normalize_email, record_contact
from accounts.services.duplicates import have_candidates
from accounts.services.identity_documents import (
    Identity,
    find_many,
    register_national_id,
    register_passport,
)
from accounts.services.logins import LoginTaken, create_login
from accounts.services.memberships import (
    HolderNotCompared,
    MadeByYou,
    OwnRole,
    RoleOutOfReach,
    RolesConflict,
    RoleTakesTwo,
    give_role,
)
from accounts.services.names import check_arabic_name, is_same_name
from accounts.services.people import register_person
from accounts.services.phones import normalize_phone
from courses.enums import ImportKind
from courses.imports.errors import (
    ContactMissing,
    LineDiffers,
    LoginClosed,
    MaybeOnRecord,
    NameDiffers,
    NameNotFull,
    PlaceUnknown,
    RegisterDiffers,
    RoleNeedsTwo,
    RolesClash,
    RoleUnknown,
    RoleWasEnded,
    SameAsLine,
    StaffElsewhere,
)
from courses.imports.tables import Line
from courses.imports.words import PLACES, ROLES
from courses.models import ImportRun
from courses.services.imported_lines import (
    LineReader,
    Outcome,
    Remark,
    born_of,
    code_key,
    governorates,
    key_of,
)


class Place(NamedTuple):
    """Where a role is given."""

    scope: MembershipScope
    center: Center | None = None
    governorate: Governorate | None = None


@dataclass(frozen=True)
class _Member:
    """A line that can be read."""

    line: int
    identity: Identity
    name: str
    role: RoleName
    place: Place
    contacts: dict[ContactKind, str] = field(default_factory=dict)

    @property
    def digest(self) -> int:
        """The same for lines that say the same."""
        return hash((fold_arabic(self.name), tuple(self.contacts.items())))


class _Became(Enum):
    """What became of a line."""

    CREATED = auto()
    CHANGED = auto()
    UNCHANGED = auto()


class _Refused(Exception):
    """A fault of a line in one of its columns, "" for the whole line. Undoes what the line has written so far."""

    def __init__(self, column: str, error: DomainError) -> None:
        super().__init__(column)
        self.column, self.error = column, error


class StaffImporter:
    def __init__(self, *, run: ImportRun, by: User) -> None:
        self.run, self.by = run, by
        self.centers = {code_key(center.code): center for center in Center.objects.all()}
        self.governorates = governorates()
        # Of the lines before, by person, role and place: their number, and what else they say.
        self._lines: dict[int, tuple[int, int]] = {}

    def remember(self, lines: list[Line]) -> None:
        self._readable(lines, Outcome())

    def do(self, lines: list[Line], *, writes: bool) -> Outcome:
        """The check does what the import does, and takes it back: these lists are short, and their rules many."""
        outcome = Outcome()
        with transaction.atomic():
            for member in self._readable(lines, outcome):
                self._do_one(member, outcome)
            transaction.set_rollback(not writes)
        return outcome

    def _do_one(self, member: _Member, outcome: Outcome) -> None:
        try:
            with transaction.atomic():
                became = self._settled(member)
        except _Refused as refused:
            outcome.faulty += 1
            outcome.remarks.append(Remark(member.line, refused.column, refused.error))
        else:
            outcome.created += became == _Became.CREATED
            outcome.changed += became == _Became.CHANGED
            outcome.unchanged += became == _Became.UNCHANGED

    # Reading

    def _readable(self, lines: list[Line], outcome: Outcome) -> list[_Member]:
        """Those of the lines that can be read and are the first to give their person this role in this place."""
        first = []
        for line in lines:
            member, faults = self._read(line)
            if member is None:
                outcome.faulty += 1
                outcome.remarks += faults
                continue
            key = hash((key_of(member.identity), member.role, _key_of_place(member.place)))
            before, digest = self._lines.setdefault(key, (member.line, member.digest))
            if before == member.line:
                first.append(member)
            elif digest == member.digest:
                outcome.unchanged += 1
                outcome.remarks.append(Remark(member.line, "", SameAsLine(line=before), is_fault=False))
            else:
                outcome.faulty += 1
                outcome.remarks.append(Remark(member.line, "", LineDiffers(line=before)))
        return first

    def _read(self, line: Line) -> tuple[_Member | None, list[Remark]]:
        reader = LineReader(line, ImportKind.STAFF)
        identity = reader.identity()
        name = reader.text("full_name_ar", is_needed=True)
        if name and not _is_full(name):
            reader.fault("full_name_ar", NameNotFull())
        role = reader.choice("role", ROLES, RoleUnknown(), is_needed=True)
        place = self._place(reader)
        contacts = {
            ContactKind.PHONE: reader.parsed("phone", normalize_phone),
            ContactKind.EMAIL: reader.parsed("email", normalize_email),
        }
        given = {kind: value for kind, value in contacts.items() if value}
        if not given and not reader.faults:
            reader.fault("phone", ContactMissing())
        if reader.faults or identity is None or role is None or place is None:
            return None, reader.faults
        return _Member(line.number, identity, name, role, place, given), []

    def _place(self, reader: LineReader) -> Place | None:
        text = reader.text("place")
        if not text:
            return Place(MembershipScope.CENTER, center=self.run.center)
        if PLACES.choice_of(text):
            return Place(MembershipScope.MINISTRY)
        if center := self.centers.get(code_key(text)):
            return Place(MembershipScope.CENTER, center=center)
        if governorate := self.governorates.get(fold_arabic(text)):
            return Place(MembershipScope.GOVERNORATE, governorate=governorate)
        reader.fault("place", PlaceUnknown())
        return None

    # Writing

    def _settled(self, member: _Member) -> _Became:
        """Make what is missing of person, login and role. Raises `_Refused`."""
        document = find_many([member.identity]).get(member.identity)
        person = document.person if document else self._registered(member)
        user = self._login(person, member) if document else None
        is_new = user is None
        if user is None:
            user = self._created_login(person, member)
        elif not user.is_active:
            raise _Refused("", LoginClosed())
        roles = Membership.objects.own().filter(user=user, role=member.role, **member.place._asdict())
        if roles.current().exists():
            return _Became.UNCHANGED
        if roles.exists():
            raise _Refused("role", RoleWasEnded())
        self._give(user, member)
        return _Became.CREATED if is_new else _Became.CHANGED

    def _registered(self, member: _Member) -> Person:
        center = member.place.center
        registers = may(self.by, Act.MANAGE_PEOPLE, on=center) if center else self._is_of_ministry()
        if not registers:
            raise _Refused("place", RoleOutOfReach())
        if have_candidates([(member.name, born_of(member.identity), member.identity.kind)]):
            raise _Refused("full_name_ar", MaybeOnRecord())
        person = register_person(full_name_ar=member.name, registered_at=center, by=self.by)
        number, country = member.identity.number, member.identity.country
        if member.identity.kind == DocumentKind.NATIONAL_ID:
            register_national_id(person_id=person.pk, number=number, by=self.by)
        else:
            register_passport(person_id=person.pk, number=number, country=country, by=self.by)
        return person

    def _is_of_ministry(self) -> bool:
        return may_everywhere(self.by, Act.MANAGE_PEOPLE)

    def _login(self, person: Person, member: _Member) -> User | None:
        """The login of a person on record; None where there is none and `by` may give one."""
        if person.pk in self.run.brought_by:
            raise _Refused("", OwnRole())
        user = User.objects.filter(person=person).first()
        if not (reaches_person(self.by, person) if user is None else is_known_to(self.by, user)):
            raise _Refused("", StaffElsewhere(elsewhere=True))
        if not is_same_name(member.name, person.full_name_ar):
            raise _Refused("full_name_ar", NameDiffers())
        present = dict(Contact.objects.current().filter(person=person).values_list("kind", "value"))
        logs_in_by = {ContactKind.PHONE: user.phone, ContactKind.EMAIL: user.email} if user else {}
        for kind, value in member.contacts.items():
            known = {present.get(kind), logs_in_by.get(kind)} - {None}
            if known and value not in known:
                raise _Refused(str(kind), RegisterDiffers())
        return user

    def _created_login(self, person: Person, member: _Member) -> User:
        for kind, value in member.contacts.items():
            if is_of_another(person_id=person.pk, kind=kind, value=value):
                raise _Refused(str(kind), ContactOfAnother())
            record_contact(person_id=person.pk, kind=kind, value=value, by=self.by)
        try:
            return create_login(
                phone=member.contacts.get(ContactKind.PHONE, ""),
                email=member.contacts.get(ContactKind.EMAIL, ""),
                person=person,
                by=self.by,
            )
        except LoginTaken as taken:
            raise _Refused("", taken) from taken

    def _give(self, user: User, member: _Member) -> None:
        try:
            give_role(
                user_id=user.pk,
                role=member.role,
                scope=member.place.scope,
                center=member.place.center,
                governorate=member.place.governorate,
                by=self.by,
            )
        except (HolderNotCompared, MadeByYou, RoleTakesTwo) as error:
            raise _Refused("role", RoleNeedsTwo()) from error
        except RolesConflict as error:
            raise _Refused("role", RolesClash()) from error
        except RoleOutOfReach as error:
            raise _Refused("role", error) from error


def _is_full(name: str) -> bool:
    try:
        check_arabic_name(name, is_exact=False)
    except DomainError:
        return False
    return True


def _key_of_place(place: Place) -> tuple[str, int | None, int | None]:
    return (
        place.scope,
        place.center.pk if place.center else None,
        place.governorate.pk if place.governorate else None,
    )
