"""An encoder and a model that cost nothing, behind the chain's own protocols; short hand-made plans."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.plan import Gap, Item, Plan, Section, Source
from embeddings.encoder import Progress, Vectors
from rag.answer import Answerer
from rag.assembly import Parts, make_answerer
from rag.errors import GeneratorUnavailable
from rag.generate import Generation, Generator, Message, Sink
from rag.records import Answer, AskRequest, Event
from rag.settings import Settings
from rag.snapshot import Index, build_index, load_index
from rag.tokenise import normalise
from rag.verdict_model import Logistic, VerdictModel

_BILINGUAL = {
    "childcare": "托育",
    "places": "托额",
    "kindergarten": "幼儿园",
    "kindergartens": "幼儿园",
    "canteen": "食堂",
    "canteens": "食堂",
    "schools": "学校",
    "teachers": "教师",
    "smart": "智慧",
    "campus": "校园",
    "new": "新增",
    "build": "新建",
}
"""Words that the encoder knows in both languages."""
SAMPLES = (
    "handan-2022",
    "nanning-2023",
    "qingdao-2018",
    "qingdao-2023",
    "rongcheng-2023",
    "shanghai-2023",
    "tianjin-2014",
)
"""The sample plans, in the order in which they are checked."""


class FakeEncoder:
    """Texts that share pairs of characters are alike; some English words stand for Chinese ones."""

    def __init__(
        self, name: str = "fake-pairs/1", dimension: int = 256, fail_after: int | None = None
    ) -> None:
        self.name = name
        self.dimension = dimension
        self._fail_after = fail_after
        self.n_passages = 0
        self.n_questions = 0

    def encode_question(self, question: str) -> NDArray[np.float32]:
        self.n_questions += 1
        return self._vector(question)

    def encode_passages(
        self, texts: Sequence[str], titles: Sequence[str], progress: Progress | None = None
    ) -> Vectors:
        rows: list[NDArray[np.float32]] = []
        for text, title in zip(texts, titles, strict=True):
            if self._fail_after is not None and self.n_passages >= self._fail_after:
                raise RuntimeError("the encoder ran out of memory")
            self.n_passages += 1
            rows.append(self._vector(f"{title}\n{text}"))
            if progress is not None:
                progress(len(rows), len(texts))
        return np.stack(rows)

    def _vector(self, text: str) -> NDArray[np.float32]:
        known = (_BILINGUAL.get(word, word) for word in re.findall(r"[a-z]+|[^a-z]+", normalise(text)))
        vector = np.full(self.dimension, 1e-3, dtype=np.float32)
        for run in re.findall(r"[㐀-鿿]+|[a-z0-9]+", " ".join(known)):
            for pair in itertools.pairwise(run):
                digest = hashlib.blake2b("".join(pair).encode(), digest_size=4).digest()
                vector[int.from_bytes(digest, "big") % self.dimension] += 1.0
        return (vector / np.linalg.norm(vector)).astype(np.float32)


Reply = str | Exception | Callable[[str], str]
"""Words to say, an error to fail with, or what makes the words from the prompt."""


class FakeGenerator:
    """Says its replies one after the other, the last for ever, in pieces of two characters.

    ``fail_after`` makes it fail when so many pieces of a reply have left; with ``cut_off`` every reply ends
    because its tokens are used up; ``odds`` gives the log-odds of the first of two choices, from the prompt.
    """

    def __init__(
        self,
        *replies: Reply,
        fail_after: int | None = None,
        cut_off: bool = False,
        odds: Callable[[str], float] | Exception = lambda prompt: 0.0,
    ) -> None:
        self._replies = list(replies)
        self._fail_after = fail_after
        self._cut_off = cut_off
        self._odds = odds
        self.prompts: list[str] = []
        self.n_choices = 0
        self.n_pieces = 0

    @property
    def name(self) -> str:
        return "fake-model"

    @property
    def digest(self) -> str:
        return "f" * 64

    def generate(self, messages: Sequence[Message], max_tokens: int, sink: Sink | None = None) -> Generation:
        prompt = "\n".join(message.content for message in messages)
        self.prompts.append(prompt)
        text = self._next(prompt)
        written: list[str] = []
        for start in range(0, len(text), 2):
            if self._fail_after is not None and len(written) >= self._fail_after:
                raise GeneratorUnavailable("the fake model lost its weights")
            written.append(text[start : start + 2])
            self.n_pieces += 1
            if sink is not None and not sink(written[-1]):
                return Generation("".join(written), 10, 0, len(written), True)
        return Generation(text, 10, 0, max_tokens if self._cut_off else len(written))

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], sink: Sink | None = None
    ) -> tuple[float, ...]:
        self.n_choices += 1
        prompt = messages[-1].content
        self.prompts.append(prompt)
        if isinstance(self._odds, Exception):
            raise self._odds
        return (self._odds(prompt), *[0.0] * (len(choices) - 1))

    @property
    def n_calls(self) -> int:
        """How often it was called at all."""
        return len(self.prompts)

    def _next(self, prompt: str) -> str:
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0] if self._replies else ""
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, str) else reply(prompt)


def write_plan(
    plan_id: str,
    city: str,
    year: int,
    lines: Sequence[str],
    gaps: Sequence[Gap] = (),
    restarts: bool = False,
) -> Plan:
    """A plan of lines: ``# …`` is a section's heading, ``number|printed text`` an item, the rest preamble.

    With ``restarts`` numbers begin anew in each section, and ids carry the section's ordinal.
    """
    text, items, sections = "", [], []
    preamble: Item | None = None
    for line in lines:
        start = len(text)
        number, bar, printed = line.partition("|")
        if line.startswith("# "):
            printed = line[2:]
            sections.append(Section(printed[0], printed[2:], 1, start, start + len(printed)))
        elif not bar:
            number, printed = "0", line
        text += printed + "\n"
        if line.startswith("# "):
            continue
        headings = (text[sections[-1].start : sections[-1].end],) if sections else ()
        local = f"{len(sections)}.{number}" if restarts and number != "0" else number
        title = re.sub(r"^[（(]?[\d一二三四五六七八九十]+[)）.、]+", "", printed).partition("。")[0]
        item = Item(
            f"{plan_id}#{local}", plan_id, number, headings, title, printed, start, start + len(printed)
        )
        if number == "0":
            preamble = item
        else:
            items.append(item)
    return Plan(
        plan_id,
        f"{city}{year}年教育工作要点",
        city,
        "stated",
        year,
        "stated",
        "教育局",
        text,
        tuple(items),
        tuple(sections),
        Source(f"{plan_id}.txt", hashlib.sha256(text.encode()).hexdigest()),
        preamble,
        gaps=tuple(gaps),
    )


def small_plans() -> tuple[Plan, ...]:
    """Four short plans in three styles of numbering; one city has two years, one hides items."""
    hidden = Gap("hidden", 3, 5, "the source does not show this part", 70)
    return (
        write_plan(
            "qingdao-2018",
            "青岛",
            2018,
            [
                "# 一、发展学前教育",
                "1|1.新建幼儿园。新建、改扩建幼儿园30所,其中农村12所。",
                "2|2.建设标准化食堂。新建标准化食堂100个,不得转包给校外企业。",
                "# 二、建设教师队伍",
                "3|3.加强师德建设。评选师德标兵二十名。",
            ],
        ),
        write_plan(
            "qingdao-2023",
            "青岛",
            2023,
            [
                "# 一、扩大普惠资源",
                "1|（一）新建幼儿园。新建、改扩建幼儿园50所,新增学位1.2万个。",
                "2|（二）发展托育服务。新增托育托额3000个,公办园占比达到56%。",
                "3|（三）推进研学旅行。遴选研学基地8个。",
            ],
        ),
        write_plan(
            "tianjin-2014",
            "天津",
            2014,
            [
                "为做好2014年教育工作,制定本要点。",
                "# 一、学前教育",
                "1|1.提升改造幼儿园。提升改造乡镇中心幼儿园50所。",
                "2|2.加强教师培训。培训教师1200名;严禁幼儿园提前教授小学内容。",
                "# 二、教育信息化",
                "1|1.建设智慧校园。建成智慧校园113所。",
                "2|2.开放网络课程。开放网络课程200门。",
            ],
            restarts=True,
        ),
        write_plan(
            "handan-2022",
            "邯郸",
            2022,
            [
                "1|1、办好学前教育。新增公办幼儿园42所。",
                "2|2、加强体育工作。每天校内体育活动不少于1小时。",
                "6|6、改善办学条件。改造学校食堂60个。",
            ],
            gaps=[hidden],
        ),
    )


def make_index(plans: Sequence[Plan], directory: Path, encoder: FakeEncoder | None = None) -> Index:
    """An index of the plans, built and loaded."""
    used = encoder or FakeEncoder()
    build_index(plans, used, directory)
    return load_index(directory, used)


_UNSURE = Logistic((0.0,) * 8, 0.0)
_BY_ODDS = Logistic((0.0,) * 8 + (1.0,), 0.0)
ASKING = VerdictModel(_UNSURE, _BY_ODDS, ask_above=0.1, ask_below=0.9, yes_from=0.5, undecided_from=0.4)
"""A decision that is in doubt about every plan and goes by what the language model says."""
_BY_WORDS = Logistic((0.0, 0.0, 8.0) + (0.0,) * 5, -2.0)
BY_WORDS = VerdictModel(_BY_WORDS, _BY_ODDS, ask_above=1.0, ask_below=0.0, yes_from=0.5, undecided_from=0.4)
"""A decision by the words alone: the fitted one knows a real encoder's scores over many sentences."""


def answerer_over(
    index: Index,
    generator: Generator | None = None,
    verdict_model: VerdictModel | None = None,
    **settings: int,
) -> Answerer:
    """The chain over an index, put together as the command line does it.

    That some plan says what is asked is taken for granted, unless a decision is given: whether any does is
    decided by how near a real encoder finds a sentence, as it is.
    """
    fitted = replace(VerdictModel.load(), anywhere=None, foreign_anywhere=None)
    reason = "" if generator else "generate: false"
    parts = Parts(index, FakeEncoder(), generator, reason)
    return make_answerer(Settings(**settings), parts, verdict_model or fitted)


@dataclass(slots=True)
class Heard:
    """Takes the events of one answer."""

    events: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: str) -> list[dict[str, object]]:
        """The data of the events of one kind."""
        return [event.data for event in self.events if event.kind == kind]

    def words(self) -> str:
        """The pieces of text, joined."""
        return "".join(str(data["text"]) for data in self.of("delta"))


def ask(answerer: Answerer, question: str, heard: Heard | None = None, **fields: object) -> Answer:
    """The answer to a question."""
    return answerer.answer(AskRequest(question, **fields), heard or Heard())  # type: ignore[arg-type]
