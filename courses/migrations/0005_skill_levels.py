"""Levels become rows. A program keeps the same code in the same column, and so do its old revisions."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

# Decree 266/2025, lowest first.
LEVELS = (
    ("helper", "عامل مساعد", "assistant worker"),
    ("semi_skilled", "عامل نصف ماهر", "semi-skilled worker"),
    ("skilled", "عامل ماهر", "skilled worker"),
    ("technician", "فني", "technician"),
    ("specialist", "فني متخصص", "specialist technician"),
)


def write_levels(apps, _schema_editor):
    apps.get_model("courses", "SkillLevel").objects.bulk_create(
        apps.get_model("courses", "SkillLevel")(code=code, order=order, name_ar=arabic, name_en=english)
        for order, (code, arabic, english) in enumerate(LEVELS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("courses", "0004_scheduling")]

    operations = [
        migrations.CreateModel(
            name="SkillLevel",
            fields=[
                (
                    "code",
                    models.CharField(
                        help_text="Stands in records and addresses, e.g. semi_skilled.",
                        max_length=20,
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9_]+\\Z", "Use small Latin letters, digits and underscores."
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        help_text="1 is the lowest level.", unique=True, verbose_name="order"
                    ),
                ),
                ("name_ar", models.CharField(max_length=60, verbose_name="Arabic name")),
                ("name_en", models.CharField(max_length=60, verbose_name="English name")),
            ],
            options={
                "verbose_name": "skill level",
                "verbose_name_plural": "skill levels",
                "ordering": ("order",),
            },
        ),
        migrations.RunPython(write_levels, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="programpage",
            name="level",
            field=models.ForeignKey(
                db_column="level",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="courses.skilllevel",
                verbose_name="level",
            ),
        ),
    ]
