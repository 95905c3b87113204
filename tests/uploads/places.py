"""Where the program takes a file or a body from outside, found by reading its sources, and what was decided of each.

kept    looked at by `files.prepare`: what unpacks, and photos, in a process apart
apart   read by a parser in a process apart (long or packed; a short plain text where it is, by our own reader)
small   read where it is: refused above the number of bytes, by a parser that neither unpacks nor expands
shown   never sent anywhere (the pattern library)
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.harness import ROOT

FIELDS = {"FileField", "FilesField", "ImageField"}
BODIES = {"FILES", "body"}

DECIDED = {
    "cases/forms/calendars.py:NoticeFiles": "small 200000",
    "cases/forms/documents.py:TemplateFile": "apart",
    "cases/forms/importing.py:UploadForm": "apart",
    "cases/forms/profile.py:ProfileFile": "apart",
    "cases/forms/public.py:files_field": "kept",
    "cases/forms/trial.py:TrialForm": "apart",
    "cases/forms/verbs.py:uploads": "kept",
    "cases/views/actions.py:_form": "kept",
    "cases/views/calendars.py:load_national": "small 200000",
    "cases/views/catalogue.py:upload": "apart",
    "cases/views/document_templates.py:template": "apart",
    "cases/views/importing.py:index": "apart",
    "cases/views/mechanism.py:upload": "apart",
    "cases/views/public.py:_page": "kept",
    "cases/views/public.py:_taken_in": "kept",
    "cases/views/receipt.py:act": "kept",
    "cases/views/trial.py:trial": "apart",
    "cases/views/wecom.py:_answered": "small 131072",
    "chain/forms.py:BookForm": "apart",
    "chain/views/books.py:books": "apart",
    "kernel/files.py:prepared": "kept",
    "kernel/idempotency.py:_content": "small 0",  # hashed, never read
    "reports/forms/articles.py:ArticleForm": "apart",
    "reports/forms/briefings.py:TemplateForm": "apart",
    "reports/views/articles.py:index": "apart",
    "reports/views/templates.py:template": "apart",
    "web/styleguide.py:SampleForm": "shown",
}


def found(root: Path = ROOT / "lianshang") -> Iterator[str]:
    """Yield each class or function of the program that names a field for files, or reads files or a body."""
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).parts
        if not {"tests", "migrations", "models"} & set(parts) and path.name != "models.py":
            yield from _of(ast.parse(path.read_text(encoding="utf-8")), "/".join(parts))


def _of(tree: ast.Module, name: str) -> Iterator[str]:
    for one in tree.body:
        if isinstance(one, ast.ClassDef | ast.FunctionDef) and any(_takes(node) for node in ast.walk(one)):
            yield f"{name}:{one.name}"


def _takes(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        called = node.func
        return (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")) in FIELDS
    is_request = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "request"
    return is_request and isinstance(node, ast.Attribute) and node.attr in BODIES
