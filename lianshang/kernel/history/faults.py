"""What `verify` finds, each named so that a person finds the row: park, subject, number, step."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from lianshang.kernel.events import Event
from lianshang.kernel.history.models import Leaf

SENTENCES = {
    "changed": "内容与写入时不符，被改过",
    "deleted": "写入过，现在没有了",
    "unvouched": "没有经过系统写入，是直接放进数据库的",
    "unpromised": "写入凭据不是本站出的",
    "misplaced": "在历史里的位置被改过",
    "blank": "历史里的一个位置对不上，对应的记录可能被删去了",
    "stored": "保存的树与记录不符，被改过",
    "head": "签过名的树根与记录不符",
    "chain": "签名的次序断了，有签名被删去或插入",
    "key": "签名不是本站密钥签的。换过密钥的，请把旧密钥写进 LIANSHANG_OLD_SECRET_KEYS",
    "gap": "经过的步数对不上，有步骤被删去或插入",
    "file": "附件的内容与摘要不符，或者文件不见了",
    "rolled_back": "见证记到的历史比数据库里的长，数据库被换回了旧的",
    "forked": "见证记的历史与数据库里的不同，历史被改写过",
    "stranger": "见证里有一行不是本站签的",
}


@dataclass(frozen=True)
class Fault:
    """`index`: the leaf where it shows, or the first that it may be; -1 where it has none."""

    kind: str
    index: int = -1
    park: str = ""
    subject: str = ""
    number: str = ""
    ordinal: int = 0
    table: str = ""
    row: int = 0

    @property
    def sentence(self) -> str:
        where = " ".join(one for one in (self.park, self.subject, self.number) if one)
        step = f" 第 {self.ordinal} 步" if self.ordinal else ""
        place = f"（第 {self.index} 叶）" if self.index >= 0 else ""
        return f"{where}{step}{place}：{SENTENCES[self.kind]}。".lstrip("：")


@dataclass
class Report:
    """What was looked at, and what is wrong: rows that can be named first, in the order of the history."""

    size: int = 0
    root: bytes = b""
    rows: int = 0
    blanks: int = 0
    waiting: int = 0
    late: int = 0
    checkpoints: int = 0
    files: int = 0
    witnessed: int = 0
    tables: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def settle(self) -> "Report":
        kinds = list(SENTENCES)
        self.faults.sort(key=lambda one: (one.row == 0, one.index < 0, one.index, kinds.index(one.kind), one.row))
        return self


def of_row(kind: str, ledger: str, row: int, index: int = -1, park: int = 0) -> Fault:
    """Return the fault of a row in words; what it points to may be gone, and the table may be none of ours."""
    model: Any = next((one for one in apps.get_models() if one._meta.label_lower == ledger), None)
    if model is None:
        return Fault(kind, index, park=_code(park), table=ledger, row=row, number=f"#{row}")
    found = QuerySet(model).filter(pk=row).first()
    fault = Fault(kind, index, _code(getattr(found, "park_id", 0) or park), str(model._meta.verbose_name), f"#{row}")
    fault = replace(fault, table=model._meta.label, row=row)
    if not isinstance(found, Event):
        return fault
    subjects: Any = model._meta.get_field("subject").related_model
    subject = QuerySet(subjects).filter(pk=found.subject_id).first()
    number = str(getattr(subject, "number", "") or f"#{found.subject_id}")
    return replace(fault, subject=str(subjects._meta.verbose_name), number=number, ordinal=found.ordinal)


def of_place(kind: str, index: int) -> Fault:
    """Return the fault of a leaf by its place; of the row that claims it, where one does."""
    found = QuerySet(Leaf).filter(index=index).first()
    return of_row(kind, found.ledger, found.row, index, found.park_id) if found else Fault(kind, index)


def of_subject(kind: str, subject: Any) -> Fault:
    number = str(getattr(subject, "number", "") or f"#{subject.pk}")
    words = {"subject": str(subject._meta.verbose_name), "table": subject._meta.label}
    return Fault(kind, park=_code(subject.park_id), number=number, row=subject.pk, **words)


def _code(park_id: int) -> str:
    parks: Any = Leaf._meta.get_field("park").related_model
    codes: Sequence[str] = parks.objects.filter(pk=park_id).values_list("code", flat=True)
    return codes[0] if codes else ""
