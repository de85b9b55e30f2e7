"""Which published pages still ask what was corrected: kept as rows, as finding it means reading all that a page asks."""

from uuid import UUID

from django.conf import settings
from django.db import transaction

from assessment.models import KeyOnPage, QuestionVersion, QuizPage
from assessment.queries.compared_keys import has_same_key
from assessment.queries.regrades import corrections_that_count
from assessment.services.freezing import freeze_questions


@transaction.atomic
def find_keys_on_pages(quiz_key: UUID) -> int:
    """Write down which published pages of a quiz ask, as they are now, a question whose key was corrected; returns how many rows there are.

    A page in one language is compared by what its own readers are asked: where one language was published with another key, the pages are no
    longer one version, and the others go on with the old key. One query where none of its keys was corrected.
    """
    corrected = corrections_that_count().filter(version__question__quiz_key=quiz_key)
    by_version = dict(corrected.values_list("version", "pk"))
    known = KeyOnPage.objects.filter(correction__version__question__quiz_key=quiz_key)
    if not by_version:
        known.delete()
        return 0
    old = QuestionVersion.objects.in_bulk(by_version.keys())
    found = {
        (by_version[then.pk], page.pk)
        for page, versions in _asked_now(quiz_key).items()
        for now in versions
        for then in old.values()
        if has_same_key(now, then, language=page.locale.language_code)
    }
    there = {(row.correction_id, row.page_id): row.pk for row in known}
    KeyOnPage.objects.filter(pk__in=[pk for pair, pk in there.items() if pair not in found]).delete()
    KeyOnPage.objects.bulk_create(
        [KeyOnPage(correction_id=one, page_id=page) for one, page in sorted(found - there.keys())],
        ignore_conflicts=True,
    )
    return len(found)


def _asked_now(quiz_key: UUID) -> dict[QuizPage, list[QuestionVersion]]:
    """The versions that each published page of a quiz asks a new cohort."""
    rows = QuizPage.objects.live().filter(translation_key=quiz_key).select_related("locale")
    by_language = {page.locale.language_code: page for page in rows}
    # As `courses.queries.content.taught_in_languages`.
    order = sorted(by_language, key=lambda language: (language != settings.LANGUAGE_CODE, language))
    pages = {language: by_language[language] for language in order}
    asked = {
        page: {one.version for one in freeze_questions(pages, language=language)}
        for language, page in pages.items()
    }
    versions = QuestionVersion.objects.in_bulk(set().union(*asked.values()))
    return {page: [versions[key] for key in keys] for page, keys in asked.items()}
