"""What a template may say: names, one level of fields, conditions and repetition. No calls, no arithmetic, no attributes of objects.

Jinja's sandbox stands behind it; in front stands a list of what is allowed, so that nothing has to be foreseen.
"""

import difflib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from lianshang.papers.wording import Catalogue

ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.Const,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Filter, nodes.Test,
)  # fmt: skip
FILTERS = {"default", "length", "trim", "first", "last"}
TESTS = {"defined"}
LOOP = {"index", "first", "last", "length"}
DEEPEST = 2  # loops inside loops: lists of a document are short, but not their powers

_PLAIN = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True)


def environment() -> ImmutableSandboxedEnvironment:
    """Return what a Word template is filled in: values are escaped, a name without a value is an error."""
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def text(source: str, words: Mapping[str, Any]) -> str:
    """Return one of our own texts filled in. Plain text: nothing is escaped, nothing in the words is read as a template."""
    return _PLAIN.from_string(source).render(words) if "{" in source else source


def faults(source: str, catalogue: "Catalogue") -> list[str]:
    """Return what is wrong with a template's text, as Chinese sentences, each once; empty where it may be used."""
    try:
        tree = _PLAIN.parse(source)
    except TemplateSyntaxError as error:
        return [_syntax(error, source)]
    return list(dict.fromkeys(_Reader(catalogue).read(tree)))


def _syntax(error: TemplateSyntaxError, source: str) -> str:
    lines = source.splitlines() or [""]
    line = lines[min(error.lineno, len(lines)) - 1].strip()
    where = f"“{line[:40]}”附近" if line else "结尾"
    return f"占位符写法不对，在{where}。请检查 {{{{ }}}}、{{% for %}} 和 {{% endfor %}} 是否成对、有没有漏字。"


class _Reader:
    """Walks the tree of a template and tells what may not stand there."""

    def __init__(self, catalogue: "Catalogue") -> None:
        self.catalogue = catalogue

    def read(self, tree: nodes.Node) -> Iterator[str]:
        yield from self._inside(tree, {})

    def _inside(self, node: nodes.Node, items: dict[str, str], depth: int = 0) -> Iterator[str]:
        """`items`: names of items in force → the list that they are from."""
        if not isinstance(node, ALLOWED):
            yield "模板里只能用占位符、条件和循环，不能计算、调用或引用别的文件。请删去后再传。"
        elif isinstance(node, nodes.For):
            yield from self._loop(node, items, depth + 1)
        elif isinstance(node, nodes.Getattr):
            yield from self._field(node, items)
        elif isinstance(node, nodes.Name):
            yield from self._name(node.name, items)
        elif (isinstance(node, nodes.Filter) and node.name not in FILTERS) or (
            isinstance(node, nodes.Test) and node.name not in TESTS
        ):
            yield f"“{node.name}”不能用。可用的写法：{'、'.join(sorted(FILTERS))}。"
        else:
            shown = node.nodes if isinstance(node, nodes.Output) else []
            yield from self._whole_lists(shown)
            for child in node.iter_child_nodes():
                yield from self._inside(child, items, depth)

    def _whole_lists(self, shown: list[nodes.Expr]) -> Iterator[str]:
        for one in shown:
            if isinstance(one, nodes.Name) and one.name in self.catalogue.lists:
                yield f"“{one.name}”有多行，不能直接写 {{{{ {one.name} }}}}。请用 {{% for 行 in {one.name} %}} 逐行写出。"

    def _loop(self, node: nodes.For, items: dict[str, str], depth: int) -> Iterator[str]:
        if depth > DEEPEST:
            yield "循环套得太深。请最多套两层。"
            return
        source, target = node.iter, node.target
        if not isinstance(source, nodes.Name) or source.name not in self.catalogue.lists:
            known = "、".join(self.catalogue.lists)
            yield f"循环只能用在这些名称上：{known}。请检查 {{% for %}} 里 in 后面的名称。"
            return
        if not isinstance(target, nodes.Name) or node.recursive:
            yield "循环只能写成 {% for 行 in 名称 %}。"
            return
        inner = items | {target.name: source.name, "loop": ""}
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            yield from self._inside(child, inner, depth)

    def _field(self, node: nodes.Getattr, items: dict[str, str]) -> Iterator[str]:
        if not isinstance(node.node, nodes.Name) or node.node.name not in items:
            yield f"“.{node.attr}”前面只能是循环里的那个名称。请检查。"
            return
        of = items[node.node.name]
        known = self.catalogue.lists[of][1] if of else LOOP
        if node.attr not in known:
            listed = "、".join(sorted(known) if not of else known)
            yield f"“{node.node.name}.{node.attr}”不认识{_meant(node.attr, known)}。{of or 'loop'} 的每一行有：{listed}。"

    def _name(self, name: str, items: dict[str, str]) -> Iterator[str]:
        if name not in items and name not in self.catalogue.plain and name not in self.catalogue.lists:
            yield f"占位符“{name}”不认识{_meant(name, self.catalogue.names())}。可用的名称见下表。"


def _meant(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"，是不是“{near[0]}”" if near else ""
