import django.core.validators
import django.db.models.deletion
import sync.hub.octets
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0005_board_settled_at'),
    ]

    operations = [
        migrations.CreateModel(
            name='SoftwareUpdate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=11, unique=True)),
                ('follows', models.CharField(max_length=11)),
                ('size_bytes', models.BigIntegerField()),
                ('sha256', sync.hub.octets.OctetsField(max_length=32)),
                ('published_at', models.DateTimeField()),
                ('percent', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100)])),
                ('is_paused', models.BooleanField(default=False)),
                ('offices', models.ManyToManyField(blank=True, to='fleet.office')),
            ],
        ),
        migrations.CreateModel(
            name='SoftwareUpdatePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', sync.hub.octets.OctetsField()),
                ('update', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='fleet.softwareupdate')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('update', 'number'), name='one_part_of_a_number')],
            },
        ),
    ]
