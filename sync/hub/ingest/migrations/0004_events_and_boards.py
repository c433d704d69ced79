import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_devices(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Say of each event whose it is, as its epoch does."""
    happening = apps.get_model("ingest", "Happening")
    epoch = apps.get_model("ingest", "Epoch")
    of_entry = epoch.objects.filter(entries__happening=models.OuterRef("pk")).values("device_id")
    happening.objects.update(device_id=models.Subquery(of_entry[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0005_board_settled_at'),
        ('ingest', '0003_gaps_and_tails'),
    ]

    operations = [
        migrations.AddField(
            model_name='epoch',
            name='board',
            field=models.CharField(blank=True, default='', max_length=100),
        ),
        migrations.AddField(
            model_name='happening',
            name='is_bad',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='happening',
            name='detail',
            field=models.CharField(blank=True, default='', max_length=100),
        ),
        migrations.AddField(
            model_name='happening',
            name='count',
            field=models.BigIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='happening',
            name='ago_s',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='happening',
            name='device',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='happenings', to='fleet.device'),
        ),
        migrations.RunPython(name_devices, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='happening',
            name='device',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='happenings', to='fleet.device'),
        ),
        migrations.AddIndex(
            model_name='happening',
            index=models.Index(fields=['device', '-id'], name='happenings_of_a_device'),
        ),
    ]
