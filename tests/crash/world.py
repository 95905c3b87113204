"""A small park in a database and a folder of its own, which is broken, judged, and put back as it was.

What lasts of a world is its `state`: the digest of every row and every file. Two crashes that leave the same state have
left the same world, and are judged once.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.test import override_settings
from django_scopes import scope

from lianshang.cases.tests.factories import Town
from lianshang.config.backups.targets import _wrapper, standing_in
from tests.clones import Database, drop
from tests.crash.keeping import Kept, kept_of


@dataclass
class Moment:
    """A world as it once was."""

    rows: Any
    files: dict[Path, bytes]


@dataclass
class World:
    """`files` is its folder of attachments, `sent` the list of what left the house, `begun` what the rig keeps of scripts."""

    town: Town
    database: Database
    folder: Path
    begun: dict[str, Any] = field(default_factory=dict)

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def sent(self) -> Path:
        return self.folder / "sent"

    @property
    def kept(self) -> Kept:
        return kept_of(self.database)

    @contextmanager
    def entered(self) -> Iterator[Town]:
        """Work in it, by a new connection as after a restart."""
        with override_settings(MEDIA_ROOT=self.files), standing_in(_wrapper(self.database)), scope(park=self.town.park):
            yield self.town

    def moment(self) -> Moment:
        return Moment(self.kept.read(), {path.relative_to(self.folder): path.read_bytes() for path in self._paths()})

    def put_back(self, moment: Moment) -> None:
        """As it was: every row, every counter, every file, and none more."""
        self.kept.write(moment.rows)
        self.put_files_back(moment)

    def put_files_back(self, moment: Moment) -> None:
        """Folders that a crash left empty go too: to make them is a step."""
        shutil.rmtree(self.files, ignore_errors=True)
        self.sent.unlink(missing_ok=True)
        for path, content in moment.files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(content)

    def state(self) -> str:
        digest = hashlib.sha256(self.kept.digest().encode())
        for path in self._paths():
            digest.update(f"{path.relative_to(self.folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
        return digest.hexdigest()

    def mark(self) -> object:
        """What lasts, told in a fraction of a millisecond: as long as it is the same, a crash leaves the same.

        It may change without need, since neighbours write on the same server: that costs one death more, no more.
        """
        return self.kept.mark(), [(path, path.stat().st_size) for path in self._paths()]

    def gone(self) -> None:
        drop(self.database)

    def _paths(self) -> list[Path]:
        """Not the database itself, and not the beginnings of files that nobody knows by name."""
        found = [*self.files.rglob("*"), *([self.sent] if self.sent.exists() else [])]
        return sorted(path for path in found if path.is_file() and not path.name.startswith("."))
