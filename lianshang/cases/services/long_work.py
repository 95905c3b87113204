"""How much long work goes on at once: each piece is a process that may take gigabytes and an hour.

Somebody has one import or export under way, a park a few; whoever comes then is told so in words. What was not heard of
for long died with its process and does not count.
"""

from datetime import datetime

from django.db.models import Q

from lianshang.cases.models import ExportJob, ImportJob
from lianshang.cases.models.import_jobs import SILENCE
from lianshang.directory.models import Park, Person
from lianshang.kernel.refusals import Refused

MOST = 3  # of one park
BUSY = "您还有一件导入或导出没有做完。请等它做完再试，进度在“导入台账”和“导出记录”里。"
CROWDED = f"园区里已有 {MOST} 件导入、导出同时在做。请过几分钟再试。"
Job = ExportJob | ImportJob


def alone(park: Park) -> None:
    """Until the transaction ends nobody else of the park begins long work."""
    Park.objects.select_for_update(of=("self",), no_key=True).get(pk=park.pk)


def refuse_more(person: Person | None, *, at: datetime, but: Job | None = None) -> None:
    """Raise `Refused` where there is no room for a further piece beside those that run. Call after `alone`."""
    heard = Q(heard_at__gt=at - SILENCE)
    exports = ExportJob.objects.filter(heard, stage=ExportJob.Stage.WRITING)
    imports = ImportJob.objects.filter(heard, stage__in=ImportJob.RUNNING)
    found = [*exports.values_list("key", "made_by"), *imports.values_list("key", "made_by")]
    others = [maker for key, maker in found if but is None or key != but.key]
    if person is not None and person.pk in others:
        raise Refused(BUSY)
    if len(others) >= MOST:
        raise Refused(CROWDED)
