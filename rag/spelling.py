"""Reads a question as it was meant: misspelt words of it are put right before anything else is done with it.

What plans print, what people ask in (``everyday_words.txt``) and the terms decide what a word may be meant
for; a word that any of them has is left as it is. An answer says what was read otherwise than it was written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.plan import Plan
from rag.chinese_spelling import ChineseSpelling, Slip, Vocabulary, read_vocabulary
from rag.english_spelling import EnglishSpelling
from rag.tokenise import simplify

WORDS_FILE = Path(__file__).with_name("everyday_words.txt")
"""Words, pairs of words (a plus between them) and single characters, each with a count; made by
``planqa eval words``."""
PAIR = "+"
_MAX_CHARS = 500_000
"""So much of a corpus is read for its words; of a larger one, parts from all of it."""
_TERM = 3
"""A term counts as a word that was seen so often."""
_CONFUSED = (
    (re.compile(r"哪几分(?=计划|要点|文件)"), "哪几份"),
    (re.compile(r"(?<=计划|要点|文件)有几分(?=[?？。]*$)"), "有几份"),
    (re.compile(r"(?<![㐀-鿿])那些(?=城市|地方|计划|要点)"), "哪些"),
    (re.compile(r"(有|还有|提了|写了)(?:那些|[那哪]写)(?=[?？。了吗]*$)"), r"\1哪些"),
    (re.compile(r"(?<=都有)那些(?=[^吗么]+$)"), "哪些"),
    (re.compile(r"怎吗"), "怎么"),
)
"""Asking words that are written for each other, where only one makes sense."""
_CHINESE = re.compile(r"[㐀-鿿]+")
_LATIN = re.compile(r"(?<![@./'’\w])([A-Za-z]+)(['’]s)?(?!['’]?[@/\w]|\.\w)", re.ASCII)
"""A word, with its possessive apart; none with another apostrophe in it, nor a part of an address."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A text put right."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()
    """What was written, and what it was read as."""


class Spelling:
    """Puts texts right after one corpus, its terms and the words that people ask in."""

    def __init__(
        self,
        plans: Sequence[Plan],
        terms: Iterable[str],
        cities: Mapping[str, str],
        is_place: Callable[[str], bool],
        words_file: Path = WORDS_FILE,
    ) -> None:
        everyday, english = _read(words_file)
        printed = read_vocabulary(_runs(plans))
        words = Counter(everyday.words)
        words.update(printed.words)
        pairs = Counter(everyday.pairs)
        pairs.update(printed.pairs)
        singles = Counter(everyday.singles)
        singles.update(printed.singles)
        for term in terms:
            found = _CHINESE.fullmatch(term)
            for word in [term] if found else re.findall(r"[a-z]+", term.lower()):
                (words if found else english)[word] += _TERM
        self._chinese = ChineseSpelling(words, pairs, singles)
        self._english = EnglishSpelling(english, cities, is_place)

    def correct(self, text: str) -> Corrected:
        """The text as it was meant."""
        changes: dict[str, str] = {}

        def chinese(match: re.Match[str]) -> str:
            run = match.group()
            plain = simplify(run)
            if len(plain) != len(run):
                return run
            out, position = "", 0
            for slip in self._chinese.slips(plain):
                if _is_cut_off(match, slip):
                    continue
                changes[run[slip.start : slip.end]] = slip.right
                out += run[position : slip.start] + slip.right
                position = slip.end
            return out + run[position:]

        def english(match: re.Match[str]) -> str:
            word, ending = match.groups(default="")
            right = self._english.right(word, text[: match.start()])
            if right != word:
                changes[word] = right
            return right + ending

        for pattern, right in _CONFUSED:
            changes |= {match.group(): match.expand(right) for match in pattern.finditer(text)}
            text = pattern.sub(right, text)
        # English first: its words are looked at in the text as it was written.
        return Corrected(_CHINESE.sub(chinese, _LATIN.sub(english, text)), tuple(changes.items()))


def _is_cut_off(run: re.Match[str], slip: Slip) -> bool:
    """Tell whether a short slip touches Latin letters, with which it may make sense (授 degree)."""
    before, after = run.string[: run.start()].rstrip()[-1:], run.string[run.end() :].lstrip()[:1]
    at_start, at_end = slip.start == 0, slip.end == len(run.group())
    touches = (at_start and before.isascii() and before.isalpha()) or (
        at_end and after.isascii() and after.isalpha()
    )
    return touches and len(slip.right) == 2


def _runs(plans: Sequence[Plan]) -> Iterable[str]:
    """The Chinese runs of the plans' texts; of a large corpus, of as much of each as there is room for."""
    share = _MAX_CHARS // max(1, len(plans))
    for plan in plans:
        yield from _CHINESE.findall(plan.text[: max(share, 1)])


def _read(path: Path) -> tuple[Vocabulary, Counter[str]]:
    """The Chinese vocabulary and the English words of a word list."""
    chinese, english = Vocabulary({}, {}, {}), Counter[str]()
    for line in path.read_text(encoding="utf-8").splitlines():
        word, count = line.split()
        n = int(count)
        if word.isascii():
            english[word] = n
        elif PAIR in word:
            chinese.pairs[word.replace(PAIR, "")] = n
        else:
            (chinese.words if len(word) > 1 else chinese.singles)[word] = n
    return chinese, english
