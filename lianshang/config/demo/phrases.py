"""Sentences that two units of the demo say again and again, offered under the boxes in which their people write."""

from lianshang.cases.services.phrases import keep_phrases
from lianshang.config.demo.park import Stage, data


def build(stage: Stage) -> None:
    """Keep them as a liaison of each unit would."""
    for code, sentences in data("phrases.yaml").items():
        unit = stage.units[code]
        keep_phrases(unit, sentences, actor=stage.liaison(unit.pk))
