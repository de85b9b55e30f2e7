"""When the national number of a person cannot change (`accounts.services.mistyped_numbers`).

A proposal states its last digits, and who approves it compares them. Certificates that are issued keep those they were issued with.
"""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.models import Person
from accounts.services.mistyped_numbers import register_number_guard
from certificates.enums import ProposalState
from certificates.models import ProposalRow


class IsBeingCertified(DomainError):
    message = _(
        "A certificate of “%(person)s” waits for its approval with the last digits of this number. Correct it after that proposal is decided"
        " or sent back."
    )


@register_number_guard
def is_being_certified(person: Person) -> DomainError | None:
    open_rows = ProposalRow.objects.filter(person=person, proposal__state=ProposalState.PROPOSED)
    return IsBeingCertified(person=person.name) if open_rows.exists() else None
