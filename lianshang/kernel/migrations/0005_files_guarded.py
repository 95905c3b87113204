"""Stored files are appended and never changed: they are in the history, and now the database refuses it too."""

from django.db import migrations

from lianshang.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_history")]

    operations = [AppendOnly("kernel_storedfile")]
