"""The weight of every page that a trainee opens, on a first view."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import Browser

from accounts.enums import ContactKind
from accounts.services.contacts import record_contact
from courses.enums import Shift
from courses.models import Enrollment
from courses.queries.outline import unit_address
from courses.services.cohorts import open_cohort
from courses.services.enrollments import enroll
from tests.browser_pages import PHONE, entered
from tests.bundles import bundle
from tests.courses.pages.conftest import School, open_catalog, taught_school
from tests.factories.accounts import CenterFactory, TraineeFactory, UserFactory
from tests.journey.weight import weigh
from tests.served_site import ON_SITE

pytestmark = [
    pytest.mark.browser("forty first views of pages as a browser loads them", nightly=True),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]
SIGNED_OUT = [
    "account_login",
    "account_signup",
    "account_recover",
    "account_reset_password",
    "courses:catalog",
    "courses:centers",
    "certificates:verify",
]
OWN = [
    "account",
    "account_sessions",
    "account_preferences",
    "account_messages",
    "account_photo",
    "account_prove_number",
    "account_change_password",
    "offers",
    "courses:my_learning",
    "certificates:mine",
    "certificates:links",
    "certificates:passports",
    "live:index",
]


def pages_of(school: School, enrollment: Enrollment) -> list[str]:
    """The pages of a program on the way to a seat, in it and out of it; the other cohort is full."""
    full = open_cohort(
        program_id=school.program.pk,
        center_id=CenterFactory(name_ar="مركز تدريب المعادي").pk,
        code="CAI-04-1",
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + dt.timedelta(days=30),
        shift=Shift.EVENING,
        seats=1,
        by=UserFactory(),
    )
    enroll(person_id=TraineeFactory().person_id, cohort_id=full.pk, by=UserFactory())
    return [
        school.program.get_url(),
        reverse("courses:enroll", args=[school.cohort.public_id]),
        reverse("courses:wait", args=[full.public_id]),
        reverse("courses:give_back", args=[enrollment.public_id]),
        unit_address(enrollment, school.read.translation_key),
    ]


def test_no_page_of_a_trainee_is_heavy(browser: Browser, site: str):
    with translation.override("ar"):
        bundle()
        school = taught_school(open_catalog())
        trainee = TraineeFactory()
        record_contact(
            person_id=trainee.person_id, kind=ContactKind.PHONE, value="+201012345678", by=UserFactory()
        )
        enrollment = enroll(person_id=trainee.person_id, cohort_id=school.cohort.pk, by=trainee)
        own = [*map(reverse, OWN), *pages_of(school, enrollment)]
        signed_out = [*map(reverse, SIGNED_OUT)]
    member = entered(browser, site, trainee, viewport=PHONE, locale="ar").new_page()
    visitor = browser.new_context(viewport=PHONE, locale="ar").new_page()

    weights = {path: weigh(member, site + path) for path in own}
    weights |= {path: weigh(visitor, site + path) for path in signed_out}
    for path, weight in weights.items():
        print(f"{weight.bytes_of() / 1000:6.1f} kB {len(weight):3} requests  {path}")

    assert {path: weight for path, weight in weights.items() if not weight.is_light} == {}
