"""A server process over the small chain: ``python small_server.py HOME``. Its standard output says the port.

While ``HOME/hold`` exists the model stands still; while ``HOME/load`` exists nothing is loaded; where
``HOME/fail`` exists loading fails. Settings come from the environment, as they do for planqa itself.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from small_chain import PairEncoder, ScriptedGenerator, small_answerer
from waiting import WAIT_S

from corpus.library import load_sample_plans
from rag.answer import Answerer
from rag.errors import GeneratorUnavailable
from rag.generate import Sink
from rag.settings import load_settings
from rag.snapshot import build_index, load_index
from server.engine import Engine
from server.run import bind, serve


class SlowGenerator(ScriptedGenerator):
    """Takes its time for every piece, as a real model does."""

    def __init__(self, piece_s: float) -> None:
        super().__init__()
        self._piece_s = piece_s

    def _enter(self, question: str) -> None:
        self.started.clear()  # this process runs long; nobody reads here what it was asked
        super()._enter(question)

    def _may_go_on(self, sink: Sink | None) -> bool:
        time.sleep(self._piece_s)
        return super()._may_go_on(sink)


class FileGate:
    """Shut while a file exists."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the file is gone; False where it is still there in the end."""
        deadline = time.monotonic() + (timeout or 0.0)
        while self._path.exists():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True


def main(home: Path) -> None:
    """Serve until a signal comes."""
    settings = load_settings({"home": home, "port": 0}).settings
    encoder, generator = PairEncoder(), SlowGenerator(float(os.environ.get("PIECE_S", "0")))
    generator.gate = FileGate(home / "hold")  # type: ignore[assignment]

    def reopen() -> Answerer:
        return small_answerer(load_index(settings.index_dir, encoder), generator, encoder)

    def load(engine: Engine) -> None:
        engine.load("index", "model")
        FileGate(home / "load").wait(WAIT_S)
        if (home / "fail").exists():
            raise GeneratorUnavailable("the weights are not there")
        if not settings.index_dir.exists():
            build_index(load_sample_plans(), encoder, settings.index_dir)
        engine.put(reopen())

    bound = bind("127.0.0.1", settings.port)
    sys.stdout.write(f"{bound.getsockname()[1]}\n")
    sys.stdout.flush()
    serve(settings, "1", bound, load, lambda: os.write(1, b"ready\n") and None, reopen)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
