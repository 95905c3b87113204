"""Files on their way in and out hold personal data: the worker forgets them in time, whether anybody asks again or not."""

from datetime import datetime

from lianshang.cases.models import ExportJob, ImportJob
from lianshang.cases.models.exports import KEPT as EXPORTS_KEPT
from lianshang.cases.models.import_jobs import KEPT as IMPORTS_KEPT
from lianshang.directory.models import Park
from lianshang.kernel import outbox

LOOK = 900  # seconds


@outbox.every(LOOK)
def forget(park: Park, now: datetime) -> None:
    """Delete the park's jobs that are older than they are kept, file and all. The record of an export stays."""
    ExportJob.objects.filter(park=park, made_at__lt=now - EXPORTS_KEPT).delete()
    ImportJob.objects.filter(park=park, made_at__lt=now - IMPORTS_KEPT).delete()
