from django.db import migrations

import sync.hub.sealed_text


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0008_names_not_left_behind'),
    ]

    operations = [
        migrations.AddField(
            model_name='lookup',
            name='case',
            field=sync.hub.sealed_text.SealedTextField(about='people.lookup.case', blank=True),
        ),
    ]
