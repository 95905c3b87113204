from django.db import migrations, models

from lianshang.directory.models import Role


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_notices")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="decider",
            field=models.CharField(
                blank=True, choices=Role.choices, max_length=20, null=True, verbose_name="由谁决定"
            ),
        ),
    ]
