"""Errors about kinds of certificates, their rules and their designs."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class NoIssuingRule(DomainError):
    message = _("“%(type)s” has no rule of issuing yet. The ministry writes one first.")


class TypeNotActive(DomainError):
    message = _("“%(type)s” may no longer be proposed.")


class TemplateNotPublished(DomainError):
    message = _("The template “%(template)s” is not published. Publish it, then propose.")


class TemplateWithdrawn(DomainError):
    message = _(
        "The template “%(template)s” is no longer published. Publish it again, or send the proposal back."
    )


class RuleAsksNothing(DomainError):
    message = _(
        "A rule of issuing that asks for nothing gives a certificate to everybody on the list, also to those who were never there. Ask"
        " for completing the program, for attendance or for hours, or name the certificate that it is based on."
    )


class NoEvidenceOfSkill(DomainError):
    message = _(
        "“%(type)s” says that a test was passed, so its rule needs a least mean score of the tests. The ministry sets it in “Rules of issuing”."
    )


class TemplateOfAnotherKind(DomainError):
    message = _(
        "The template “%(template)s” does not print “%(kind)s”. Choose another template, or add the kind to what it can print."
    )


class DesignChangedSinceShown(DomainError):
    message = _(
        "The template “%(template)s” or the visual identity was changed after you opened this page, so nothing was issued. Look at the certificate again, then approve."
    )


class DesignNoLongerPrintable(DomainError):
    message = _("The template “%(template)s” can no longer be printed: %(problem)s Correct it, then approve.")


class RowNoLongerPrintable(DomainError):
    message = _(
        "The template “%(template)s” has changed since the proposal, and the certificate of %(person)s can no longer be"
        " printed in it. Send this row back, or correct the template."
    )


class TemplateListsNothing(DomainError):
    message = _(
        "A supplement lists units, and the template “%(template)s” has no list of units. Choose another one."
    )
