from django.db import migrations, models

from lianshang.cases.closure_guard import ClosureGuard
from lianshang.cases.models.case import NAMES_NOBODY
from lianshang.kernel.search import SearchIndex

REFUSAL = "投诉、举报的来件人身份另行保管，不写在诉求里。"


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_identities_locked_up")]

    operations = [
        migrations.RemoveField(model_name="case", name="split_from"),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(sealed=False) | NAMES_NOBODY,
                name="case_sealed_names_nobody",
                violation_error_message=REFUSAL,
            ),
        ),
        SearchIndex("cases_case"),
        ClosureGuard(),
    ]
