"""The rates of a profile file: each divides two counts of the same thing."""

from lianshang.kernel.profile_sources import Findings, Node
from lianshang.kernel.profile_values import Rate, Vocabulary


class RateReader:
    """Reads the section; faults go to `find`."""

    def __init__(self, find: Findings, vocabulary: Vocabulary) -> None:
        self.find, self.vocabulary = find, vocabulary

    def rates(self, node: Node | None) -> tuple[Rate, ...]:
        rates: dict[str, Rate] = {}
        for item in self.find.items(node):
            rate = self._rate(item)
            if rate.key in rates:
                self.find.add(item.place, f"“{rate.key}”已有一条定义。请改名或删去其中一条。")
            rates[rate.key] = rate
        return tuple(rates.values())

    def _rate(self, node: Node) -> Rate:
        known = ("key", "label", "numerator", "denominator", "note")
        fields = self.find.fields(node, known, required=known[:4])
        part, whole = (self._count(fields.get(name)) for name in ("numerator", "denominator"))
        self._check(node, part, whole)
        key, label, note = (self.find.text(fields.get(name)) for name in ("key", "label", "note"))
        return Rate(key, label, part, whole, note)

    def _count(self, node: Node | None) -> str:
        return self.find.choice(node, self.vocabulary.counts)

    def _check(self, node: Node, part: str, whole: str) -> None:
        counts = self.vocabulary.counts
        if part and part == whole:
            self.find.add(node.place, "分子与分母相同，结果总是 100 %。请改其中一个。")
        elif part in counts and whole in counts and counts[part].thing != counts[whole].thing:
            fitting = [name for name, count in counts.items() if count.thing == counts[part].thing and name != part]
            message = f"分子数的是{counts[part].thing}，分母数的是{counts[whole].thing}，不能相除。"
            self.find.add(node.place, f"{message}分母可以写：{'、'.join(fitting)}。")
