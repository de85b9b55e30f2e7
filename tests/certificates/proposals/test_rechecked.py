"""A script that shares no code with the issue of papers finds those that differ from the rows behind them."""

import json

import pytest
from django.db import connection

from accounts.enums import RoleName
from certificates.models import Credential
from courses.enums import CohortState
from scripts.recheck_papers import PAPERS, recheck
from tests.database_owner import trigger_disabled
from tests.factories.accounts import staff_member
from tests.factories.certificates import approved, completed_enrollment, corrected, proposed_for
from tests.factories.courses import CohortFactory, corrected_facts

pytestmark = pytest.mark.django_db


def rechecked() -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute(PAPERS, [20])
        rows = cursor.fetchall()
    # Django leaves JSON of its connections as text.
    return recheck(
        (number, json.loads(claims), kind, json.loads(facts), *place)
        for number, claims, kind, facts, *place in rows
    )


def test_twenty_papers_agree_with_their_rows_and_a_changed_one_is_named():
    cohorts = [CohortFactory(state=CohortState.CLOSED) for _number in range(2)]
    papers = []
    for cohort in cohorts:
        for _number in range(10):
            completed_enrollment(cohort)
        papers += approved(proposed_for(cohort))
        cohort.program.title, cohort.program.hours = "أخصائي", 900
        cohort.program.save()
    corrected_facts(cohorts[0], hours=130)
    papers[0].holder.full_name_ar = "منى السيد عبد الرحمن علي"
    papers[0].holder.save()
    corrected(papers[0], by=staff_member(RoleName.CENTER_MANAGER, cohorts[0].center))

    agreed = rechecked()
    with trigger_disabled("certificates_credential"):
        Credential.objects.filter(pk=papers[3].pk).update(claims={**papers[3].claims, "hours": 900})

    assert agreed == {"checked": 20, "differ": {}}
    assert rechecked()["differ"] == {papers[3].number: ["hours"]}
