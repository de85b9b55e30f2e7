"""Checks papers against the rows behind them: `python -m scripts.recheck_papers [how many]`. The last line is JSON; it ends 1 where one differs.

It shares no code with what issues them: SQL alone, over papers chosen at random. Renewals are left out, which repeat the claims of a paper
before them, and so are papers whose name alone was corrected.
"""

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

import psycopg

PAPERS = """
SELECT credential.number, credential.claims, kind.code, facts.facts, cohort.code, cohort.starts_on::text
FROM certificates_credential credential
JOIN certificates_credentialtype kind ON kind.id = credential.type_id
JOIN certificates_proposal proposal ON proposal.id = credential.proposal_id
JOIN courses_enrollment enrollment ON enrollment.id = credential.enrollment_id
JOIN courses_cohort cohort ON cohort.id = enrollment.cohort_id
JOIN LATERAL (
    SELECT fixed.facts FROM courses_cohortfacts fixed
    WHERE fixed.cohort_id = cohort.id AND fixed.state = 'accepted'
      AND (fixed.number = 1 OR coalesce(fixed.decided_at, fixed.at) <= proposal.proposed_at)
    ORDER BY fixed.number DESC LIMIT 1
) facts ON true
WHERE credential.source = 'issued' AND credential.renews_id IS NULL AND proposal.correction <> 'name_corrected'
ORDER BY random() LIMIT %s
"""


def differences(
    claims: dict[str, Any], kind: str, facts: dict[str, Any], cohort: str, starts_on: str
) -> list[str]:
    """The names of claims that are not what the rows say."""
    expected = {name: fact for name, fact in facts.items() if name != "types"}
    if named := facts.get("types", {}).get(kind):
        expected |= {"type_ar": named["name_ar"], "type_en": named["name_en"]}
    expected |= {"cohort": cohort, "starts_on": starts_on}
    return [name for name, fact in expected.items() if claims.get(name) != fact]


def recheck(rows: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    checked, wrong = 0, {}
    for number, claims, kind, facts, cohort, starts_on in rows:
        checked += 1
        if found := differences(claims, kind, facts, cohort, starts_on):
            wrong[number] = found
    return {"checked": checked, "differ": wrong}


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        result = recheck(database.execute(PAPERS, [asked]))
    print(json.dumps(result, ensure_ascii=False))
    sys.exit(1 if result["differ"] else 0)
