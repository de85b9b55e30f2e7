"""A late text that a person counts becomes the answer before it is marked."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).parent / "sql"
NOW = (_SQL / "late_texts.sql").read_text(encoding="utf-8")
BEFORE = (_SQL / "late_texts_undone.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("assessment", "0025_reviews_of_corrections")]

    operations = [migrations.RunSQL(NOW, BEFORE)]
