"""A linear model of texts: which unit do words like these go to. Trained in plain Python, in seconds, always the same.

One separating plane per unit (L2-regularised support vectors with squared hinge loss, by dual coordinate descent, Hsieh
et al. 2008) over the pairs of characters of a text, weighed by rareness and by what they tell of the units. It says which
words spoke for its answer, and what share of such answers was right on texts that it had not seen.
"""

import json
import math
import random
import struct
import sys
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter, mul

from lianshang.kernel import search

FEATURES = 60_000  # the most frequent tokens
RARELY = 2  # texts that a token must stand in
TELLING = 1.0  # how much what a token tells of the labels adds to its rareness
DOUBT = 3.0  # texts of the usual labels that a token is thought to stand in, beside those where it does
COST = 1.0  # of a text on the wrong side
EPOCHS = 8
MORE = 3  # with the rows that judged
PAIR = 2
WORDS = 3  # that are told
SLACK = 0.5 / COST
STILL = 0.1  # gradient below which a text moves its plane no more
EMPTY = frozenset(
    "的了是在和与及或有我你他它们这那个请把被对于为以也都就不一到从向等很要会能来去没过二两三四五几十多些什么哪怎时候后前烦"
)
SHARPNESS = 4.0  # how a margin weighs among those that are not the first
SEED = 20_260_601
HELD_OUT = 5  # every fifth text judges the model

Taught = tuple[str, str] | tuple[str, str, str]  # text, label, and what was answered, which may be empty
Row = tuple[tuple[int, ...], tuple[float, ...]]  # places of features, their values; the length is 1


@dataclass(frozen=True)
class Guess:
    """One answer: its label, the chance that it is right, and the words that spoke for it."""

    label: str
    chance: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Linear:
    """`planes[label][place]` is the weight of the feature at that place. `steps` say how sure a margin makes."""

    places: Mapping[str, int]
    rareness: Sequence[float]
    planes: Mapping[str, Sequence[float]]
    biases: Mapping[str, float]
    steps: Sequence[tuple[float, float]]

    def guesses(self, text: str, count: int = 3) -> list[Guess]:
        """Return the likeliest labels, the best first. Empty where no word of the text is known.

        The first one's chance is measured; what is left is shared among the others by their margins.
        """
        margins = self.margins(text)
        if not margins:
            return []
        ranked = ordered(margins)
        chance = self._chance(_lead(margins, ranked))
        row = self.row(text)
        shares = {label: math.exp(SHARPNESS * (margins[label] - margins[ranked[0]])) for label in ranked[1:]}
        left = (1 - chance) / (sum(shares.values()) or 1.0)
        return [
            Guess(label, shares[label] * left if place else chance, self._words(text, row, label))
            for place, label in enumerate(ranked[:count])
        ]

    def _chance(self, lead: float) -> float:
        """Return the share of right answers at that lead; below all that were judged it falls to nothing with the lead."""
        least, lowest = self.steps[0]
        if lead < least:
            return lowest * max(lead, 0.0) / least if least > 0 else 0.0
        return max(share for reached, share in self.steps if lead >= reached)

    def margins(self, text: str) -> dict[str, float]:
        """Return how far on its side of each label's plane the text lies; empty where no word of it is known."""
        row = self.row(text)
        return {label: _dot(plane, row) + self.biases[label] for label, plane in self.planes.items() if row[0]}

    def row(self, text: str) -> Row:
        return _row(features(text), self.places, self.rareness)

    def _words(self, text: str, row: Row, label: str) -> tuple[str, ...]:
        plane = self.planes[label]
        speaks = {place: plane[place] * value for place, value in zip(*row, strict=True) if plane[place] > 0}
        spoken = {token: speaks[place] for token in features(text) if (place := self.places.get(token)) in speaks}
        ranked = sorted(spoken, key=lambda token: (-spoken[token], token))
        return tuple(token for token in ranked if len(token) > 1 and not EMPTY & set(token))[:WORDS]


def features(text: str) -> Counter[str]:
    """Return pairs of Han characters, the characters themselves, and words of letters; how often each stands there."""
    tokens = [token for token in search.tokens(text) if not token.isdecimal()]
    return Counter([*tokens, *(token[0] for token in tokens if len(token) == PAIR and not token.isascii())])


