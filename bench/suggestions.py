"""`python -m bench.suggestions N`: how often the learned unit is right, on labelled messages that the product never ships.

Needs the reference data beside the working copy (LIANSHANG_SHARED). Messages of one group (re-posts, near duplicates)
never stand on both sides. N of ten folds are measured. Also: which threshold tells a repeated message from another.
"""

import csv
import gzip
import hashlib
import json
import math
import os
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import django

django.setup()

from lianshang.cases import learning, similar  # noqa: E402
from lianshang.cases.similar import Rareness  # noqa: E402

FOLDS = 10  # as most of the published figures are told
OFTEN = 30  # rows of a unit that the published figure for questions needs
SHARED = Path(os.environ.get("LIANSHANG_SHARED", Path(__file__).resolve().parent.parent.parent / "shared")) / "data"
ALIASES = {  # what stands in the name → one name for the unit
    "公安交通管理局": "交管局",
    "人力资源": "人力资源社会保障局",
    "公积金": "住房公积金管理中心",
    "首都之窗": "首都之窗",
}
Labelled = tuple[str, str, str, str]  # text, label, group, what was answered


def rows(path: str) -> list[dict[str, str]]:
    with gzip.open(SHARED / path, "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def messages() -> list[Labelled]:
    """Messages to a province's board, as words with what was left out between them."""
    told = rows("teddy2020c/labelled_tokens.csv.gz")
    return [(row["tokens"], row["一级标签"], row["message_group"], "") for row in told]


def raw_messages() -> list[Labelled]:
    """A part of them as they were written."""
    told = rows("teddy2020c/labelled_raw.csv.gz")
    return [(f"{row['留言主题']}\n{row['留言详情']}", row["一级标签"], row["message_group"], "") for row in told]


def questions(*, whole: bool = False, answers: bool = False) -> list[Labelled]:
    """Questions to a city and the unit that answers. Rows without a unit are left out.

    The page of the answer stands in the text where it is `whole`; with `answers` it teaches beside the question and is
    never asked about: the unit is told from the question alone.
    """
    told = [row for row in rows("msgabench/qa_dispatch.csv.gz") if row["处理单位"].strip()]
    text = "{用户问题}\n{正文内容}" if whole else "{用户问题}"
    return [
        (text.format(**row), unit(row["处理单位"]), row["group"], row["正文内容"] if answers else "") for row in told
    ]


def often(told: list[Labelled]) -> list[Labelled]:
    """Rows of labels that occur often enough to be told from each other, as the published figure counts them."""
    counts = Counter(label for _, label, _, _ in told)
    return [row for row in told if counts[row[1]] >= OFTEN]


def by_row(told: list[Labelled]) -> list[Labelled]:
    """Each row a group of its own: the split of published figures that know no groups. Near duplicates help there."""
    return [(text, label, str(place), said) for place, (text, label, _, said) in enumerate(told)]


def unit(name: str) -> str:
    """One name for the aliases of a unit; of joint units the first."""
    first = name.strip().split("、")[0]
    return next((one for part, one in ALIASES.items() if part in first), first)


def fold(group: str) -> int:
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS


def measured(told: list[Labelled], folds: int, sure: float) -> dict[str, float]:
    """Return shares over the folds: the first right, one of three right, answered, right where answered; and seconds.

    `known` is the share of rows whose label occurs among those that were learned from: more cannot be right.
    """
    counts: Counter[str] = Counter()
    trained = asked = 0.0
    for held in range(folds):
        begun = time.process_time()
        model = learning.train([(text, label, said) for text, label, group, said in told if fold(group) != held])
        trained += time.process_time() - begun
        begun = time.process_time()
        for text, label, group, _ in told:
            if fold(group) == held:
                counts["known"] += label in model.planes
                _count(counts, model.guesses(text), label, sure)
        asked += time.process_time() - begun
    rows_, answered = counts["rows"], counts["answered"] or 1
    return {
        "rows": rows_,
        "known": counts["known"] / rows_,
        "top1": counts["first"] / rows_,
        "top3": counts["three"] / rows_,
        "answered": counts["answered"] / rows_,
        "right": counts["right"] / answered,
        "train_s": trained / folds,
        "ask_ms": asked / rows_ * 1000,
    }


def _count(counts: Counter[str], guesses: list[learning.Guess], label: str, sure: float) -> None:
    labels = [guess.label for guess in guesses]
    counts["rows"] += 1
    counts["first"] += labels[:1] == [label]
    counts["three"] += label in labels[:3]
    if guesses and guesses[0].chance >= sure:
        counts["answered"] += 1
        counts["right"] += labels[0] == label


def repeats(thresholds: tuple[float, ...], most: int | None = None) -> list[dict[str, float]]:
    """Return precision and recall over pairs of the first messages: those of one group are one matter told again."""
    told = rows("teddy2020c/hot_messages.csv.gz")[:most]
    words = [similar.words_of(f"{row['留言主题']}\n{row['留言详情']}") for row in told]
    groups = [row["message_group"] for row in told]
    held = Counter(token for one in words[: similar.SAMPLE] for token in one)
    scored = _pairs(words, groups, Rareness(similar.SAMPLE, len(told), held))
    all_pairs = sum(math.comb(size, 2) for size in Counter(groups).values())
    found = [(least, [same for score, same in scored if score >= least]) for least in thresholds]
    return [
        {"least": least, "precision": sum(same) / (len(same) or 1), "recall": sum(same) / all_pairs}
        for least, same in found
    ]


def _pairs(words: list[frozenset[str]], groups: list[str], rareness: Rareness) -> list[tuple[float, bool]]:
    """Return (likeness, of one group) of all pairs that share anything worth it."""
    weights = {token: rareness.weight(token) ** 2 for one in words for token in one}
    lengths = [math.sqrt(sum(weights[token] for token in one)) for one in words]
    before: defaultdict[str, list[int]] = defaultdict(list)
    scored = []
    for place, one in enumerate(words):
        shared: defaultdict[int, float] = defaultdict(float)
        for token in one:
            for other in before[token]:
                shared[other] += weights[token]
            before[token].append(place)
        near = ((both / (lengths[place] * lengths[other]), other) for other, both in shared.items())
        scored += [(score, groups[place] == groups[other]) for score, other in near if score >= similar.NEAR / 2]
    return scored


def main() -> None:
    folds, sure = int(sys.argv[1]), float(sys.argv[2])
    told: dict[str, Any] = {"is_here": SHARED.is_dir()}
    if told["is_here"]:
        told["folds"] = folds
        told["learned"] = {
            "messages, words": measured(messages(), folds, sure),
            "messages, as written": measured(raw_messages(), folds, sure),
            "messages, by row": measured(by_row(messages()), folds, sure),
            "questions": measured(questions(), folds, sure),
            "questions, 30+": measured(often(questions()), folds, sure),
            "30+, answers": measured(often(questions(answers=True)), folds, sure),
            "questions, answers": measured(questions(answers=True), folds, sure),
            "questions with text": measured(questions(whole=True), folds, sure),
        }
        told["repeats"] = repeats((0.2, similar.NEAR, 0.35, similar.SAME, 0.55))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
