"""Pairs that a reader has judged: invented sentences, and questions about them.

Every topic holds sentences in the style of the genre and questions about them; a question's ``yes`` lists the
sentences that say what it asks, ``partial`` those that say half of it, and every other sentence is a no. The
sentences are written for this purpose and stand in no plan: what is chosen on them has seen no question that
the chain is evaluated with.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import PlanqaError

PAIRS_DIR = Path(__file__).with_name("judged_pairs")


class PairsError(PlanqaError):
    """A line of pairs that cannot be read; the message names file, line and field."""

    code = "bad_pairs"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an invented plan, and the headings that it stands under."""

    section: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the places of the sentences that answer it."""

    text: str
    language: str
    kind: str
    """``which`` (does a plan say it) or ``detail`` (the sentence must hold the answer)."""
    yes: tuple[int, ...]
    partial: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """Sentences and the questions about them."""

    topic_id: str
    name: str
    sentences: tuple[Sentence, ...]
    questions: tuple[Asked, ...]


def load_topics(folder: Path = PAIRS_DIR) -> list[Topic]:
    """All topics of the folder's files, in the order of names and lines; raises PairsError."""
    topics = [_topic(line, f"{file.name}:{n}") for file, n, line in _lines(folder)]
    seen: set[str] = set()
    for topic in topics:
        if topic.topic_id in seen:
            raise PairsError(f"topic {topic.topic_id} stands twice in {folder.name}; give it another id.")
        seen.add(topic.topic_id)
    return topics


def _lines(folder: Path) -> Iterable[tuple[Path, int, str]]:
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise PairsError(f"no pairs in {folder}; wanted files that end in .jsonl.")
    for file in files:
        for n, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                yield file, n, line


def _topic(line: str, place: str) -> Topic:
    try:
        data: dict[str, Any] = json.loads(line)
        sentences = tuple(Sentence(**sentence) for sentence in data["sentences"])
        questions = tuple(_asked(asked, len(sentences)) for asked in data["questions"])
        return Topic(data["id"], data["topic"], sentences, questions)
    except json.JSONDecodeError as error:
        raise PairsError(f"{place} is not JSON: {error}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise PairsError(
            f"{place}: {error}; wanted id, topic, sentences (section, title, text) and questions "
            "(lang, kind, text, yes, partial), the last two with places in the sentences."
        ) from error


def _asked(data: dict[str, Any], n_sentences: int) -> Asked:
    yes, partial = tuple(data["yes"]), tuple(data["partial"])
    wrong = [place for place in (*yes, *partial) if place not in range(n_sentences)]
    if wrong:
        raise ValueError(f"{data['text']!r} names sentences {wrong} of {n_sentences}")
    if set(yes) & set(partial):
        raise ValueError(f"{data['text']!r} has sentences that are both yes and partial")
    if data["lang"] not in ("zh", "en") or data["kind"] not in ("which", "detail"):
        raise ValueError(
            f"{data['text']!r} is {data['lang']}, {data['kind']}; wanted zh or en, which or detail"
        )
    return Asked(data["text"], data["lang"], data["kind"], yes, partial)
