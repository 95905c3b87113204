from datetime import UTC, datetime

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
ONCE = {"fields": ("park", "clock", "rung", "due_at"), "name": "case_alert_once"}


def as_the_clocks_stand(apps, schema_editor):
    """What was told before is taken as told for the time at which its clock is due now: nothing is told twice."""
    clocks = apps.get_model("cases", "CaseClock").objects.filter(pk=OuterRef("clock"))
    apps.get_model("cases", "CaseAlert").objects.update(due_at=Subquery(clocks.values("due_at")[:1]))


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_undone_imports")]

    operations = [
        migrations.AddField(
            model_name="casealert",
            name="due_at",
            field=models.DateTimeField(default=UNKNOWN, verbose_name="到期"),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="casealert", name="case_alert_once"),
        migrations.AddConstraint(model_name="casealert", constraint=models.UniqueConstraint(**ONCE)),
        migrations.RunPython(as_the_clocks_stand, migrations.RunPython.noop),
    ]
