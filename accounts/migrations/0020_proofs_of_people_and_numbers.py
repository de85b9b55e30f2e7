from django.db import migrations, models
from django.db.models import CharField, Exists, OuterRef, Subquery
from django.db.models.functions import Cast


def mark_what_the_trail_knows(apps, _schema_editor):
    """Who signed up alone and proved nothing since, and which numbers had a check digit that does not fit."""
    entries = apps.get_model("wagtailcore", "ModelLogEntry").objects.filter(
        object_id=Cast(OuterRef("pk"), CharField()), content_type__app_label="accounts"
    )
    people, documents = apps.get_model("accounts", "Person"), apps.get_model("accounts", "IdentityDocument")
    contacts = apps.get_model("accounts", "Contact").objects
    alone = entries.filter(action="accounts.person.register", user=None, content_type__model="person")
    proved = contacts.filter(person=OuterRef("pk"), until=None).exclude(proved_how="")
    cards = documents.objects.filter(person=OuterRef("pk"))
    people.objects.filter(
        Exists(alone), ~Exists(proved), ~Exists(cards), user__isnull=False, merged_into=None
    ).update(is_unproved=True)
    # The last entry: a number may have been corrected.
    last = entries.filter(
        action__in=("accounts.identity_document.register", "accounts.identity_document.correct"),
        content_type__model="identitydocument",
    ).order_by("-timestamp", "-pk")
    unfit = documents.objects.annotate(fits=Subquery(last.values("data__check_digit_fits")[:1])).filter(fits=False)
    documents.objects.filter(pk__in=list(unfit.values_list("pk", flat=True))).update(is_suspect=True)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0019_hands_behind_logins'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='is_taken',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('is_taken', True)), fields=['person'], name='contact_taken'),
        ),
        migrations.AddField(
            model_name='identitydocument',
            name='is_suspect',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='may be mistyped'),
        ),
        migrations.AddField(
            model_name='person',
            name='is_unproved',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.RunPython(mark_what_the_trail_knows, migrations.RunPython.noop),
    ]
