import django.core.validators
import django.db.models.deletion
import sync.hub.octets
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0003_editions'),
        ('people', '0002_roster_and_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='PhoneLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', sync.hub.octets.OctetsField(max_length=32, unique=True)),
                ('pass_type', models.PositiveSmallIntegerField()),
                ('not_before', models.DateTimeField()),
                ('expires', models.DateTimeField()),
                ('unit', models.PositiveIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(65535)])),
                ('created_at', models.DateTimeField(db_index=True)),
                ('good_until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('holder', sync.hub.octets.OctetsField(default=b'', max_length=64)),
                ('text', models.TextField(default='')),
                ('issued', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='phone_links', to='people.pass')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phone_links', to='people.subject')),
            ],
        ),
        migrations.CreateModel(
            name='Registration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notice', models.PositiveSmallIntegerField()),
                ('agreed_at', models.DateTimeField(db_index=True)),
                ('name_until', models.DateTimeField(db_index=True, null=True)),
                ('door', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='fleet.door')),
                ('subject', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='registration', to='people.subject')),
            ],
        ),
    ]
