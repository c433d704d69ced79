from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from sync.hub.privacy.append_only import guard, unguard


def put_up(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    guard(editor.connection)


def take_down(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    unguard(editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(put_up, take_down),
    ]
