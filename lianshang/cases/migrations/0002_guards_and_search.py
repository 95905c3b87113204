from django.db import migrations

from lianshang.kernel.append_only import AppendOnly
from lianshang.kernel.search import SearchIndex


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        AppendOnly("cases_caseevent"),
        AppendOnly("cases_caseclockchange"),
        AppendOnly("cases_firsthandler"),
        SearchIndex("cases_case"),
    ]
