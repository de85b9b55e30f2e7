"""Hundreds of notices through a real gateway that reports, with a cap, a night and workers that are killed."""

from pathlib import Path

import pytest

from tests.accounts.deliveries.flood import faults_of, flood
from tests.factories.courses import CohortFactory

pytestmark = [
    pytest.mark.engines("a gateway, a site and workers that are killed"),
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize(
    "count",
    [
        100,
        pytest.param(200, marks=pytest.mark.engines("the same with more", nightly=True)),
        pytest.param(5_000, marks=pytest.mark.engines("the same with many", nightly=True)),
    ],
)
def test_every_message_is_known_and_none_is_doubled(tmp_path: Path, count: int):
    found = flood(count, folder=tmp_path / "kannel", cohort=CohortFactory(program__title="لحام القوس"))

    assert faults_of(found) == []
