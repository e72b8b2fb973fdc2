"""The evaluation questions: what one line of a question file means, and how it is read.

A question file holds one JSON object a line; ``eval/questions/FORMAT.md`` describes the fields for people
who write their own. Ids of items may name a sub-point (``rongcheng-2023#16.3``); measures compare items.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from rag.errors import PlanqaError
from rag.records import Turn

QuestionType = Literal["lookup", "enumerate", "compare", "summarise", "count", "unanswerable", "follow_up"]
QuestionLanguage = Literal["zh", "en", "mixed"]
GoldVerdict = Literal["yes", "partial", "no_evidence"]
Operation = Literal["sum", "count", "difference", "max", "min"]
ANSWERED = ("answered", "partial")
"""The statuses of an answer that says something."""
REFUSED = ("not_found", "out_of_corpus", "ambiguous")
"""The statuses of an answer that declines."""
QUESTIONS_DIR = Path(__file__).parent / "questions"
"""Where the questions that come with the project lie: ``dev.jsonl`` and ``test.jsonl``."""


class QuestionError(PlanqaError):
    """A line of a question file that cannot be read; the message names file, line and field."""

    code = "bad_question_file"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a right answer states."""

    name: str
    forms: tuple[str, ...]
    """Ways to write it; any one counts. Compared without spaces, commas, width and case."""
    items: tuple[str, ...] = ()
    """The items that state it; empty where it is computed from :attr:`Question.computation`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one plan really says to an enumerate question."""

    verdict: GoldVerdict
    items: tuple[str, ...] = ()
    quote: str = ""
    """Words of the plan that show it, verbatim, for ``yes`` and ``partial``."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is added, counted or compared."""

    item: str
    quote: str
    value: float
    """1 where things are counted."""


@dataclass(frozen=True, slots=True)
class Computation:
    """How the answer of a count question follows from the plans."""

    operation: Operation
    parts: tuple[Part, ...]
    value: float

    def compute(self) -> float:
        """The result of the operation on the parts."""
        values = [part.value for part in self.parts]
        if self.operation == "sum":
            return sum(values)
        if self.operation == "count":
            return float(len(values))
        if self.operation == "difference":
            return values[0] - sum(values[1:])
        return max(values) if self.operation == "max" else min(values)


@dataclass(frozen=True, slots=True)
class Question:
    """One evaluation question with its gold."""

    question_id: str
    type: QuestionType
    topic: str
    """Questions of one topic are always in the same split."""
    language: QuestionLanguage
    text: str
    reference: str
    """An answer that a careful reader would give."""
    note: str = ""
    """What nearly fits but does not, and why."""
    traits: tuple[str, ...] = ()
    """How it is written: misspelt, traditional, mixed, spoken, rambling, colloquial, injection."""
    history: tuple[Turn, ...] = ()
    standalone: str = ""
    """For a follow-up: the question it really asks."""
    scope: tuple[str, ...] = ()
    """The plans it is about; empty for all of them."""
    required: tuple[str, ...] = ()
    """Items that an ideal answer cites."""
    acceptable: tuple[str, ...] = ()
    """Items that it may cite as well."""
    facts: tuple[Fact, ...] = ()
    statuses: tuple[str, ...] = ANSWERED
    """The statuses that are right for it."""
    reason: str = ""
    """For an unanswerable one: wrong_city, wrong_year, silent, hidden or false_premise."""
    correction: tuple[str, ...] = ()
    """For a false premise: words of an answer that sets it right, which is as good as refusing."""
    criterion: str = ""
    """For enumerate: what a plan must say to count as yes."""
    verdicts: tuple[tuple[str, Verdict], ...] = ()
    """For enumerate: one for every plan of the corpus."""
    computation: Computation | None = None
    same_as: str = ""
    """The question that this one asks in other words; all that its own line leaves out is that one's."""
    line: str = field(default="", repr=False, compare=False)
    """The line that it was read from, which a run keeps."""

    @property
    def answerable(self) -> bool:
        """Whether the corpus holds an answer."""
        return any(status in ANSWERED for status in self.statuses)


def load_questions(paths: Iterable[Path]) -> list[Question]:
    """All questions of the files, in order; a rewording may name a question of any of them.

    :raises QuestionError: names the line that cannot be read.
    """
    lines = [
        (f"{path.name}:{number}", line.strip())
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.strip()
    ]
    read = [(where, line, _read_object(line, where)) for where, line in lines]
    by_id = {data["id"]: data for _, _, data in read if isinstance(data.get("id"), str)}
    questions: list[Question] = []
    seen: dict[str, str] = {}
    for where, line, data in read:
        question = _parse(data, line, where, by_id)
        if question.question_id in seen:
            first = seen[question.question_id]
            raise QuestionError(f"{where}: id {question.question_id!r} is used in {first} already")
        seen[question.question_id] = where
        questions.append(question)
    return questions


