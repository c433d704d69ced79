from django.db import migrations, models

import sync.hub.sealed_text


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_names_sealed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Withdrawn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cti', sync.hub.sealed_text.SealedTextField(about='people.withdrawn.cti')),
                ('expires', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name_plural': 'withdrawn',
            },
        ),
    ]
