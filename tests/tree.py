"""Reads the working copy's own text for the tests of its shape: files, syntax trees, imports, names of templates."""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from tests.harness import ROOT

CODE = ROOT / "lianshang"
MADE = {"build", "dist", "node_modules", "var", "test-results", "__pycache__"}  # git ignores them
TEXTS = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".mjs",
    ".md",
    ".yaml",
    ".yml",
    ".toml",
    ".json",
    ".txt",
    ".in",
    ".sh",
    ".csv",
    "",
}


@dataclass(frozen=True)
class Place:
    """A finding, as editors open it."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}  {self.what}"


@dataclass
class Source:
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def package(self) -> str:
        """Our package that the file stands in; the stem of a module beside the packages."""
        first = self.path.relative_to(CODE).parts[0] if self.path.is_relative_to(CODE) else "tests"
        return first.removesuffix(".py")

    @property
    def is_test(self) -> bool:
        return "tests" in self.path.relative_to(ROOT).parts

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8", errors="replace")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def length(self) -> int:
        return len(self.text.splitlines())

    def at(self, node: ast.AST, what: str) -> Place:
        return Place(self.name, getattr(node, "lineno", 1), what)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Every import, inline ones too, as (node, dotted name of what is imported)."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node, f"{self._origin(node)}.{alias.name}") for alias in node.names)
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                yield from ((node, arg.value) for arg in node.args if isinstance(arg, ast.Constant))

    def _origin(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        here = self.path.relative_to(ROOT).with_suffix("").parts[: -node.level]
        return ".".join([*here, *([node.module] if node.module else [])])


def _walk(folder: Path) -> Iterator[Path]:
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in MADE and (name == ".ci" or name[0] != "."))
        yield from (Path(at) / name for name in sorted(files))


@cache
def sources() -> list[Source]:
    """Our Python files, tests included, migrations not."""
    found = [*_walk(CODE), *_walk(ROOT / "tests")]
    return [Source(path) for path in found if path.suffix == ".py" and "migrations" not in path.parts]


def product() -> list[Source]:
    return [source for source in sources() if not source.is_test]


@cache
def templates() -> list[Source]:
    return [Source(path) for path in _walk(CODE) if path.suffix == ".html"]


@cache
def texts() -> list[Source]:
    """Everything that is written by hand and kept in the repository."""
    built = CODE / "web" / "static" / "built"
    return [Source(path) for path in _walk(ROOT) if path.suffix in TEXTS and not path.is_relative_to(built)]


def found(pattern: str, files: list[Source], *, flags: int = 0) -> list[Place]:
    """Return each place where the pattern stands."""
    return [
        Place(file.name, file.text.count("\n", 0, match.start()) + 1, match[0].strip())
        for file in files
        for match in re.finditer(pattern, file.text, flags)
    ]


def none(places: list[Place]) -> None:
    """Fail with every place, one a line."""
    assert not places, "\n" + "\n".join(map(str, places))
