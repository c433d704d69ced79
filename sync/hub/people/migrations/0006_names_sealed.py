from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import sync.hub.sealed_text

_ROWS_AT_ONCE = 1000
_SEALED = (("Subject", "label", True), ("LookUp", "reason", True), ("Printing", "reason", False))


def seal_texts(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for model, name, _ in _SEALED:
        rows = apps.get_model("people", model).objects.using(editor.connection.alias)
        drawn = []
        for row in rows.exclude(**{name: ""}).only("pk", name).iterator(_ROWS_AT_ONCE):
            row.sealed = getattr(row, name)
            drawn.append(row)
            if len(drawn) == _ROWS_AT_ONCE:
                rows.bulk_update(drawn, ["sealed"])
                drawn = []
        rows.bulk_update(drawn, ["sealed"])


def _added(model: str, name: str, *, is_blank: bool) -> migrations.AddField:
    about = f"people.{model.lower()}.{name}"
    field = sync.hub.sealed_text.SealedTextField(about=about, blank=is_blank, default=b"")
    return migrations.AddField(model, "sealed", field)


def _settled(model: str, name: str, *, is_blank: bool) -> migrations.AlterField:
    about = f"people.{model.lower()}.{name}"
    field = sync.hub.sealed_text.SealedTextField(about=about, blank=is_blank)
    return migrations.AlterField(model, name, field)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_cards_and_replacements'),
    ]

    operations = [
        *(_added(model, name, is_blank=is_blank) for model, name, is_blank in _SEALED),
        migrations.RunPython(seal_texts, migrations.RunPython.noop),
        *(migrations.RemoveField(model, name) for model, name, _ in _SEALED),
        *(migrations.RenameField(model, "sealed", name) for model, name, _ in _SEALED),
        *(_settled(model, name, is_blank=is_blank) for model, name, is_blank in _SEALED),
    ]
