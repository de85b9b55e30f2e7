from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0021_erasures'),
    ]

    operations = [
        migrations.AlterField(
            model_name='loginnotice',
            name='kind',
            field=models.CharField(choices=[('new_password', 'new password'), ('recovered', 'new password by a code'), ('emptied', 'password and sessions ended'), ('role_offer', 'offered role'), ('factor_added', 'second factor set up'), ('factor_gone', 'second factor removed'), ('linked', 'account of the identity provider linked'), ('sessions', 'sessions ended'), ('answered', 'request about data answered'), ('deputy', 'begin as a deputy'), ('deputy_gone', 'end as a deputy'), ('lends', 'a deputy begins'), ('lends_gone', 'a deputy ends'), ('work_taken', 'work of a colleague'), ('work_given', 'work handed over')], max_length=12, verbose_name='kind'),
        ),
    ]