def train(rows: Sequence[Taught]) -> Linear:
    """Return the model of (text, label) rows. What was answered to a text teaches as another text of the same label.

    The same rows in the same order give the same model. Each plane is fitted without every fifth row and its answer,
    judged on those rows, and then fitted on with all.
    """
    texts, labels, known, judging = _laid_out(rows)
    counted = [features(text) for text in texts]
    places, weights = _vocabulary(counted, labels, known)
    sparse = [_row(counts, places, weights) for counts in counted]
    judged: list[dict[str, float]] = [{} for _ in judging]
    planes, biases = {}, {}
    for label in sorted(set(labels)):
        plane = _Plane(sparse, [1 if own == label else -1 for own in labels], len(places))
        plane.fit(known, EPOCHS)
        for margins, one in zip(judged, judging, strict=True):
            margins[label] = _dot(plane.weights, sparse[one]) + plane.bias
        plane.fit(range(len(texts)), MORE)
        planes[label], biases[label] = array("f", plane.weights), plane.bias
    return Linear(places, weights, planes, biases, _steps(judged, [labels[one] for one in judging]))


def _laid_out(rows: Sequence[Taught]) -> tuple[list[str], list[str], list[int], list[int]]:
    """Return texts and answers in one list, their labels, the places to learn from at first, and those that judge."""
    laid = [(text, label, not place % HELD_OUT) for place, (text, label, *_) in enumerate(rows)]
    laid += [(row[2], row[1], not place % HELD_OUT) for place, row in enumerate(rows) if len(row) > PAIR and row[2]]
    known = [place for place, (_, _, held) in enumerate(laid) if not held]
    return [text for text, _, _ in laid], [label for _, label, _ in laid], known, list(range(0, len(rows), HELD_OUT))


def _vocabulary(
    counted: Sequence[Counter[str]], labels: Sequence[str], known: Sequence[int]
) -> tuple[dict[str, int], array]:
    """Return the place of each token that is kept, and its weight: rareness, times more the more it tells of the labels."""
    held = Counter(token for counts in counted for token in counts)
    ranked = sorted((token for token in held if held[token] >= RARELY), key=lambda token: (-held[token], token))
    kept = ranked[:FEATURES]
    telling = _telling([counted[place] for place in known], [labels[place] for place in known])
    weights = (
        (math.log((len(counted) + 1) / (held[token] + 1)) + 1) * (1 + TELLING * telling(token)) for token in kept
    )
    return {token: place for place, token in enumerate(kept)}, array("f", weights)


def _telling(counted: Sequence[Counter[str]], labels: Sequence[str]) -> Callable[[str], float]:
    """Return what tells how far a text's labels are from the usual once it holds a token (Kullback–Leibler, in nats)."""
    usual = {label: count / len(labels) for label, count in sorted(Counter(labels).items())}
    stands: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for counts, label in zip(counted, labels, strict=True):
        for token in counts:
            stands[token][label] += 1

    def told(token: str) -> float:
        size = stands[token].total() + DOUBT
        shares = (((stands[token][label] + DOUBT * share) / size, share) for label, share in usual.items())
        return sum(now * math.log(now / share) for now, share in shares)

    return told


def _row(counts: Mapping[str, int], places: Mapping[str, int], rareness: Sequence[float]) -> Row:
    """Return the text as a vector of length 1: 1 + log of how often, times rareness."""
    found = sorted((places[token], count) for token, count in counts.items() if token in places)
    values = [(1 + math.log(count)) * rareness[place] for place, count in found]
    length = math.sqrt(sum(value * value for value in values)) or 1.0
    return tuple(place for place, _ in found), tuple(value / length for value in values)