def with_rewordings(questions: Sequence[Question]) -> list[Question]:
    """The questions that are put in other words, and their rewordings; the order stays."""
    reworded = {question.same_as for question in questions if question.same_as}
    return [question for question in questions if question.same_as or question.question_id in reworded]


_FIELDS = {
    "id", "type", "topic", "language", "question", "reference", "note", "traits", "history", "standalone",
    "scope", "required", "acceptable", "facts", "status", "reason", "correction", "criterion", "verdicts",
    "computation", "same_as",
}  # fmt: skip


def parse_question(line: str, where: str) -> Question:
    """One line of a question file.

    :raises QuestionError: says what is missing, unknown or of a wrong kind, and where.
    """
    return _parse(_read_object(line, where), line.strip(), where, {})


def _read_object(line: str, where: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise QuestionError(f"{where}: not JSON ({error}); one object a line is wanted") from error
    if not isinstance(data, dict):
        raise QuestionError(f"{where}: found {type(data).__name__}, wanted an object")
    unknown = sorted(set(data) - _FIELDS)
    if unknown:
        known = ", ".join(sorted(_FIELDS))
        raise QuestionError(f"{where}: unknown field {', '.join(unknown)}; known are {known}")
    return data


def _parse(data: dict[str, Any], line: str, where: str, others: Mapping[str, Mapping[str, Any]]) -> Question:
    """The question of a line, completed from the one of ``others`` that it rewords."""
    same_as = data.get("same_as", "")
    whole = {**others.get(same_as, {}), **data} if same_as else data
    if whole != data:
        line = json.dumps(whole, ensure_ascii=False)  # a run's folder must not need the other file
    try:
        return replace(_build(whole), line=line)
    except KeyError as error:
        missing = f"{where}: field {error} is missing"
        if same_as and same_as not in others:
            missing += f", and {same_as!r}, of which it is a rewording, is in none of the files"
        raise QuestionError(missing) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise QuestionError(f"{where}: {error}") from error


def _build(data: Mapping[str, Any]) -> Question:
    return Question(
        question_id=_text(data, "id"),
        type=_choice(data, "type", get_args(QuestionType)),
        topic=_text(data, "topic"),
        language=_choice(data, "language", get_args(QuestionLanguage)),
        text=_text(data, "question"),
        reference=_text(data, "reference"),
        note=data.get("note", ""),
        traits=_texts(data, "traits"),
        history=tuple(Turn(_choice(turn, "role", ("user", "assistant")), turn["content"])
                      for turn in data.get("history", ())),
        standalone=data.get("standalone", ""),
        scope=_texts(data, "scope"),
        required=_texts(data, "required"),
        acceptable=_texts(data, "acceptable"),
        facts=tuple(Fact(fact["name"], _texts(fact, "forms"), _texts(fact, "items"))
                    for fact in data.get("facts", ())),
        statuses=_texts(data, "status") or ANSWERED,
        reason=data.get("reason", ""),
        correction=_texts(data, "correction"),
        criterion=data.get("criterion", ""),
        verdicts=tuple((plan, _verdict(verdict)) for plan, verdict in data.get("verdicts", {}).items()),
        computation=_computation(data["computation"]) if "computation" in data else None,
        same_as=data.get("same_as", ""),
    )  # fmt: skip


def _verdict(data: Mapping[str, Any]) -> Verdict:
    verdict = _choice(data, "verdict", get_args(GoldVerdict))
    return Verdict(verdict, _texts(data, "items"), data.get("quote", ""))


def _computation(data: Mapping[str, Any]) -> Computation:
    parts = tuple(Part(part["item"], part["quote"], float(part["value"])) for part in data["parts"])
    return Computation(_choice(data, "operation", get_args(Operation)), parts, float(data["value"]))


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"field {name!r} is {value!r}; a text that is not empty is wanted")
    return value


def _texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = data.get(name, [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ValueError(f"field {name!r} is {value!r}; a list of texts is wanted")
    return tuple(value)


def _choice(data: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> Any:  # noqa: ANN401 - a Literal
    value = data[name]
    if value not in allowed:
        raise ValueError(f"field {name!r} is {value!r}; wanted one of {', '.join(allowed)}")
    return value
