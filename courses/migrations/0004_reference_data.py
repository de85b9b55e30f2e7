"""The levels of skill that programs lead to."""

from django.db import migrations

# Decree 266/2025, lowest first.
LEVELS = (
    ("helper", "عامل مساعد", "assistant worker"),
    ("semi_skilled", "عامل نصف ماهر", "semi-skilled worker"),
    ("skilled", "عامل ماهر", "skilled worker"),
    ("technician", "فني", "technician"),
    ("specialist", "فني متخصص", "specialist technician"),
)


def write_levels(apps, _schema_editor):
    level = apps.get_model("courses", "SkillLevel")
    level.objects.bulk_create(
        level(code=code, order=order, name_ar=arabic, name_en=english)
        for order, (code, arabic, english) in enumerate(LEVELS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("courses", "0003_search_entries")]

    operations = [migrations.RunPython(write_levels, migrations.RunPython.noop)]
