import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def name_the_login(apps, schema_editor):
    notices = apps.get_model("accounts", "LoginNotice").objects
    user = apps.get_model("accounts", "User").objects.filter(person=models.OuterRef("person"))
    notices.update(user=models.Subquery(user.values("pk")[:1]))
    # Of persons whose login is gone: there is no login to tell.
    notices.filter(user=None).delete()


def name_the_person(apps, schema_editor):
    notices = apps.get_model("accounts", "LoginNotice").objects
    notices.filter(user__person=None).delete()
    user = apps.get_model("accounts", "User").objects.filter(pk=models.OuterRef("user"))
    notices.update(person=models.Subquery(user.values("person")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_role_offers"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="loginnotice",
            name="user",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="login_notices", to=settings.AUTH_USER_MODEL, verbose_name="login"),
        ),
        migrations.AlterField(
            model_name="loginnotice",
            name="person",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.person"),
        ),
        migrations.RunPython(name_the_login, name_the_person),
        # PostgreSQL alters no table while constraints of its rows wait for the end of the transaction.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.RemoveField(model_name="loginnotice", name="person"),
        migrations.AlterField(
            model_name="loginnotice",
            name="user",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="login_notices", to=settings.AUTH_USER_MODEL, verbose_name="login"),
        ),
        migrations.AlterField(
            model_name="loginnotice",
            name="kind",
            field=models.CharField(choices=[("new_password", "new password"), ("role_offer", "offered role"), ("factor_added", "second factor set up"), ("factor_gone", "second factor removed"), ("linked", "account of the identity provider linked"), ("sessions", "sessions ended")], max_length=12, verbose_name="kind"),
        ),
        migrations.CreateModel(
            name="LoginSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_agent", models.CharField(blank=True, max_length=200)),
                ("address", models.GenericIPAddressField(null=True, verbose_name="address")),
                ("began_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                ("last_seen_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="last seen")),
                ("session", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sessions.session")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to=settings.AUTH_USER_MODEL, verbose_name="login")),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "ordering": ("-last_seen_at", "-pk"),
                "indexes": [models.Index(fields=["user", "-last_seen_at"], name="sessions_of_a_login")],
            },
        ),
    ]
