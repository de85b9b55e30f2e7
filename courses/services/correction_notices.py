"""Notices to trainees about urgent corrections of what they study: written in batches, sent like all others."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext

from accounts.services.notices import Letter, send_due
from accounts.services.short_messages import fits
from courses.enums import CohortState, EnrollmentState
from courses.models import CorrectionAnnouncement, CorrectionNotice, Enrollment, UrgentCorrection

ROWS_AT_ONCE = 500
# Of one run of the task: the next one goes on after the last batch that was committed.
BATCHES_AT_ONCE = 40
# Characters of a title in a short message.
TITLE_CHARACTERS = 60


def write_correction_notices() -> int:
    """Write a notice to each trainee whom a correction reached, in batches. Returns how many.

    Safe with concurrent workers, and to end after any batch: who has a notice gets no other.
    """
    written = 0
    for _batch in range(BATCHES_AT_ONCE):
        count = _write_batch()
        if count is None:
            break
        written += count
    return written


@transaction.atomic
def _write_batch() -> int | None:
    """Write the next notices of the oldest correction that is not told yet; None where all are, or another worker writes."""
    open_ones = CorrectionAnnouncement.objects.select_for_update(skip_locked=True, of=("self",))
    announcement = open_ones.filter(finished_at=None).select_related("correction").first()
    if announcement is None:
        return None
    reached = _enrollments_under(announcement.correction).filter(pk__gt=announcement.reached)
    rows = list(reached.order_by("pk").values_list("pk", "person")[:ROWS_AT_ONCE])
    CorrectionNotice.objects.bulk_create(
        [
            CorrectionNotice(correction=announcement.correction, person_id=person)
            for person in dict.fromkeys(person for _key, person in rows)
        ],
        # A person may study in two cohorts with this content.
        ignore_conflicts=True,
    )
    if rows:
        announcement.reached = rows[-1][0]
    if len(rows) < ROWS_AT_ONCE:
        announcement.finished_at = timezone.now()
    announcement.save(update_fields=["reached", "finished_at"])
    return len(rows)


def _enrollments_under(correction: UrgentCorrection) -> QuerySet[Enrollment]:
    """Who studies the content that was corrected."""
    active = Enrollment.objects.filter(state=EnrollmentState.ACTIVE)
    return active.filter(cohort__content_version=correction.version_id).exclude(
        cohort__state=CohortState.CLOSED
    )


def send_correction_notices(*, at_most: int = 500) -> int:
    """Send what is due, one letter to a person. Returns how many people were written to."""
    notices = CorrectionNotice.objects.select_related("correction").order_by("pk")
    return send_due(notices, is_still_true=_is_still_true, letter=_letter, at_most=at_most)


def _is_still_true(notice: CorrectionNotice) -> bool:
    return _enrollments_under(notice.correction).filter(person=notice.person_id).exists()


def _letter(notices: Sequence[CorrectionNotice]) -> Letter:
    # One act corrects each version that cohorts are taught: the person reads it once.
    once = {(one.unit_key, one.note): one for one in (notice.correction for notice in notices)}
    address = f"{settings.SITE_URL}{reverse('courses:my_learning')}"
    lines = [_line(correction) for correction in once.values()]
    return Letter(
        subject=gettext("A lesson or test of yours was corrected"),
        body="\n\n".join([*lines, gettext("Your courses: %(address)s") % {"address": address}]),
        on_site="\n\n".join(lines),
        link=address,
        text=_text(list(once.values()), address),
    )


def _line(correction: UrgentCorrection) -> str:
    facts = {"title": _title(correction), "note": correction.note}
    if correction.after is None:
        return gettext("“%(title)s” was taken out of your course: %(note)s") % facts
    return gettext("“%(title)s” was corrected: %(note)s") % facts


def _text(corrections: Sequence[UrgentCorrection], address: str) -> str:
    """The short message. The note is on the page of the unit."""
    if len(corrections) == 1:
        title = Truncator(_title(corrections[0])).chars(TITLE_CHARACTERS)
        facts = {"title": title, "address": address}
        if corrections[0].after is None:
            said = gettext("“%(title)s” was taken out of your course. %(address)s") % facts
        else:
            said = gettext("“%(title)s” of your course was corrected. Read it again: %(address)s") % facts
        if fits(said):
            return said
    return gettext("Lessons of your course were corrected. Read them again: %(address)s") % {
        "address": address
    }


def _title(correction: UrgentCorrection) -> str:
    """In the active language, else the source's."""
    entry = correction.after or correction.before
    return str(entry.get("titles", {}).get(get_language() or "", entry["title"]))
