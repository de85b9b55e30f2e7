"""Errors about appeals against marks."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class AppealTermOver(DomainError):
    message = _("The time to appeal is over: it is seven days from when you could read how it was marked.")


class AlreadyAppealed(DomainError):
    message = _("You have appealed against this mark. The answer is shown with the question.")


class AppealAnswered(DomainError):
    message = _("This appeal was answered meanwhile. Open its page again.")


class MarkedByYou(DomainError):
    message = _("You marked this answer, or a colleague for whom you act. Somebody else has to answer.")


class NotBetterMarked(DomainError):
    message = _("An appeal that is granted earns more points than before. Refuse it where the mark stays.")
