"""Errors about accommodations in tests."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class NothingGiven(DomainError):
    message = _("Give something: more time, breaks, somebody who reads, or larger text.")


class BeyondTheMost(DomainError):
    message = _(
        "At most three times the time and %(minutes)s minutes of breaks can be given. Ask the ministry what else helps."
    )


class DaysInThePast(DomainError):
    message = _("The first day is today or later, and the last day is not before it.")


class AccommodationReasonMissing(DomainError):
    message = _("Write why, in a sentence. Only those who decide about it read it.")


class AlreadyGiven(DomainError):
    message = _(
        "Something else holds for this person on some of these days. End that first, or choose other days."
    )


class AccommodationEnded(DomainError):
    message = _("This was ended already.")


class NotToDecide(DomainError):
    message = _("Who registers people at a center where this person learns now decides about it.")


class BothHaveAccommodations(DomainError):
    message = _(
        "In tests, something holds for both records on the same days. End one of the two first: the one that gives less."
    )
