"""What of exams keeps a cohort open, and what its closing names."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import Center
from assessment.errors import ExamRuns
from tests.factories.accounts import MembershipFactory
from tests.factories.appeals import appealed
from tests.factories.assessment import quizzed_cohort
from tests.factories.courses import closed
from tests.factories.exams import running_sitting, sit, supervised_test
from tests.factories.regrades import marked_attempt

pytestmark = pytest.mark.django_db


def test_a_cohort_is_not_closed_while_somebody_sits_in_its_exam():
    quiz = supervised_test()
    cohort = quizzed_cohort(quiz)
    sit(running_sitting(cohort, quiz))
    client = Client()
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user)

    page = client.get(reverse("cohort:close", args=[cohort.pk])).text
    with pytest.raises(ExamRuns):
        closed(cohort)

    assert "هناك من يؤدي امتحانًا" in page
    assert 'name="is_confirmed"' not in page


def test_appeals_that_wait_are_named_before_the_closing(center: Center):
    cohort = appealed(marked_attempt(center)).attempt.enrollment.cohort
    client = Client()
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user)

    page = client.get(reverse("cohort:close", args=[cohort.pk])).text

    assert "تظلم واحد من درجة ينتظر الرد" in page
