"""What is handed in to the chain."""

from typing import Any

from django import forms

from lianshang.chain.analysis.network import Park
from lianshang.chain.sheets import BIGGEST

MOST_BYTES = 20 * 2**20


class BookForm(forms.Form):
    """The chain's workbook, and what the change is for."""

    file = forms.FileField(
        label="填好的工作簿",
        help_text="Excel（.xlsx），20 MB 以内。",
        error_messages={"required": "请选择文件。", "empty": "文件是空的。请重新选择。"},
    )
    note = forms.CharField(
        label="为什么改", max_length=200, help_text="写进版次，如“按环评批复改用水系数”。", error_messages={"required": "请写一句为什么改。"}
    )  # fmt: skip
    source = forms.CharField(
        label="产能、产量从哪来",
        max_length=80,
        help_text="如“2026 年 9 月企业填报”。",
        error_messages={"required": "请写产能、产量的来源。"},
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, label_suffix="", use_required_attribute=False, **more)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("文件超过 20 MB。请只保留需要的工作表再上传。")
        return file


class RunsForm(forms.Form):
    """What one enterprise runs: capacity and yearly output of each of its processes, and one process more."""

    source = forms.CharField(
        label="从哪来",
        max_length=80,
        help_text="如“2026 年 9 月企业填报”。",
        error_messages={"required": "请写产能、产量的来源。"},
    )

    def __init__(self, park: Park, code: str, *args: Any, **more: Any) -> None:
        super().__init__(*args, label_suffix="", use_required_attribute=False, **more)
        self.runs = [each for each in park.activities if each.enterprise == code]
        self.park, running = park, {each.process for each in self.runs}
        for each in self.runs:
            self._add(each.process, _named(park, each.process), each.capacity, each.level)
        free = [process for process in park.network.processes if process not in running]
        self.fields["more"] = forms.ChoiceField(
            label="再加一个工艺",
            required=False,
            choices=[("", "不加"), *((process, _named(park, process)) for process in free)],
        )
        self._add("more", "新加的工艺", None, None)
        self.order_fields([*(name for name in self.fields if name != "source"), "source"])

    def _add(self, name: str, title: str, capacity: float | None, level: float | None) -> None:
        for part, label, value in (("capacity", "年产能", capacity), ("level", "年产量", level)):
            self.fields[f"{part}-{name}"] = forms.FloatField(
                label=f"{title}　{label}",
                initial=None if value is None else f"{value:.15g}",
                help_text="填 0 表示不再生产。" if capacity and part == "capacity" else "",
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "请填 0 以上的数字。"),
                min_value=0,
                max_value=BIGGEST,
                required=name != "more",
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("more") and not given.get("capacity-more"):
            self.add_error("capacity-more", "请填新加工艺的年产能。")
        if given.get("capacity-more") and not given.get("more"):
            self.add_error("more", "请选择是哪个工艺。")
        return given

    def told(self) -> list[tuple[str, float, float]]:
        """Process, capacity and yearly output of what changed, and of what was added."""
        given = self.cleaned_data
        asked = [
            (each.process, given[f"capacity-{each.process}"], given[f"level-{each.process}"]) for each in self.runs
        ]
        held = {each.process: (each.capacity, each.level) for each in self.runs}
        if given["more"]:
            asked.append((given["more"], given["capacity-more"], given["level-more"] or 0.0))
        return [(process, *figures) for process, *figures in asked if held.get(process) != tuple(figures)]


def _named(park: Park, process: str) -> str:
    known = park.network.processes[process]
    return f"{known.name}（{park.network.products[known.reference].unit}）"
