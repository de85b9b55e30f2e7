"""Errors about pages, reviews and content versions."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class CourseNotYours(DomainError):
    message = _("You may not write lessons in this course.")


class PageNotYours(DomainError):
    message = _("This page belongs to another center or to the ministry.")


class AlreadySubmitted(DomainError):
    message = _("This page is already waiting for its review.")


class ReviewOver(DomainError):
    message = _("This review is over: the page was published, returned, taken back or changed meanwhile.")


class OwnDraft(DomainError):
    message = _("You wrote a part of this draft. Another user who may publish here decides about it.")


class FactsNeedTheMinistry(DomainError):
    message = _(
        "This draft puts a program online, or changes its title, code, level, hours or occupation. Certificates print them, so an"
        " officer of the ministry publishes it."
    )


class CommentMissing(DomainError):
    message = _("Say what has to change. The writer reads it.")


class NotOnline(DomainError):
    message = _("This page is not online.")


class FrontPageStays(DomainError):
    message = _("This is the front page of the site. Without it every address would be missing, so it stays.")


class InfoStays(DomainError):
    message = _("Every page of the site links to this text, so it stays online. Change its words instead.")


class CohortsLearn(DomainError):
    message = _("%(count)s running cohorts learn from this page. Ask the ministry to take it offline.")


class ContentUnchanged(DomainError):
    message = _("Nothing was published since: the cohort has the newest content.")


class NoCohortToCorrect(DomainError):
    message = _(
        "Every open or running cohort already has what is published of this unit, or does not study it."
    )


class KeptOffline(DomainError):
    message = _(
        "The ministry took this page offline. It reviews and publishes it; your draft waits for it there."
    )
