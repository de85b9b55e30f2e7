"""Errors about decisions on attempts: ended by a supervisor, results held or void."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class AttemptNotOpen(DomainError):
    message = _("This attempt has ended already. Its result can be held.")


class AttemptNotHeld(DomainError):
    message = _("The result of this attempt is not held: hold it first, with the reason.")


class AttemptHeld(DomainError):
    message = _("The result of this attempt is held already, or the attempt is void.")


class AttemptVoid(DomainError):
    message = _("This attempt was declared void: its marks stay as they are.")


class HeldByYou(DomainError):
    message = _(
        "You held this result, or one whose deputy you are. That the attempt is void, a second person decides."
    )


class DecisionAboutOwn(DomainError):
    message = _("This is your own test, or that of one whose deputy you are. Somebody else decides about it.")


class DecisionAboutTaught(DomainError):
    message = _(
        "You taught this person, or one whose deputy you are did. You can hold the result; somebody else decides what becomes of it."
    )
