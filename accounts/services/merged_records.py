"""What a merge of two records does with the rows of this app: contacts, consents, documents, login, guardians, facts."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import ContactProof, DataRequestState, DocumentKind
from accounts.errors import DomainError
from accounts.models import (
    AuditEntry,
    Consent,
    Contact,
    DataRequest,
    DeclinedNotice,
    Delivery,
    Digest,
    DigestNotice,
    GatheredNotice,
    IdentityDocument,
    MergedRow,
    Person,
    PersonMerge,
    PersonNote,
    PersonPhoto,
    SiteNotice,
    User,
    ViewAs,
)
from accounts.models.data_requests import UNDECIDED
from accounts.services.contacts import written
from accounts.services.merge_rules import register_merge_guard, register_undo_guard, rows_move, rows_stay
from accounts.services.names import fold_names
from accounts.services.phones import readable_phone

# Written to the kept record where it has nothing.
FACTS = (
    "full_name_en",
    "birth_date",
    "sex",
    "residence_governorate",
    "education",
    "guardian",
    "registered_at",
)


class TwoNationalNumbers(DomainError):
    message = _(
        "The two records have different national numbers (ending in %(kept)s and %(duplicate)s), so they are two people, or one number was"
        " mistyped. Compare both cards. A mistyped number is corrected or taken out on the page of that person; then the records can be merged."
    )


class BothHaveLogins(DomainError):
    message = _(
        "Both records have a login, and only that of the record you keep goes on. First those who may close a login close “%(login)s”."
    )


class GuardianOfTheOther(DomainError):
    message = _("One is the guardian of the other, so they are two people. Correct the guardian first.")


class RequestsOpen(DomainError):
    message = _("Both records have the same request about data open. Answer one of them first.")


class ErasureDecided(DomainError):
    message = _(
        "One person has decided to erase the data of “%(person)s”, and a second one would erase what is merged with it. Decide that request first."
    )


class NumberGivenSince(DomainError):
    message = _(
        "Since the merge, %(value)s was recorded for another person. Record there that both use it, or another number; then undo."
    )


class Change(NamedTuple):
    """Fields of a row that a merge writes besides moving rows, and undoes together."""

    row: Model
    values: Mapping[str, Any]


def _of_purposes_not_asked(consents: QuerySet[Consent], kept: Person) -> QuerySet[Consent]:
    """What the kept record says of a purpose, yes or no, holds; what the other one says of it stays there as history."""
    asked = Consent.objects.filter(person=kept).values("purpose")
    return consents.exclude(purpose__in=asked)


def _where_none_is(logins: QuerySet[User], kept: Person) -> QuerySet[User]:
    return logins.none() if User.objects.filter(person=kept).exists() else logins


def _not_declined_yet(declined: QuerySet[DeclinedNotice], kept: Person) -> QuerySet[DeclinedNotice]:
    """What either record declined is declined."""
    same = DeclinedNotice.objects.filter(person=kept, topic=OuterRef("topic"), channel=OuterRef("channel"))
    return declined.exclude(Exists(same))


def _where_no_photo_is(photos: QuerySet[PersonPhoto], kept: Person) -> QuerySet[PersonPhoto]:
    return photos.none() if PersonPhoto.objects.filter(person=kept).exists() else photos


def _not_gathered_yet(gathered: QuerySet[GatheredNotice], kept: Person) -> QuerySet[GatheredNotice]:
    """What either record wants with the daily message comes with it."""
    same = GatheredNotice.objects.filter(person=kept, topic=OuterRef("topic"))
    return gathered.exclude(Exists(same))


def _where_no_digest_is(digests: QuerySet[Digest], kept: Person) -> QuerySet[Digest]:
    return digests.none() if Digest.objects.filter(person=kept).exists() else digests


def _of_other_runs(notices: QuerySet[DigestNotice], kept: Person) -> QuerySet[DigestNotice]:
    """A person gets one daily message at a time."""
    return notices.exclude(run__in=DigestNotice.objects.filter(person=kept).values("run"))


rows_move(Person, "guardian")
# Records that were merged into the second one before: they lead to the kept one at once.
rows_move(Person, "merged_into")
rows_move(IdentityDocument)
rows_move(Contact)
rows_move(Consent, only=_of_purposes_not_asked)
rows_move(DataRequest)
rows_move(Delivery)
rows_move(PersonNote)
rows_move(SiteNotice)
rows_move(ViewAs)
rows_move(DeclinedNotice, only=_not_declined_yet)
rows_move(GatheredNotice, only=_not_gathered_yet)
rows_move(Digest, only=_where_no_digest_is)
rows_move(DigestNotice, only=_of_other_runs)
rows_move(PersonPhoto, only=_where_no_photo_is)
# A closed login of the second record stays there where the kept one has a login, and is not opened again.
rows_move(User, only=_where_none_is)
rows_stay(
    AuditEntry,
    because="The trail is append-only and says what was known; the page of the kept record reads both.",
)
rows_stay(PersonMerge, "kept", because="Merges are history.")
rows_stay(PersonMerge, "duplicate", because="Merges are history.")


def name_of_login(login: User) -> str:
    """What its holder types to log in: both records may have the same name."""
    return login.username or readable_phone(login.phone or "") or login.email or ""


def login_owner(kept: Person, duplicate: Person) -> Person | None:
    """Whose login goes on."""
    owners = set(User.objects.filter(person__in=(kept, duplicate)).values_list("person", flat=True))
    return next((record for record in (kept, duplicate) if record.pk in owners), None)


def changes_to(kept: Person, duplicate: Person, now: dt.datetime) -> Iterator[Change]:
    """What is written before rows move."""
    yield from _facts_filled_in(kept, duplicate)
    yield from _contacts(kept, duplicate, now)
    yield from _consents(kept, duplicate)


def _facts_filled_in(kept: Person, duplicate: Person) -> Iterator[Change]:
    for name in FACTS:
        if not getattr(kept, name) and (value := getattr(duplicate, name)):
            folded = {"folded_name": fold_names(kept.full_name_ar, value)} if name == "full_name_en" else {}
            yield Change(kept, {name: value, **folded})


def _contacts(kept: Person, duplicate: Person, now: dt.datetime) -> Iterator[Change]:
    """The kept record's number and address go on, those of the other one end where there would be two of a kind.

    A proof by a code counts only with the login that typed the code: else a number of the one record would recover the login of the
    other (`number_recoveries`).
    """
    owner = login_owner(kept, duplicate)
    current = list(Contact.objects.current().filter(person__in=(kept, duplicate)).order_by("pk"))
    kinds_of_kept = {contact.kind for contact in current if contact.person_id == kept.pk}
    for contact in current:
        if contact.person_id == duplicate.pk and contact.kind in kinds_of_kept:
            yield Change(contact, {"until": now})
        if contact.proved_how == ContactProof.CODE and (owner is None or contact.person_id != owner.pk):
            yield Change(contact, {"proved_how": "", "proved_at": None})


def _consents(kept: Person, duplicate: Person) -> Iterator[Change]:
    """What was withdrawn for the second record after it was given for the kept one counts as withdrawn."""
    withdrawals = dict(
        Consent.objects.filter(person=duplicate, withdrawn_at__isnull=False)
        .order_by("withdrawn_at")
        .values_list("purpose", "withdrawn_at")
    )
    still_given = set(
        Consent.objects.filter(person=duplicate, withdrawn_at=None).values_list("purpose", flat=True)
    )
    for consent in Consent.objects.filter(person=kept, withdrawn_at=None):
        withdrawn_at = withdrawals.get(consent.purpose)
        if withdrawn_at and withdrawn_at > consent.given_at and consent.purpose not in still_given:
            yield Change(consent, {"withdrawn_at": withdrawn_at})


@register_merge_guard
def two_national_numbers(kept: Person, duplicate: Person) -> DomainError | None:
    cards = IdentityDocument.objects.filter(kind=DocumentKind.NATIONAL_ID)
    last = {
        record: cards.filter(person=record).values_list("last4", flat=True).first()
        for record in (kept, duplicate)
    }
    if not all(last.values()):
        return None
    return TwoNationalNumbers(kept=last[kept], duplicate=last[duplicate])


@register_merge_guard
def two_logins(kept: Person, duplicate: Person) -> DomainError | None:
    goes_on = User.objects.filter(person=kept)
    other = User.objects.filter(person=duplicate, is_active=True).first()
    return BothHaveLogins(login=name_of_login(other)) if other and goes_on.exists() else None


@register_merge_guard
def guardian_and_ward(kept: Person, duplicate: Person) -> DomainError | None:
    is_guardian = kept.guardian_id == duplicate.pk or duplicate.guardian_id == kept.pk
    return GuardianOfTheOther() if is_guardian else None


@register_merge_guard
def two_open_requests(kept: Person, duplicate: Person) -> DomainError | None:
    waiting = DataRequest.objects.filter(state__in=UNDECIDED)
    of_kept = waiting.filter(person=kept).values("kind")
    return RequestsOpen() if waiting.filter(person=duplicate, kind__in=of_kept).exists() else None


@register_merge_guard
def erasure_decided_by_one(kept: Person, duplicate: Person) -> DomainError | None:
    """The second of two decides about what the first one saw."""
    decided = DataRequest.objects.filter(person__in=(kept, duplicate), state=DataRequestState.PROPOSED)
    request = decided.select_related("person").first()
    return ErasureDecided(person=request.person.name) if request else None


@register_undo_guard
def number_of_another(merge: PersonMerge) -> DomainError | None:
    """A number that ended with the merge may have been given to another person since."""
    ended = MergedRow.objects.filter(merge=merge, model=Contact._meta.label_lower, after__has_key="until")
    mine = Contact.objects.filter(
        pk__in=ended.values("row"), until__isnull=False, is_shared=False, is_disputed=False
    )
    for contact in mine:
        others = Contact.objects.current().filter(
            kind=contact.kind, value=contact.value, is_shared=False, is_disputed=False
        )
        if others.exists():
            return NumberGivenSince(value=written(contact))
    return None
