"""Whether a sentence of an answer is carried by its evidence: its numbers, places, negations and words.

The words are compared by the share of the claim's character pairs that the evidence (with its titles)
holds too; between languages, where no word can match, by the encoder's similarity of claim and evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.numbers import missing_numbers
from rag.polarity import is_turned
from rag.records import Chunk, Support
from rag.subjects import Subjects
from rag.tokenise import normalise

VERIFIED_COVERAGE = 0.5
WEAK_COVERAGE = 0.3
_FUNCTION = re.compile(r"[的了和与及等在对将把为以是有就都也还或并而之其中上下所到要该这那]")

Similarity = Callable[[str, Sequence[Chunk]], Sequence[float]]
"""Likeness of a claim to each chunk, -1 to 1, across languages."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well a claim is carried, and by which pieces of the evidence (places in the list given)."""

    support: Support
    carriers: tuple[int, ...]
    missing: tuple[str, ...] = ()
    """The numbers that no evidence holds, or the words about a city or year that has none."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which likeness on a claim in another language than its evidence counts as carried."""

    verified: float = 0.45
    weak: float = 0.35


def judge_claim(
    claim: str,
    evidence: Sequence[Chunk],
    allowed_numbers: frozenset[str],
    similarity: Similarity | None = None,
    thresholds: Thresholds | None = None,
    subjects: Subjects | None = None,
) -> Judgement:
    """Judge one sentence against the evidence that was in the prompt.

    ``allowed_numbers`` may stand in any claim: the years and item numbers of the evidence, which its
    citations show. ``similarity`` is given where the claim's language is not the evidence's. With
    ``subjects``, what a claim says of a city or a year must stand in evidence of that city or year.
    """
    if not evidence:
        return Judgement("unsupported", ())
    limits = thresholds or Thresholds()
    if similarity is None:
        likeness = [coverage(claim, chunk) for chunk in evidence]
        verified, weak = VERIFIED_COVERAGE, WEAK_COVERAGE
    else:
        likeness = list(similarity(claim, evidence))
        verified, weak = limits.verified, limits.weak
    carriers, missing = _find_carriers(claim, evidence, allowed_numbers, likeness, subjects)
    if missing or not carriers:
        return Judgement("unsupported", (), missing)
    if is_turned(claim, "\n".join(f"{evidence[i].title}\n{evidence[i].text}" for i in carriers)):
        return Judgement("unsupported", ())
    if similarity is None:
        best_likeness = coverage(claim, *(evidence[i] for i in carriers))
    else:
        best_likeness = max(likeness[i] for i in carriers)
    if best_likeness >= verified:
        return Judgement("verified", carriers)
    if best_likeness >= weak:
        return Judgement("weak", carriers)
    return Judgement("unsupported", ())


def _find_carriers(
    claim: str,
    evidence: Sequence[Chunk],
    allowed: frozenset[str],
    likeness: Sequence[float],
    subjects: Subjects | None,
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The evidence that holds every part of the claim, and the numbers that none holds."""
    if subjects is None:
        return _cover(_missing_in(claim, evidence, allowed), likeness, range(len(evidence)))
    allowed -= {str(year) for year in subjects.years}
    best: tuple[tuple[int, ...], tuple[str, ...]] = ((), ())
    for segments in subjects.readings(claim):
        carriers: set[int] = set()
        lacking: tuple[str, ...] = ()
        for segment in segments:
            fitting = [i for i, chunk in enumerate(evidence) if subjects.fits(segment, chunk)]
            found, missing = _cover(_missing_in(segment.text, evidence, allowed), likeness, fitting)
            carriers.update(found)
            lacking += missing if fitting else (segment.text,)
        best = (tuple(sorted(carriers)), lacking)
        if not lacking:
            break
    return best


def _missing_in(text: str, evidence: Sequence[Chunk], allowed: frozenset[str]) -> list[list[str]]:
    """For each piece of evidence the numbers of ``text`` that it does not hold."""
    return [missing_numbers(text, [chunk.text], allowed) for chunk in evidence]


def _cover(
    missing: Sequence[Sequence[str]], likeness: Sequence[float], among: Sequence[int]
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """As few pieces of evidence as hold all numbers between them, and what is lacking even so."""
    if not among:
        return (), ()
    carriers = [min(among, key=lambda i: (len(missing[i]), -likeness[i], i))]
    lacking = list(missing[carriers[0]])
    while lacking:
        gains = [(len(set(lacking) - set(missing[i])), i) for i in among if i not in carriers]
        gain, other = max(gains, key=lambda pair: (pair[0], likeness[pair[1]], -pair[1]), default=(0, 0))
        if gain == 0:
            return (), tuple(lacking)
        carriers.append(other)
        lacking = [number for number in lacking if number in missing[other]]
    return tuple(sorted(carriers)), ()


def coverage(claim: str, *chunks: Chunk) -> float:
    """Share of the claim's character pairs that the chunks, their titles and headings hold, 0 to 1."""
    wanted = pairs(claim)
    if not wanted:
        return 0.0
    have = pairs("\n".join(part for chunk in chunks for part in (chunk.text, chunk.title, *chunk.headings)))
    return len(wanted & have) / len(wanted)


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring Chinese characters, function words left out, and the Latin words."""
    pairs: set[str] = set()
    for run in re.findall(r"[a-z0-9]+|[㐀-鿿]+", normalise(text)):
        if run[0] < "㐀":
            pairs.add(run)
            continue
        for stretch in _FUNCTION.split(run):
            pairs.update(stretch[i : i + 2] for i in range(len(stretch) - 1))
    return pairs
