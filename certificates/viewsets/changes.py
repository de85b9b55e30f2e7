"""What the views of status changes share."""

from collections.abc import Iterator

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError
from certificates.services.statuses import Change


def followed(change: Change) -> Iterator[str]:
    """Messages about the changes of dependent certificates."""
    for dependents, sentence in (
        (change.revoked, _("Revoked with it: %(numbers)s.")),
        (change.suspended, _("Suspended until somebody decides: %(numbers)s.")),
        (change.reinstated, _("In force again with it: %(numbers)s.")),
    ):
        if dependents:
            yield sentence % {"numbers": _(", ").join(one.number for one in dependents)}


def complete[F: Form](form: F) -> F:
    """The same form, cleaned. Raises FormIncomplete."""
    if not form.is_valid():
        raise FormIncomplete
    return form


class FormIncomplete(DomainError):
    message = gettext_lazy("Fill in every field and choose a reason from the list.")
