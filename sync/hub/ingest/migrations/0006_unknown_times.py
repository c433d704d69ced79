from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ingest', '0005_changed'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(condition=models.Q(('time_ms__isnull', True)), fields=['door', 'upper_ms'], name='visits_of_unknown_time'),
        ),
    ]
