"""Erasing a person: who was erased, why no one may be, two who decide; triggers let words go in the transaction that erases."""

from pathlib import Path

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

SQL = (Path(__file__).parent / "sql" / "erased_words.sql").read_text(encoding="utf-8")
DROP = """
    DROP TRIGGER personnote_never_deleted ON accounts_personnote;
    CREATE TRIGGER personnote_never_deleted BEFORE DELETE ON accounts_personnote
        FOR EACH ROW EXECUTE FUNCTION accounts_audit_refuse();
    DROP TRIGGER mergedrow_immutable ON accounts_mergedrow;
    CREATE TRIGGER mergedrow_immutable BEFORE UPDATE OR DELETE ON accounts_mergedrow
        FOR EACH ROW EXECUTE FUNCTION accounts_audit_refuse();
    DROP TRIGGER personmerge_only_undone ON accounts_personmerge;
    CREATE TRIGGER personmerge_only_undone BEFORE UPDATE ON accounts_personmerge
        FOR EACH ROW EXECUTE FUNCTION accounts_merge_is_only_undone();
    DROP FUNCTION accounts_login_is_being_erased, accounts_merge_is_being_erased, accounts_is_being_erased;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0020_proofs_of_people_and_numbers'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='datarequest',
            name='data_request_open_once',
        ),
        migrations.RemoveConstraint(
            model_name='datarequest',
            name='data_request_decided_with_an_answer',
        ),
        migrations.AddField(
            model_name='datarequest',
            name='filed_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken down by'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='proposed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='first decision at'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='proposed_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='first decision by'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='public_id',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name='person',
            name='erased_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='erased at'),
        ),
        migrations.AddField(
            model_name='person',
            name='legal_hold',
            field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='legal hold'),
        ),
        migrations.AlterField(
            model_name='datarequest',
            name='state',
            field=models.CharField(choices=[('open', 'waiting for an answer'), ('planned', 'waiting for a second decision'), ('done', 'done'), ('refused', 'refused')], default='open', editable=False, max_length=7, verbose_name='state'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('open', 'planned'))), fields=('person', 'kind'), name='data_request_open_once'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state__in', ('open', 'planned'))), models.Q(models.Q(('state__in', ('open', 'planned')), _negated=True), ('decided_at__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='data_request_decided_with_an_answer'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'planned'), _negated=True), models.Q(('kind', 'erase'), ('proposed_at__isnull', False), ('proposed_by__isnull', False)), _connector='OR'), name='data_request_proposed_by_a_person'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('erased_at', None), models.Q(('birth_date', None), ('folded_name', ''), ('full_name_ar', ''), ('full_name_en', ''), ('guardian', None)), _connector='OR'), name='person_erased_has_no_name'),
        ),
        migrations.RunSQL(SQL, DROP),
    ]
