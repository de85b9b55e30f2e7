"""Errors about questions of the bank."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class QuestionUnderReview(DomainError):
    message = _("This question waits for its review. Take it back first, then change it.")


class QuestionWithdrawn(DomainError):
    message = _("This question is withdrawn. Put it in force again first.")


class NotWithdrawn(DomainError):
    message = _("This question is not withdrawn.")


class NotADraftQuestion(DomainError):
    message = _("There is no draft to submit. Change the question first.")


class NotUnderReview(DomainError):
    message = _("This question no longer waits for a review. Open its page again.")


class WrittenByYou(DomainError):
    message = _("You wrote this, or a colleague for whom you act. Somebody else has to decide about it.")


class ChangedMeanwhile(DomainError):
    message = _("The question was changed after you opened it. Nothing was published: read it again.")


class NothingToDiscard(DomainError):
    message = _("There is no draft next to a published version.")


class OnlyFromAFile(DomainError):
    message = _(
        "This question came from a file and has what this form cannot show. Import it again to change it."
    )


class NotItsAuthor(DomainError):
    message = _("Its author says that a question stays as it is, or who changed it last.")


class NothingNegative(DomainError):
    message = _(
        "This question waits for no one: it has a new version, is withdrawn, or it was said before that it stays."
    )


class NotToBeAsked(DomainError):
    message = _(
        "This page asks questions of the bank that are withdrawn, or belong to another center: %(questions)s. Take them out of the page, or "
        "choose others."
    )


class DrawTooLarge(DomainError):
    message = _(
        "A draw of this page takes %(asked)s questions of the bank. Of those that fit, so many are left for it: %(fitting)s. Draw fewer, "
        "choose other tags or another difficulty, or publish more questions first."
    )


class DraftHasFault(DomainError):
    message = _("This draft is not ready for a review. %(fault)s")
