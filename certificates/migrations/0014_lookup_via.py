from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("certificates", "0013_share_links_and_passports")]

    operations = [
        migrations.AddField(
            "lookup",
            "via",
            models.CharField(
                choices=[("code", "a code"), ("file", "a file"), ("list", "a list of codes")],
                default="code",
                max_length=4,
                verbose_name="asked by",
            ),
        ),
        migrations.AlterField(
            "lookup",
            "result",
            models.CharField(
                choices=[
                    ("valid", "valid"),
                    ("expired", "expired"),
                    ("suspended", "suspended"),
                    ("revoked", "revoked"),
                    ("replaced", "replaced"),
                    ("unknown", "no such certificate"),
                    ("malformed", "not a certificate code"),
                    ("altered", "changed after it was sealed"),
                    ("foreign", "not a file of ours"),
                ],
                max_length=10,
                verbose_name="result",
            ),
        ),
    ]
