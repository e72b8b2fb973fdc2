"""What a manifest stated and users corrected: kept beside the corpus, and put on again at every reading."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from corpus.plan import Plan, Source
from corpus.restate import Stated, restate
from corpus.store import CorpusDamagedError, write_atomically

_NAME: Final = "statements.json"

How = Literal["manifest", "corrected"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement and the source it is about: the same file, or the same content under another name."""

    how: How
    file: str
    part: int
    sha256: str
    stated: Stated


class Statements:
    """All statements about the plans of a corpus."""

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        self._by_file: dict[tuple[How, str, int], Statement] = {}
        self._by_content: dict[tuple[How, str, int], Statement] = {}
        self.changed = False
        for statement in statements:
            self._keep(statement)

    def about(self, source: Source, how: How) -> Stated:
        """What has been stated about a source in one way; its own file goes before its content elsewhere."""
        own = self._by_file.get((how, source.file, source.part))
        same = self._by_content.get((how, source.sha256, source.part))
        stated = same.stated if same else Stated()
        return own.stated.over(stated) if own else stated

    def add(self, source: Source, how: How, stated: Stated) -> None:
        """Keep a statement; what an earlier one of its kind says of other fields stays."""
        earlier = self.about(source, how)
        whole = stated.over(earlier)
        if whole != earlier:
            self._keep(Statement(how, source.file, source.part, source.sha256, whole))
            self.changed = True

    def _keep(self, statement: Statement) -> None:
        self._by_file[(statement.how, statement.file, statement.part)] = statement
        self._by_content[(statement.how, statement.sha256, statement.part)] = statement

    def apply(self, plan: Plan) -> Plan:
        """The plan as the manifest states it and users corrected it; users have the last word."""
        stated = restate(plan, self.about(plan.source, "manifest"), "manifest")
        return restate(stated, self.about(plan.source, "corrected"), "corrected")

    def write(self, directory: Path) -> None:
        """Keep the statements beside the corpus."""
        rows = [asdict(self._by_file[key]) for key in sorted(self._by_file)]
        directory.mkdir(parents=True, exist_ok=True)
        write_atomically(directory / _NAME, json.dumps(rows, ensure_ascii=False, indent=1).encode())


def read_statements(directory: Path) -> Statements:
    """The statements of a corpus directory.

    :raises CorpusDamagedError: where their file cannot be read.
    """
    path = directory / _NAME
    if not path.exists():
        return Statements()
    try:
        rows = json.loads(path.read_text("utf-8"))
        return Statements(Statement(**{**row, "stated": Stated(**row["stated"])}) for row in rows)
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusDamagedError(f"{path} holds no statements ({error}); repair or remove it") from error
