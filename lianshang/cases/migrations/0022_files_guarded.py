"""Which file came with which step is never changed: it is in the history, and now the database refuses it too."""

from django.db import migrations

from lianshang.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("cases", "0021_sealed_names_nobody")]

    operations = [AppendOnly("cases_casefile")]
