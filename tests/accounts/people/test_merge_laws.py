"""Property: merging and undoing leave every row as it was, whatever the two records have."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import MergedRow, Person
from accounts.services.merge_rules import merge_rules
from accounts.services.merging import merge_people, undo_merge
from tests.accounts.people.merging import KINDS, Kind, Rows, logged_in, two_records, whole_database
from tests.factories.accounts import CenterFactory, UserFactory
from tests.hypothesis_budget import examples

# (kind, whether for the kept record, a number that varies the row)
rows = st.lists(st.tuples(st.sampled_from(KINDS), st.booleans(), st.integers(0, 5)), max_size=7)


@pytest.mark.django_db
@settings(
    max_examples=examples(0.1),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=rows, has_login=st.sampled_from(("none", "kept", "duplicate")))
def test_undoing_a_merge_restores_every_row(rows: list[tuple[Kind, bool, int]], has_login: str):
    with transaction.atomic():
        kept, duplicate = two_records(CenterFactory())
        by = UserFactory(is_superuser=True)
        for write, is_of_kept, number in rows:
            write(kept if is_of_kept else duplicate, number)
        if has_login != "none":
            logged_in(kept if has_login == "kept" else duplicate, 0)
        before = whole_database()

        merge = merge_people(keep_id=kept.pk, duplicate_id=duplicate.pk, reason="بطاقة واحدة", by=by)
        between = whole_database()
        undo_merge(merge_id=merge.pk, reason="شخصان", by=by)

        assert between.keys() == before.keys()
        assert _left_with(duplicate, between) == _that_stay(duplicate, before)
        assert whole_database() == before
        transaction.set_rollback(True)


def _left_with(record: Person, database: Rows) -> set[tuple[str, int]]:
    """Rows that refer to the record."""
    columns = [(rule.label, rule.model._meta.get_field(rule.field).column) for rule in merge_rules()]
    return {
        (label, key)
        for (label, key), row in database.items()
        for of_label, column in columns
        if label == of_label and row[column] == record.pk
    }


def _that_stay(record: Person, before: Rows) -> set[tuple[str, int]]:
    """Rows that referred to it and were not moved."""
    return _left_with(record, before) - set(MergedRow.objects.values_list("model", "row"))
