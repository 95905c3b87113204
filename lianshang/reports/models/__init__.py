"""The rows of reports, by noun: texts that were checked and what people taught the checker; briefings and their templates."""

from lianshang.reports.models.articles import Article, Binding
from lianshang.reports.models.briefings import Briefing, BriefingFigure, BriefingTemplate

__all__ = ["Article", "Binding", "Briefing", "BriefingFigure", "BriefingTemplate"]
