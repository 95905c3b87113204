"""The signing key of an installation on one machine: made once, kept beside its database, readable by its owner alone."""

import os
import secrets
import tempfile
from pathlib import Path

from lianshang.config.output import Unusable


def kept_secret(path: Path, *, only_here: bool) -> str:
    """Return the key in `path`, making it if it is not there yet; two processes that start together get the same one.

    `only_here` is False where the public address is https: such a site sets its own key.
    """
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    if not only_here:
        raise Unusable("环境变量 LIANSHANG_SECRET_KEY 没有设置：对外提供服务时应为至少 50 个字符的随机文字。")
    path.parent.mkdir(parents=True, exist_ok=True)
    _place(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _place(path: Path, key: str) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its key counts
    finally:
        Path(draft).unlink()
