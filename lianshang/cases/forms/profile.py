"""A mechanism profile as a form: every duty is a row, every class a column, and each cell says a limit in words."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from lianshang.cases import presets
from lianshang.cases.duties import DUTIES
from lianshang.cases.limit_phrases import NONE, phrase_of, words_of
from lianshang.kernel import profiles
from lianshang.kernel.numbers import whole
from lianshang.kernel.profile_sources import LARGEST_TEXT
from lianshang.kernel.profile_words import RECEIPT_WORDS
from lianshang.kernel.profiles import Profile, ProfileFaults, ProfileUnreadable

MISSING = {"required": "请填写这一项。"}
COUNTS = {  # section.key of the file: label, help
    "extension.times": ("延期次数", "一件最多延几次；不填就是没有规定"),
    "return.times": ("退单次数", "同一单位同一件最多几次"),
    "rework.times": ("重办次数", "再不解决就提级"),
    "callback.attempts": ("回访次数", "最多联系几次"),
}
SPANS = {
    "extension.at_most": ("每次延期不超过", "如 10 个工作日"),
    "extension.ask_before.latest": ("延期最迟在到期前多久申请", "如 1 个工作日"),
    "deferral.review_every": ("挂账多久复核一次", "如 30 天；与上表的挂账复核一致"),
    "deferral.at_most": ("挂账最长多久", "如 180 天；不填就是没有规定"),
}
SUGGESTIONS = (
    "1 个工作日", "2 个工作日", "5 个工作日", "15 个工作日", "2 个工作小时", "4 个工作小时", "1 小时", "2 小时",
    "当日", "承诺日期", "每月 20 日前", "主办期限前 2 个工作日，至少留 1 个工作日", "不计时",
)  # fmt: skip
EXAMPLES = "5 个工作日、2 小时、当日、承诺日期、每月 20 日前或不计时"
SECTIONS = ("extension", "return", "rework", "callback", "deferral")


class ProfileForm(forms.Form):
    """Begins from a profile and gives a new one in `self.profile`; what has no field here is carried over from it."""

    label = forms.CharField(label="名称", max_length=80, error_messages=MISSING)
    name = forms.CharField(label="代号", max_length=40, help_text="字母、数字、- 和 _", error_messages=MISSING)
    basis = forms.CharField(label="依据", max_length=200, required=False, help_text="会议纪要、文件名，一句话")
    receipt = forms.ChoiceField(label="休息日收到的", choices=list(RECEIPT_WORDS.items()))
    kinds = forms.CharField(
        label="限时类别", help_text="用顿号分开；新增的类别检查后出现在下面的表里", error_messages=MISSING
    )
    default_kind = forms.CharField(label="没有写明的按", error_messages=MISSING)
    urgencies = forms.CharField(label="紧急程度", help_text="用顿号分开", error_messages=MISSING)
    default_urgency = forms.CharField(label="没有写明的按", error_messages=MISSING)
    pauses = forms.CharField(
        label="停钟事由", required=False, widget=forms.Textarea(attrs={"rows": 6}), help_text="一行一个：事由 依据"
    )

    def __init__(self, start: Profile, data: Any = None) -> None:
        self.start = start
        self.document = profiles.to_document(start)
        self.profile: Profile | None = None
        super().__init__(data, initial=self._initial())
        self.columns = self._columns()
        for duty in DUTIES:
            for key, label in self.columns:
                self.fields[f"{duty}__{key}"] = _cell(f"{DUTIES[duty]}（{label}）", label)
        for path, (label, help_text) in (COUNTS | SPANS).items():
            self.fields[path] = forms.CharField(label=label, help_text=help_text, required=False, max_length=40)

    def _classes(self, name: str) -> list[str]:
        """Return the kinds or urgencies: those typed, else those of the profile begun from."""
        typed = self.data.get(name) if self.is_bound else None
        return _listed(typed) if typed else list(self.document[name])

    def _columns(self) -> list[tuple[str, str]]:
        """Return key and heading of each column; keys are what the fields are called after."""
        kinds = [(f"by_kind:{kind}", kind) for kind in self._classes("kinds")]
        urgencies = [(f"by_urgency:{urgency}", urgency) for urgency in self._classes("urgencies")]
        return [("limit", "平常"), *kinds, *urgencies]

    @property
    def suggestions(self) -> tuple[str, ...]:
        return SUGGESTIONS

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return label and cells of each duty, for the table."""
        return [(label, [self[f"{duty}__{key}"] for key, _ in self.columns]) for duty, label in DUTIES.items()]

    def heads(self) -> list[forms.BoundField]:
        """Return the fields before the table."""
        return [self[name] for name in type(self).base_fields if name != "pauses"]

    def windows(self) -> list[forms.BoundField]:
        """Return the fields after the table."""
        return [self[name] for name in (*COUNTS, *SPANS, "pauses")]

    def _initial(self) -> dict[str, str]:
        document = self.document
        initial = {name: document.get(name, "") for name in ("label", "name", "basis", "receipt")}
        initial |= {name: document[name] for name in ("default_kind", "default_urgency")}
        initial |= {name: "、".join(document[name]) for name in ("kinds", "urgencies")}
        causes = document.get("pauses", [])
        initial["pauses"] = "\n".join(f"{one['cause']} {one.get('basis', '')}".strip() for one in causes)
        initial |= {path: str(_found(document, path)) for path in COUNTS}
        initial |= {path: _span_words(str(_found(document, path))) for path in SPANS}
        return initial | self._initial_cells()

    def _initial_cells(self) -> dict[str, str]:
        cells = {}
        for duty in self.start.duties:
            if duty.limit or not duty.specials:
                cells[f"{duty.name}__limit"] = words_of(duty.limit)
            for special in duty.specials:
                if special.kind and not special.urgency:
                    cells[f"{duty.name}__by_kind:{special.kind}"] = words_of(special.limit)
                elif special.urgency and not special.kind:
                    cells[f"{duty.name}__by_urgency:{special.urgency}"] = words_of(special.limit)
        return cells

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        try:
            self.profile = presets.read(profiles.write(self._written(data)))
        except ProfileUnreadable as error:
            self.add_error(None, str(error))
        except ProfileFaults as error:
            for fault in error.faults:
                self._add(fault)
        return data

    def _add(self, fault: profiles.Fault) -> None:
        """Say the fault at its field, in the words that the field takes."""
        field = self._field_at(fault.place.path)
        if field is None:
            self.add_error(None, f"{fault.place.path}：{fault.message}")
        elif "__" in field and fault.message.startswith("看不懂"):
            self.add_error(field, f"看不懂“{self.cleaned_data.get(field, '')}”。请写：{EXAMPLES}。")
        else:
            self.add_error(field, fault.message)

    def _written(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the document that the fields say, laid over the one begun from."""
        plain = {
            name: data[name].strip()
            for name in ("name", "label", "basis", "receipt", "default_kind", "default_urgency")
        }
        document = self.document | plain | {name: _listed(data[name]) for name in ("kinds", "urgencies")}
        document["duties"] = {duty: said for duty in DUTIES if (said := self._duty(duty, data))}
        document["pauses"] = [_pause(line) for line in data["pauses"].splitlines() if line.strip()]
        document |= {section: dict(document.get(section) or {}) for section in SECTIONS}
        for path in (*COUNTS, *SPANS):
            _put(document, path, data[path].strip())
        self._complete(document)
        return {key: value for key, value in document.items() if value not in ({}, [], "", None)}

    def _duty(self, duty: str, data: dict[str, Any]) -> dict[str, Any]:
        """Return one duty's limits; both classes together have no column and stay as they were."""
        said: dict[str, Any] = {}
        for key, label in self.columns:
            words = data[f"{duty}__{key}"].strip()
            if words and key == "limit":
                said["limit"] = phrase_of(words)
            elif words:
                said.setdefault(key.partition(":")[0], {})[label] = phrase_of(words)
        before = self.document.get("duties", {}).get(duty)
        both = before.get("by_kind_and_urgency") if isinstance(before, dict) else None
        if said.get("limit") == NONE and len(said) == 1 and not both:
            return {}
        return said | ({"by_kind_and_urgency": both} if both else {})

    def _complete(self, document: dict[str, Any]) -> None:
        """Sections that begin here get what they cannot do without; those that say nothing go."""
        needs = {
            "extension": {"duty": "handle", "approver": "dispatcher"},
            "return": {"window": "return_window", "ruled_by": "dispatcher"},
            "rework": {"escalate_to": "committee_head"},
            "callback": {},
            "deferral": {"approver": "committee_head"},
        }
        for section, without in needs.items():
            if document.get(section) and not self.document.get(section):
                document[section] = without | document[section]

    def _field_at(self, path: str) -> str | None:
        """Return the field that a fault's key path is about."""
        if path in self.fields:
            return path
        head, _, rest = path.partition(".")
        if head != "duties":
            return head if head in self.fields else None
        duty, _, where = rest.partition(".")
        group, _, name = where.partition(".")
        wanted = f"{duty}__{group}:{name}" if name else f"{duty}__limit"
        return wanted if wanted in self.fields else None


class ProfileFile(forms.Form):
    """A profile as a file, or as its text, so that what was found wrong can be mended on the spot."""

    file = forms.FileField(label="机制方案文件", required=False, help_text="YAML 或 JSON，UTF-8")
    text = forms.CharField(
        label="或者直接写在这里",
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
    )

    profile: Profile | None = None
    faults: tuple[profiles.Fault, ...] = ()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        try:
            text = _text_of(data["file"]) if data.get("file") else data.get("text", "")
        except UnicodeDecodeError:
            raise forms.ValidationError("文件不是 UTF-8 文本。请另存为 UTF-8 后再传。") from None
        if not text.strip():
            raise forms.ValidationError("请选一个文件，或者把方案写在下面。")
        text = text.replace("\r\n", "\n")
        self.data = {**self.data.dict(), "text": text}  # what was read from a file stands in the box for mending
        try:
            self.profile = presets.handed_in(text)
        except ProfileUnreadable as error:
            raise forms.ValidationError(str(error)) from None
        except ProfileFaults as error:
            self.faults = error.faults
            raise forms.ValidationError(f"发现 {len(error.faults)} 处问题，逐条列在上面。改好后再检查。") from None
        return data


def _text_of(file: UploadedFile) -> str:
    """Raises `UnicodeDecodeError`; of what is far too long, a beginning that is refused as too long."""
    return file.read(LARGEST_TEXT * 4 + 4).decode("utf-8-sig")


def _cell(label: str, column: str) -> forms.CharField:
    shown = forms.TextInput(attrs={"aria-label": label, "list": "limits", "class": "form-control"})
    cell = forms.CharField(label=label, required=False, max_length=60, widget=shown)
    cell.column = column
    return cell


def _listed(words: str) -> list[str]:
    return [word for part in words.replace(",", "、").replace("，", "、").split("、") if (word := part.strip())]


def _pause(line: str) -> dict[str, str]:
    cause, _, basis = line.strip().partition(" ")
    return {"cause": cause} | ({"basis": basis.strip()} if basis.strip() else {})


def _found(document: dict[str, Any], path: str) -> Any:
    value: Any = document
    for key in path.split("."):
        value = value.get(key, "") if isinstance(value, dict) else ""
    return value


def _put(document: dict[str, Any], path: str, words: str) -> None:
    """Set or clear the value at the path; what is no number stays text, and is then named by the check."""
    *sections, key = path.split(".")
    if not words:
        _clear(document, sections, key)
        return
    place = document
    for section in sections:
        place[section] = dict(place.get(section) or {})
        place = place[section]
    if path in COUNTS:
        place[key] = words if (number := whole(words)) is None else number
    else:
        place[key] = phrase_of(words)


def _clear(document: dict[str, Any], sections: list[str], key: str) -> None:
    """Take the value away, and what is empty without it."""
    if not sections:
        document.pop(key, None)
        return
    head, *rest = sections
    if head in document:
        document[head] = dict(document[head])
        _clear(document[head], rest, key)
        if not document[head]:
            del document[head]


def _span_words(phrase: str) -> str:
    """Return `10 working-days` as people say it."""
    n, _, unit = phrase.partition(" ")
    known = profiles.UNIT_WORDS.get(unit)
    return f"{n} {known}" if known else phrase
