"""The rows of a case. Each noun has its room; all are had from here."""

from lianshang.cases.models.case import Case, CaseQuerySet
from lianshang.cases.models.course import CaseClock, CaseClockChange, CaseEvent
from lianshang.cases.models.drafts import Draft, Sender, Source, WecomApp
from lianshang.cases.models.files import CaseFile, ImportBatch
from lianshang.cases.models.import_jobs import ImportJob
from lianshang.cases.models.parts import Assignment, FirstHandler, Respondent

__all__ = [
    "Assignment",
    "Case",
    "CaseClock",
    "CaseClockChange",
    "CaseEvent",
    "CaseFile",
    "CaseQuerySet",
    "Draft",
    "FirstHandler",
    "ImportBatch",
    "ImportJob",
    "Respondent",
    "Sender",
    "Source",
    "WecomApp",
]