class _Plane:
    """Weights and bias of the plane that parts rows of sign 1 from the others."""

    def __init__(self, rows: Sequence[Row], signs: Sequence[int], width: int) -> None:
        self.rows, self.signs = rows, signs
        self.readers = [_reader(places) for places, _ in rows]
        self.weights, self.bias, self.alphas = [0.0] * width, 0.0, [0.0] * len(rows)

    def fit(self, among: Iterable[int], epochs: int) -> None:
        """Move the plane by those rows; those far on their side are looked at no more."""
        order, chance, worst = list(among), random.Random(SEED), math.inf  # noqa: S311 an order, not a secret
        for _ in range(epochs):
            chance.shuffle(order)
            moved, active = 0.0, []
            for one in order:
                gradient = self._gradient(one)
                if self.alphas[one] or gradient < 0:
                    self._move(one, gradient)
                    moved = max(moved, abs(gradient))
                    active.append(one)
                elif gradient <= worst:
                    active.append(one)
            if moved < STILL:
                return
            order, worst = active, moved

    def _gradient(self, one: int) -> float:
        margin = sum(map(mul, self.readers[one](self.weights), self.rows[one][1])) + self.bias
        return self.signs[one] * margin - 1 + SLACK * self.alphas[one]

    def _move(self, one: int, gradient: float) -> None:
        before = self.alphas[one]
        self.alphas[one] = max(before - gradient / (2 + SLACK), 0.0)  # 2: the row's length and the bias
        step = (self.alphas[one] - before) * self.signs[one]
        self.bias += step
        weights = self.weights
        for place, value in zip(*self.rows[one], strict=True):
            weights[place] += step * value


def _reader(places: tuple[int, ...]) -> Callable[[Sequence[float]], Iterable[float]]:
    """Return what takes these places out of the weights at once."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda weights: [weights[place] for place in places]


def _dot(plane: Sequence[float], row: Row) -> float:
    return sum(plane[place] * value for place, value in zip(*row, strict=True))


def _lead(margins: Mapping[str, float], ranked: Sequence[str]) -> float:
    """Return by how much the first label is ahead of the second; a text that no plane wants leads by less."""
    second = margins[ranked[1]] if len(ranked) > 1 else -1.0
    return margins[ranked[0]] - second + min(margins[ranked[0]], 0.0)


def _steps(judged: Sequence[Mapping[str, float]], labels: Sequence[str]) -> list[tuple[float, float]]:
    """Return (least lead, share of right answers at about that lead), rising."""
    ranks = [(margins, ordered(margins), label) for margins, label in zip(judged, labels, strict=True)]
    return _rising(sorted((_lead(margins, ranked), ranked[0] == label) for margins, ranked, label in ranks))


def _rising(seen: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Pool neighbours until the share rises with the lead (isotonic regression), shrunk towards one half."""
    blocks: list[list[float]] = []  # least lead, right, all
    for lead, right in seen:
        blocks.append([lead, float(right), 1.0])
        while len(blocks) > 1 and (blocks[-2][1] * blocks[-1][2] >= blocks[-1][1] * blocks[-2][2]):
            last = blocks.pop()
            blocks[-1][1] += last[1]
            blocks[-1][2] += last[2]
    return [(lead, (right + 1) / (count + 2)) for lead, right, count in blocks]


def ordered(margins: Mapping[str, float]) -> list[str]:
    return sorted(margins, key=lambda label: (-margins[label], label))


def pack(model: Linear) -> bytes:
    """Return the model as bytes that hold words and weights and nothing to run. The same model gives the same bytes."""
    head = {
        "places": list(model.places),
        "labels": list(model.planes),
        "biases": list(model.biases.values()),
        "steps": list(model.steps),
    }
    told = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    numbers = [array("f", model.rareness), *(array("f", plane) for plane in model.planes.values())]
    return zlib.compress(struct.pack("<I", len(told)) + told + b"".join(_little(one).tobytes() for one in numbers))


def unpack(packed: bytes) -> Linear:
    plain = zlib.decompress(packed)
    (length,) = struct.unpack_from("<I", plain)
    head = json.loads(plain[4 : 4 + length])
    numbers, width, labels = _little(array("f", plain[4 + length :])), len(head["places"]), head["labels"]
    rareness, *planes = (numbers[place * width : (place + 1) * width] for place in range(len(labels) + 1))
    return Linear(
        places={token: place for place, token in enumerate(head["places"])},
        rareness=rareness,
        planes=dict(zip(labels, planes, strict=True)),
        biases=dict(zip(labels, head["biases"], strict=True)),
        steps=[(lead, share) for lead, share in head["steps"]],
    )


def _little(numbers: array) -> array:
    """Return the numbers in the order of bytes that is kept; the same function takes them back."""
    if sys.byteorder == "big":
        numbers = array("f", numbers)
        numbers.byteswap()
    return numbers


def main() -> None:
    """`python -m lianshang.cases.learning`: rows of [text, label, answer] as JSON on stdin, the packed model on stdout."""
    rows = [tuple(row) for row in json.load(sys.stdin.buffer)]
    sys.stdout.buffer.write(pack(train(rows)))


if __name__ == "__main__":
    main()
