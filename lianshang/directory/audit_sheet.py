"""The audit records as a workbook."""

import io
from collections.abc import Iterable
from datetime import tzinfo

import xlsxwriter

from lianshang.directory.models import AuditRecord

COLUMNS = (("时间", 18), ("类别", 14), ("谁", 10), ("涉及谁", 10), ("做了什么", 60), ("用途", 40))


def workbook(rows: Iterable[AuditRecord], zone: tzinfo) -> bytes:
    """Return the rows as .xlsx: text is text, whatever sign it opens with; times in the park's zone."""
    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(kept, options) as book:
        sheet = book.add_worksheet("审计记录")
        head, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for place, (heading, width) in enumerate(COLUMNS):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, heading, head)
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(rows, 1):
            sheet.write_datetime(line, 0, row.at.astimezone(zone).replace(tzinfo=None), moment)
            words = (row.get_kind_display(), str(row.person or ""), str(row.about or ""), row.what, row.purpose)
            for place, word in enumerate(words, 1):
                sheet.write_string(line, place, word)
    return kept.getvalue()
