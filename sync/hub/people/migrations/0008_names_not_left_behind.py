from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def rewrite(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """A column that was dropped lies in the files until its table is written anew."""
    using = editor.connection.alias
    models = [apps.get_model("people", name) for name in ("Subject", "LookUp", "Printing")]
    if not any(model.objects.using(using).exists() for model in models):
        return
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            for model in models:
                cursor.execute(f"VACUUM (FULL, ANALYZE) {model._meta.db_table}")
        else:
            cursor.execute("VACUUM")


class Migration(migrations.Migration):

    # Neither database does it within a transaction.
    atomic = False

    dependencies = [
        ('people', '0007_withdrawn'),
    ]

    operations = [
        migrations.RunPython(rewrite, migrations.RunPython.noop),
    ]
