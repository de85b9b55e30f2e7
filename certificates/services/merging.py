"""What a merge of two records of one person does with certificates (`accounts.services.merge_rules`).

A certificate and a skills passport say what they said. Whose record they belong to follows the merge: wallet, share links, prerequisites
and notices ask for the holder, and would have to ask for every merged record otherwise. A trigger allows it only together with
the row of the merge that says so.
"""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.models import MergedRow, Person, PersonMerge
from accounts.services.merge_rules import register_merge_guard, register_undo_guard, rows_move, rows_stay
from certificates.enums import ProposalState
from certificates.models import Credential, LegacyPaper, Passport, ProposalRow, ShareLink
from courses.models import Enrollment


class BeingCertified(DomainError):
    message = _(
        "A certificate of “%(person)s” waits for its approval. Merge, or undo a merge, after that proposal is decided or sent back."
    )


class CertifiedSince(DomainError):
    message = _(
        "Since the merge, certificate %(number)s was issued for an enrollment that would go back to the other record, and it stays with this"
        " one. Revoke it first if it is wrong."
    )


rows_move(Credential, "holder")
rows_move(Passport, "holder")
rows_move(ShareLink, "holder")
rows_move(LegacyPaper)
rows_stay(
    ProposalRow, because="Decided proposals never change, and while one is open neither record is merged."
)


def _waiting(*records: Person) -> DomainError | None:
    open_rows = ProposalRow.objects.filter(person__in=records, proposal__state=ProposalState.PROPOSED)
    row = open_rows.select_related("person").first()
    return BeingCertified(person=row.person.name) if row else None


@register_merge_guard
def being_certified(kept: Person, duplicate: Person) -> DomainError | None:
    return _waiting(kept, duplicate)


@register_undo_guard
def being_certified_since(merge: PersonMerge) -> DomainError | None:
    return _waiting(merge.kept)


@register_undo_guard
def certified_since(merge: PersonMerge) -> DomainError | None:
    moved = MergedRow.objects.filter(merge=merge, model=Enrollment._meta.label_lower)
    came_along = MergedRow.objects.filter(merge=merge, model=Credential._meta.label_lower)
    since = Credential.objects.filter(holder=merge.kept, enrollment__in=moved.values("row"))
    issued = since.exclude(pk__in=came_along.values("row")).first()
    return CertifiedSince(number=issued.number) if issued else None
