"""From the text of a profile file to a tree that remembers lines, and the atoms that judge its leaves.

YAML and JSON are read by one parser, so every fault can name its line and its key path. Anchors and aliases are
not taken: a mechanism is read by people, and an alias can blow a small file up to any size.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

import yaml

LARGEST_TEXT = 200_000  # characters; a real mechanism has some five thousand
DEEPEST = 12  # levels; the format has six
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_DECIMAL = re.compile(r"[+-]?[0-9]{0,9}\.[0-9]{1,9}")

_LONGEST_SHOWN = 40
_TYPE_WORDS = {dict: "键值", tuple: "列表"}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    line: int
    path: str = ""

    def __str__(self) -> str:
        return f"第 {self.line} 行 {self.path}".rstrip()


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}：{self.message}"


class ProfileFaults(ValueError):
    """The text is a profile, but not a sound one. `faults` holds all of them, by line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[type["ProfileFaults"], tuple[tuple[Fault, ...]]]:
        """Come whole out of the process that read the text."""
        return type(self), (self.faults,)


class ProfileUnreadable(ValueError):
    """The text is not YAML or JSON, or holds no mapping: there is nothing to check. The message is one sentence."""


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar (as str, int, float, bool or None, its spelling in `raw`), a tuple of nodes, or a dict of nodes."""

    place: Place
    value: object
    raw: str = ""

    def below(self, key: str, line: int) -> Place:
        return Place(line, f"{self.place.path}.{key}".lstrip("."))

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value


def read(text: str) -> tuple[Node, list[Fault]]:
    """The tree of a profile text with the faults of its form (keys twice). Raises ProfileUnreadable."""
    text = text.removeprefix("\ufeff")
    if len(text) > LARGEST_TEXT:
        raise ProfileUnreadable(f"文件超过 {LARGEST_TEXT} 字，不像机制方案。请检查是否选错了文件。")
    if text.lstrip().startswith("{"):
        text = text.replace("\t", " ")  # JSON may be indented with tabs, YAML may not
    try:
        _refuse_tricks(yaml.parse(text, Loader=yaml.SafeLoader))
        composed = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ProfileUnreadable(_unreadable(error)) from error
    if not isinstance(composed, yaml.MappingNode):
        raise ProfileUnreadable("这不是机制方案文件：最外层应是“键: 值”的形式，例如“name: default”。")
    faults: list[Fault] = []
    return _tree(composed, "", faults), faults


def _refuse_tricks(events: Iterable[yaml.Event]) -> None:
    """Aliases and depth are refused before a tree is built from them."""
    depth = 0
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise ProfileUnreadable(f"第 {line} 行用了引用（*{event.anchor}）。机制方案不支持引用，请直接写出内容。")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ProfileUnreadable(f"第 {line} 行嵌套太深，不像机制方案。请对照样例改写。")


def _unreadable(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"第 {mark.line + 1} 行第 {mark.column + 1} 列附近" if mark else "文件里"
    return f"{where}不是有效的 YAML 或 JSON。请检查缩进、冒号后的空格、引号和括号。"


def _tree(node: yaml.Node, path: str, faults: list[Fault]) -> Node:
    place = Place(node.start_mark.line + 1, path)
    if isinstance(node, yaml.SequenceNode):
        items = enumerate(node.value, start=1)
        return Node(place, tuple(_tree(item, f"{path}[{index}]", faults) for index, item in items))
    if isinstance(node, yaml.MappingNode):
        return Node(place, _mapping(node, path, faults))
    raw = node.value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # JSON writes 😀 as two halves
    return Node(place, _scalar(node.tag.rpartition(":")[2], raw), raw)


def _mapping(node: yaml.MappingNode, path: str, faults: list[Fault]) -> dict[str, Node]:
    tree: dict[str, Node] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            faults.append(Fault(Place(line, path), "键应是一个词，不能是列表或键值。"))
            continue
        below = f"{path}.{key.value}".lstrip(".")
        if key.value in tree:
            first = tree[key.value].place.line
            faults.append(Fault(Place(line, below), f"“{key.value}”写了两次（第 {first} 行已有）。请只留一处。"))
            continue
        child = _tree(value, below, faults)
        # A value on the next line is still looked for at its key.
        tree[key.value] = Node(Place(line, below), child.value, child.raw)
    return tree


def _scalar(tag: str, raw: str) -> object:
    if tag == "int" and _WHOLE.fullmatch(raw):
        return int(raw)
    if tag in ("int", "float") and _DECIMAL.fullmatch(raw):
        return float(raw)
    if tag == "bool":
        return raw.lower() in ("yes", "true", "on")
    return None if tag == "null" else raw


class Findings:
    """Collects faults. Every atom returns a value of its type even after a fault, so that reading can go on."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults

    def add(self, place: Place, message: str) -> None:
        self.faults.append(Fault(place, message))

    def fields(self, node: Node, known: Collection[str], required: Collection[str] = ()) -> dict[str, Node]:
        """The known entries of a mapping; unknown and missing ones are faults."""
        if not isinstance(node.value, dict):
            self.add(node.place, f"这里应写成键值，可写的键有：{'、'.join(known)}。")
            return {}
        for key, value in node.value.items():
            if key not in known:
                self.add(value.place, unknown(key, known))
        for key in required:
            if key not in node.value:
                self.add(node.place, f"缺少“{key}”。请补上。")
        return {key: value for key, value in node.value.items() if key in known}

    def text(self, node: Node | None, default: str = "") -> str:
        if node is None:
            return default
        if not isinstance(node.value, dict | tuple) and node.value is not None and node.raw.strip():
            return " ".join(node.raw.split())
        self.add(node.place, "这里应写一段文字。请补上内容，或删去这一项。")
        return default

    def whole(self, node: Node, low: int, high: int) -> int:
        if isinstance(node.value, int) and not isinstance(node.value, bool) and low <= node.value <= high:
            return node.value
        self.add(node.place, f"这里应写 {low} 到 {high} 的整数，写的是“{shown(node)}”。")
        return low

    def truth(self, node: Node | None, *, default: bool = False) -> bool:
        if node is None:
            return default
        if not isinstance(node.value, bool):
            self.add(node.place, f"这里应写 true（是）或 false（否），写的是“{shown(node)}”。")
        return node.value is True

    def choice(self, node: Node | None, options: Collection[str], default: str = "") -> str:
        """One of the options; no options: any word."""
        word = self.text(node, default)
        if node is not None and word and options and word not in options:
            self.add(node.place, unknown(word, options))
        return word

    def items(self, node: Node | None) -> tuple[Node, ...]:
        """The entries of a list that is not empty."""
        if node is None:
            return ()
        if isinstance(node.value, tuple) and node.value:
            return node.value
        self.add(node.place, "这里应写成列表，至少一项，例如“[甲, 乙]”或每行以“- ”开头。")
        return ()

    def words(self, node: Node | None, options: Collection[str] = ()) -> tuple[str, ...]:
        """A list of different words, each one of the options if there are any."""
        words: list[str] = []
        for item in self.items(node):
            word = self.choice(item, options)
            if word in words:
                self.add(item.place, f"“{word}”重复。请只留一个。")
            elif word:
                words.append(word)
        return tuple(words)


def shown(node: Node) -> str:
    """What stands there, short enough for a sentence."""
    if isinstance(node.value, dict | tuple):
        return _TYPE_WORDS[type(node.value)]
    return node.raw if len(node.raw) <= _LONGEST_SHOWN else f"{node.raw[:_LONGEST_SHOWN]}…"


def unknown(word: str, options: Collection[str]) -> str:
    close = get_close_matches(word, options, n=1, cutoff=0.5)
    if close:
        return f"不认识“{word}”。是不是“{close[0]}”？"
    return f"不认识“{word}”。可以写：{'、'.join(options)}。"
