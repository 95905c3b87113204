from django.db import migrations, models
from django.db.models import Exists, OuterRef

CHOICES = [
    ("solved", "已解决"),
    ("partly", "部分解决"),
    ("explained", "解释说明"),
    ("not_accepted", "不予受理"),
    ("redirected", "导入法定途径"),
    ("withdrawn", "撤回"),
    ("merged", "并案"),
    ("terminated", "终止办理"),
    ("mistaken", "误录"),
    ("unstated", "历史补录"),
    ("undone", "导入已撤销"),
]


def tell_undone_apart(apps, schema_editor):
    """Cases whose last step undid their import were kept as mistakes; their events are history and stay as they are."""
    last = apps.get_model("cases", "CaseEvent").objects.filter(
        subject=OuterRef("pk"), ordinal=OuterRef("version"), verb="undo_import"
    )
    cases = apps.get_model("cases", "Case").objects
    cases.filter(Exists(last), close_type="mistaken").update(close_type="undone")


def as_before(apps, schema_editor):
    apps.get_model("cases", "Case").objects.filter(close_type="undone").update(close_type="mistaken")


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_themes")]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="close_type",
            field=models.CharField(blank=True, choices=CHOICES, max_length=12, verbose_name="办结类型"),
        ),
        migrations.AlterField(
            model_name="caseevent",
            name="close_type",
            field=models.CharField(blank=True, choices=CHOICES, max_length=12, verbose_name="办结类型"),
        ),
        migrations.RunPython(tell_undone_apart, as_before),
    ]
