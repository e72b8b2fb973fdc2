"""RGB (Chen et al. 2024): answers amid noise, refusals without evidence, answers from several documents.

Each question gets five documents, a share of them noise. A reply is right where it holds every gold answer;
a rejection is wanted where all five are noise.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.beir import BenchmarkError
from eval.matching import plain
from eval.measures import Share

N_DOCUMENTS = 5
_REJECTION = re.compile(r"信息不足|insufficient information", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Case:
    """One question of RGB."""

    case_id: str
    question: str
    answers: tuple[tuple[str, ...], ...]
    """Every one is wanted, each in any of its forms."""
    positive: tuple[tuple[str, ...], ...]
    """Documents that answer it: one group for each part of the question, a single group where it has none."""
    negative: tuple[str, ...]
    """Noise: documents that come close but do not answer."""
    wrong: tuple[str, ...] = ()
    """For the counterfactual sets: the positive documents with a false answer in them."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system replied."""

    text: str
    rejected: bool = False


Answer = Callable[[str, Sequence[str]], Reply]
"""From a question and its documents to a reply."""


def load_rgb(path: Path) -> list[Case]:
    """Read one of RGB's files, JSON lines. :raises BenchmarkError: where a line is not one of its cases."""
    if not path.is_file():
        raise BenchmarkError(f"{path} is missing; one of RGB's json files is wanted")
    cases: list[Case] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                cases.append(_case(json.loads(line)))
            except (json.JSONDecodeError, KeyError, TypeError) as error:
                raise BenchmarkError(f"{path.name}:{number}: not a case of RGB ({error!r})") from error
    if not cases:
        raise BenchmarkError(f"{path} has no cases")
    return cases


def mix_documents(case: Case, noise: float, wrong: float = 0.0) -> list[str]:
    """The case's five documents: a share ``noise`` of negative ones, ``wrong`` of counterfactual ones.

    The order is drawn by the case's id, so that every system reads the same. Where a case has too few of
    one kind the other fills up, as in the authors' protocol, but full noise never holds an answer.
    """
    n_positive = N_DOCUMENTS - round(N_DOCUMENTS * noise)
    positive = _in_turn(case.positive)
    n_wrong = min(round(N_DOCUMENTS * wrong), len(case.wrong))
    positive[:n_wrong] = case.wrong[:n_wrong]
    documents = positive[:n_positive]
    documents += case.negative[: N_DOCUMENTS - len(documents)]
    if n_positive:
        documents += positive[n_positive : n_positive + N_DOCUMENTS - len(documents)]
    random.Random(case.case_id).shuffle(documents)
    return documents


def is_right(case: Case, reply: str) -> bool:
    """Whether the reply holds every gold answer in one of its forms."""
    said = plain(reply)
    return all(any(plain(form) in said for form in forms) for forms in case.answers)


def is_rejection(reply: Reply) -> bool:
    """Whether the reply says that the documents do not answer the question."""
    return reply.rejected or _REJECTION.search(reply.text) is not None


def score_rgb(
    cases: Iterable[Case], noise: float, answer: Answer, progress: Callable[[], None] | None = None
) -> list[Share]:
    """One share a case: right answers below full noise, rejections at full noise."""
    shares: list[Share] = []
    for case in cases:
        reply = answer(case.question, mix_documents(case, noise))
        good = is_rejection(reply) if noise >= 1.0 else is_right(case, reply.text)
        shares.append(Share(float(good)))
        if progress is not None:
            progress()
    return shares


def _case(data: dict[str, Any]) -> Case:
    answers = data["answer"] if isinstance(data["answer"], list) else [data["answer"]]
    positive = data["positive"]
    groups = positive if positive and isinstance(positive[0], list) else [positive]
    return Case(
        str(data["id"]),
        str(data["query"]),
        tuple(tuple(forms) if isinstance(forms, list) else (str(forms),) for forms in answers),
        tuple(tuple(group) for group in groups),
        tuple(data.get("negative", ())),
        tuple(data.get("positive_wrong", ())),
    )


def _in_turn(groups: Sequence[Sequence[str]]) -> list[str]:
    """The first of every group, then the second of every group, and so on."""
    longest = max((len(group) for group in groups), default=0)
    return [group[place] for place in range(longest) for group in groups if place < len(group)]
