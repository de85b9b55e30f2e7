"""Errors about questions that come from files or go into them."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class QuestionsNotYours(DomainError):
    message = _("You may not write questions for this owner.")


class FileOfAnother(DomainError):
    message = _("Only the person who uploaded the file brings its questions in, as their author.")


class FileNotChecked(DomainError):
    message = _("This file is not checked, was brought in already, or is deleted. Upload it again.")


class NothingNewInFile(DomainError):
    message = _("This file has nothing new: every question is there already, or is left out.")


class FileOfQuestionsTooLarge(DomainError):
    message = _("The file is larger than %(megabytes)s MB. Divide it into several files.")


class TooManyToTakeOut(DomainError):
    message = _(
        "The list has more than %(questions)s questions, which is too many for one file. Narrow it by a tag, a kind or another filter."
    )


class TooLargeToTakeOut(DomainError):
    message = _(
        "The file would be larger than %(megabytes)s MB. Narrow the list by a tag, a kind or another filter."
    )
