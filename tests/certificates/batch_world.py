"""`python -m tests.certificates.batch_world COUNT`: an empty database becomes a batch of COUNT certificates being drawn.

Migrates, writes a cohort that has completed, proposes and approves it; the messages go to the broker of the
environment. Prints {"proposal", "seconds": {"propose", "approve"}, "peak_mb"}.
"""

import datetime as dt
import itertools
import json
import resource
import sys
import time

import django

if __name__ == "__main__":
    django.setup()

from django.core.management import call_command
from django.utils import timezone

from accounts.folding import fold_arabic
from accounts.models import Person
from certificates.models import Proposal
from courses.enums import EnrollmentState
from courses.models import Cohort, CompletionRule, Eligibility, Enrollment
from courses.services.completion import USUAL
from tests.factories.certificates import approved, proposed_for
from tests.factories.courses import CohortFactory

ROWS_AT_ONCE = 500
OWN = (
    "محمد",
    "محمود",
    "أحمد",
    "فاطمة",
    "مصطفى",
    "نورهان",
    "عبد الرحمن",
    "ياسمين",
    "كريم",
    "هبة الله",
    "طارق",
    "منى",
)
FATHERS = ("إبراهيم", "حسين", "عبد العزيز", "السيد", "جمال", "رمضان", "فتحي", "صلاح", "شعبان", "لطفي")
FAMILIES = ("الشربيني", "عبد الجواد", "المنشاوي", "أبو زيد", "الجوهري", "درويش", "سليمان", "القاضي", "بدوي")


def names(count: int) -> list[tuple[str, str]]:
    """Different names in both scripts, as many as asked for."""
    made = []
    for number, (own, father, grandfather, family) in enumerate(
        itertools.product(OWN, FATHERS, FATHERS, FAMILIES), start=1
    ):
        made.append((f"{own} {father} {grandfather} {family}", f"Trainee Number {number:05}"))
        if len(made) == count:
            return made
    raise ValueError(f"At most {number} names are known.")


def completed_cohort(people: int, **fields: object) -> Cohort:
    """A cohort of which everybody has completed, written in bulk."""
    cohort = CohortFactory(seats=people, **fields)
    rule, _created = CompletionRule.objects.get_or_create(
        program=cohort.program, version=1, defaults={"clauses": USUAL.as_list()}
    )
    now = timezone.now()
    written = Person.objects.bulk_create(
        (
            Person(
                full_name_ar=arabic,
                full_name_en=latin,
                folded_name=fold_arabic(arabic),
                registered_at=cohort.center,
                birth_date=dt.date(2000, 1, 1),
            )
            for arabic, latin in names(people)
        ),
        batch_size=ROWS_AT_ONCE,
    )
    enrollments = Enrollment.objects.bulk_create(
        (
            Enrollment(
                person=person,
                cohort=cohort,
                enrolled_at=now,
                state=EnrollmentState.COMPLETED,
                completed_at=now,
            )
            for person in written
        ),
        batch_size=ROWS_AT_ONCE,
    )
    evidence = {
        "units": {"done": 6, "required": 6, "missing": []},
        "attendance": {"percent": 92, "required": 75},
        "score": {"percent": "80.00", "required": 60},
    }
    Eligibility.objects.bulk_create(
        (
            Eligibility(enrollment=one, rule=rule, met=True, evidence=evidence, evaluated_at=now)
            for one in enrollments
        ),
        batch_size=ROWS_AT_ONCE,
    )
    return cohort


def proposed_cohort(people: int, **fields: object) -> Proposal:
    return proposed_for(completed_cohort(people, **fields))


def main() -> None:
    call_command("migrate", verbosity=0)
    cohort = completed_cohort(int(sys.argv[1]))
    started = time.perf_counter()
    proposal = proposed_for(cohort)
    proposed = time.perf_counter()
    approved(proposal)
    done = time.perf_counter()
    print(
        json.dumps(
            {
                "proposal": proposal.pk,
                "seconds": {"propose": round(proposed - started, 2), "approve": round(done - proposed, 2)},
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
