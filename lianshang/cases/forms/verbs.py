"""What all forms of a case's verbs share: who acts when on what, and how the answers reach the service."""

from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

from lianshang.cases import services
from lianshang.cases.forms.uploads import FilesField
from lianshang.cases.models import Case, CaseEvent
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit
from lianshang.kernel import editions, files
from lianshang.kernel.models import StoredFile
from lianshang.kernel.numbers import whole
from lianshang.kernel.refusals import Refused

LONGEST_NOTE = 5000
LONGEST_NAME = 120
Stored = tuple[tuple[StoredFile, str], ...]


class VerbForm(forms.Form):
    """The questions of one verb. `act` calls the service of that name with the answers."""

    hint: ClassVar[str] = ""  # one sentence above the questions: what follows from the step
    asking: ClassVar[str] = ""  # the verb whose words stand above the questions: what is ruled on

    def __init__(
        self, verb: str, *, case: Case, actor: Actor, at: datetime, data: Any = None, uploads: Any = None
    ) -> None:
        self.verb, self.case, self.actor, self.at = verb, case, actor, at
        super().__init__(data, uploads, label_suffix="", use_required_attribute=False)
        self.prepare()
        for field in self.fields.values():
            ask = "选择" if isinstance(field, forms.ChoiceField) else "填写"
            field.error_messages["required"] = f"请{ask}{field.label}。"

    def prepare(self) -> None:
        """Fit the questions to the case, as far as the answers are judged by it."""

    def explain(self) -> None:
        """Add what only the page says: what a choice leads to, what need not be asked. Called before it is drawn."""

    def asked(self) -> CaseEvent | None:
        """Return what is ruled on or reviewed."""
        events = self.case.events.filter(verb=self.asking).select_related("actor", "actor_unit", "unit")
        return events.order_by("-ordinal").first() if self.asking else None

    def arguments(self) -> dict[str, Any]:
        """Return what the service takes besides case, actor and time."""
        return dict(self.cleaned_data)

    def act(self) -> Case:
        return getattr(services, self.verb)(self.case, actor=self.actor, at=self.at, **self.arguments())

    def done(self, case: Case) -> str:
        """Return the sentence that confirms the step."""
        return ""


def passage(label: str, *, rows: int = 4, required: bool = True, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, widget=widget, required=required, help_text=help_text, max_length=LONGEST_NOTE, strip=True
    )


def one_line(label: str, longest: int, *, required: bool = True, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required, help_text=help_text)


def one_of(label: str, choices: Any, initial: str = "", *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, initial=initial, widget=forms.RadioSelect, required=required)


def unit_choice(label: str) -> forms.ModelChoiceField:
    """A unit in use. The form fits the rows to the case in `prepare`."""
    return forms.ModelChoiceField(Unit.objects.none(), label=label, empty_label="请选择")


class Units(forms.ModelMultipleChoiceField):
    """Several units, ticked. The form fits the rows; what can be no unit's key is no choice, however long it is."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if whole(str(key)) is None:
                raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": str(key)[:20]})
        return super().clean(value)


def uploads() -> FilesField:
    return FilesField(label="附件", required=False, help_text="照片、PDF、Word、Excel，每个不超过 20 MB，最多 9 个。")


def stored(case: Case, given: list[UploadedFile]) -> Stored:
    """Keep the uploads and return what the services take."""
    return tuple((files.store(case.park, one, one.name or "附件"), shortened(one.name or "附件")) for one in given)


def shortened(name: str) -> str:
    """Return the file's name with its ending, no longer than a row keeps."""
    path = Path(name)
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix if len(name) > LONGEST_NAME else name


def closing(case: Case, day: date, at: datetime) -> datetime:
    """Return the close of business of a day that somebody named; a day off is refused."""
    return close_of_business(case.park_id, case.lead_unit_id, day, at)


def close_of_business(park_id: int, unit_id: int | None, day: date, at: datetime) -> datetime:
    """Return when the unit closes that day; a day off is refused."""
    known = editions.in_force(park_id, at)
    calendar = editions.edition(known.get(unit_id, known[None])).calendar
    if not calendar.is_working(day):
        raise Refused(f"{day.month}月{day.day}日是{calendar.day_name(day)}，不上班。请改选工作日。")
    return datetime.combine(day, calendar.intervals(day)[-1][1], tzinfo=calendar.zone)


def date_field(label: str, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    wrong = {"invalid": "日期请写成 2026-11-30 这样。"}
    return forms.DateField(label=label, widget=widget, help_text=help_text, error_messages=wrong)
