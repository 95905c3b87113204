"""The rows of a case. Each noun has its room; all are had from here."""

from lianshang.cases.models.alerts import CaseAlert
from lianshang.cases.models.case import Case, CaseQuerySet
from lianshang.cases.models.catalogue import (
    CatalogueCoUnit,
    CatalogueEntry,
    CatalogueVersion,
    DispatchModel,
    DispatchSuggestion,
)
from lianshang.cases.models.complaints import Identity, Interest, Recusal, Saying, SplitCase
from lianshang.cases.models.course import CaseClock, CaseClockChange, CaseEvent
from lianshang.cases.models.documents import CaseDocument, DocumentForm, DocumentHead, DocumentKind, DocumentTemplate
from lianshang.cases.models.drafts import Draft, DraftRespondent, Sender, Source, WecomApp
from lianshang.cases.models.exports import ExportJob, LedgerExport
from lianshang.cases.models.files import CaseFile, ImportBatch
from lianshang.cases.models.import_jobs import ImportJob
from lianshang.cases.models.parts import Assignment, FirstHandler, Respondent
from lianshang.cases.models.phrases import Phrase
from lianshang.cases.models.saved_views import SavedView
from lianshang.cases.models.themes import Theme, ThemeCase, ThemeClock, ThemeClockChange, ThemeEvent, ThemeState

__all__ = [
    "Assignment",
    "Case",
    "CaseAlert",
    "CaseClock",
    "CaseClockChange",
    "CaseDocument",
    "CaseEvent",
    "CaseFile",
    "CaseQuerySet",
    "CatalogueCoUnit",
    "CatalogueEntry",
    "CatalogueVersion",
    "DispatchModel",
    "DispatchSuggestion",
    "DocumentForm",
    "DocumentHead",
    "DocumentKind",
    "DocumentTemplate",
    "Draft",
    "DraftRespondent",
    "ExportJob",
    "FirstHandler",
    "Identity",
    "ImportBatch",
    "ImportJob",
    "Interest",
    "LedgerExport",
    "Phrase",
    "Recusal",
    "Respondent",
    "SavedView",
    "Saying",
    "Sender",
    "Source",
    "SplitCase",
    "Theme",
    "ThemeCase",
    "ThemeClock",
    "ThemeClockChange",
    "ThemeEvent",
    "ThemeState",
    "WecomApp",
]
