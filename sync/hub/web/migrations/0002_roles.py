import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_what_operators_may_do(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Whoever could sign in before there were roles could do everything."""
    using = editor.connection.alias
    group, _made = apps.get_model("auth", "Group").objects.using(using).get_or_create(
        name="diskominfo"
    )
    for operator in apps.get_model("web", "Operator").objects.using(using).all():
        operator.groups.add(group)


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0001_initial'),
        ('web', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='operator',
            name='office',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='operators', to='fleet.office'),
        ),
        migrations.RunPython(keep_what_operators_may_do, migrations.RunPython.noop),
    ]
