"""Merges, the rows they changed and notes about people are append-only: a merge may be undone once, a note moves with a merge."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "merges_are_kept.sql").read_text(encoding="utf-8")
DROP = """
    DROP TRIGGER personmerge_never_deleted ON accounts_personmerge;
    DROP TRIGGER accounts_personmerge_never_emptied ON accounts_personmerge;
    DROP TRIGGER mergedrow_immutable ON accounts_mergedrow;
    DROP TRIGGER accounts_mergedrow_never_emptied ON accounts_mergedrow;
    DROP TRIGGER personnote_never_deleted ON accounts_personnote;
    DROP TRIGGER accounts_personnote_never_emptied ON accounts_personnote;
    DROP FUNCTION accounts_merge_is_only_undone, accounts_note_only_moves, accounts_moved_by_merge CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_merges_and_notes")]

    operations = [migrations.RunSQL(SQL, DROP)]
