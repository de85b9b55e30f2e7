"""Entries of the logs have names in both languages."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_pictures_in_use")]

    operations = [
        migrations.AlterModelOptions(
            name="auditedmodellogentry",
            options={"verbose_name": "entry of the log", "verbose_name_plural": "entries of the log"},
        ),
        migrations.AlterModelOptions(
            name="auditedpagelogentry",
            options={
                "verbose_name": "entry of the log of pages",
                "verbose_name_plural": "entries of the log of pages",
            },
        ),
    ]
