"""Errors about seats, holds and waiting lists."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class SeatsBelowTaken(DomainError):
    message = _("%(taken)s seats are already taken or held. The cohort cannot have fewer seats than that.")


class ReservedAboveSeats(DomainError):
    message = _("A cohort cannot reserve more seats than it has.")


class CohortFull(DomainError):
    message = _("No seats are left in this cohort. Choose another one.")


class PersonGone(DomainError):
    message = _(
        "This record was merged with another one of the same person, or erased, a moment ago. Look the person up again."
    )


class UnprovedSeatsTaken(DomainError):
    message = _(
        "The seats for people whom the center has not seen yet are taken. Confirm your number by a code on your account page, or go to the center "
        "with your identity card: then you can have a seat."
    )


class StaffGivesSeats(DomainError):
    message = _("The center gives the seats of this cohort. Ask there.")


class HoldInThePast(DomainError):
    message = _("Keep the seat until a time that is still to come.")


class HoldTooLong(DomainError):
    message = _("This cohort gives seats until %(date)s. Keep the seat until then at most.")


class SeatAlreadyHeld(DomainError):
    message = _("A seat in this cohort is already kept for this person.")


class HoldEnded(DomainError):
    message = _("This seat is no longer kept.")


class AlreadyWaiting(DomainError):
    message = _("This person is already on the waiting list.")


class SeatsLeft(DomainError):
    message = _("A seat is free now: take it instead of waiting.")


class NotOnWaitingList(DomainError):
    message = _("This person is no longer on the waiting list.")
