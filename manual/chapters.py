"""The pages of the manual in their order. A page is `pages/<language>/<slug>.md`."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str | Promise
    slugs: tuple[str, ...]


CHAPTERS = (
    Chapter(
        _("Start here"),
        (
            "first-cohort",
            "roles",
            "day-of-registrar",
            "day-of-instructor",
            "day-of-center-manager",
            "day-of-assessor",
            "day-of-certifying-officer",
            "home",
            "lists",
            "deputies",
        ),
    ),
    Chapter(
        _("Cohorts and attendance"),
        (
            "cohort-workspace",
            "attendance",
            "exams",
            "messages",
            "questions",
            "question-bank",
            "question-figures",
            "question-files",
            "marking-by-hand",
            "releases",
            "completion-rules",
            "live-obs",
        ),
    ),
    Chapter(_("People"), ("front-desk", "people", "accommodations", "import", "help", "complaints")),
    Chapter(
        _("Certificates"),
        (
            "certificates-issuing",
            "certificates-at-the-desk",
            "certificates-verification",
            "certificates-legacy",
            "certificates-designer",
        ),
    ),
    Chapter(_("Ministry"), ("figures", "corrected-keys", "audit")),
)
SLUGS = tuple(slug for chapter in CHAPTERS for slug in chapter.slugs)
