from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0004_sites_and_roll_out'),
    ]

    operations = [
        migrations.AddField(
            model_name='device',
            name='board_settled_at',
            field=models.DateTimeField(null=True),
        ),
    ]
