"""Answers questions: the only place that knows the order of the steps."""

from __future__ import annotations

import copy
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from corpus.plan import Item, Plan
from embeddings.encoder import Encoder
from rag.ambiguity import Missing, ask_back, find_missing
from rag.beyond_plans import refuse_beyond
from rag.carried_matter import carry_matter
from rag.citations import CitationBook
from rag.compare import MAX_PLANS, answer_compare
from rag.count import answer_count
from rag.draft import Draft
from rag.errors import BadQuestion, QuestionTooLong
from rag.figure_parts import asks_one_by_one, asks_which_builds_more
from rag.generate import Generator
from rag.item_counts import asks_which_has_more, compare_item_counts, count_items_of_unit
from rag.lookup import answer_item, answer_lookup
from rag.meant_matters import meant_for
from rag.mode_model import mode_reader_for
from rag.modes import asks_how_many_plans
from rag.named_matters import NamedMatters
from rag.overview import answer_overview
from rag.places import CorpusPlaces, Gazetteer
from rag.provenance import chain_digest, prompts_digest, verdicts_digest
from rag.question_map import map_for
from rag.reading import QuestionReader, Reading
from rag.records import Answer, AskRequest, Coverage, Event, Found, Status
from rag.retrieve import Limits, Retriever
from rag.snapshot import Index
from rag.spelling import Spelling
from rag.steps import Emit, Steps, never, silent
from rag.subjects import Subjects
from rag.summarise import answer_summarise
from rag.terms import Terms
from rag.ungiven import refuse_ungiven
from rag.verdict_model import VerdictModel
from rag.verdicts import VerdictJudge
from rag.which_plans import answer_which_plans
from rag.wording import not_held, nothing_left, out_of_corpus, read_as
from rag.years import answer_years, fits_years

Step = Callable[[Steps], Draft]
_FIRST_QUESTION = "chilcare of 上诲, 幼儿园"
"""Uses all that reading looks places and terms up in: names in both scripts, and misspelt ones."""


class Answerer:
    """Answers questions over one index. Safe to call from several threads."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        generator: Generator | None,
        gazetteer: Gazetteer,
        max_question_chars: int = 2000,
        max_history: int = 40,
        n_evidence: int = 5,
        max_tokens: int = 160,
        no_model_reason: str = "generate: false",
        verdict_model: VerdictModel | None = None,
        terms: Terms | None = None,
        limits: Limits | None = None,
        matters: NamedMatters | None = None,
    ) -> None:
        self.index = index
        self.generator = generator
        terms, matters = terms or Terms.load(), matters or NamedMatters.load()
        meant = meant_for(encoder)
        self._terms_digest = terms.digest
        self._matters_digest = "-".join(part.digest for part in (matters, meant) if part is not None)
        self._retriever = Retriever(index, encoder, terms, limits, matters, meant)
        self._encoder = encoder
        verdict_model = verdict_model or VerdictModel.load()
        self._verdicts = verdicts_digest(verdict_model)
        self._judge = VerdictJudge(self._retriever, verdict_model, map_for(encoder))
        places = CorpusPlaces(index.plans, gazetteer)
        spelling = Spelling(index.plans, terms.forms(), places.latin_names, places.names_place)
        self._reader = QuestionReader(index.plans, places, mode_reader_for(encoder), spelling)
        self._subjects = Subjects(index.plans, places)
        self._plans = {plan.plan_id: plan for plan in index.plans}
        self._items = {item.item_id: item for plan in index.plans for item in plan.parts()}
        self._max_question_chars = max_question_chars
        self._max_history = max_history
        self._n_evidence = n_evidence
        self._max_tokens = max_tokens
        self._no_model_reason = no_model_reason

    def with_generator(self, generator: Generator | None) -> Answerer:
        """The same answerer over the same parts, with another language model or none."""
        other = copy.copy(self)
        other.generator = generator
        return other

    def made_with(self, generate: bool = True) -> dict[str, Any]:
        """What decides an answer beside the question: index, model, prompts, verdicts, rules, settings."""
        generator = self.generator if generate else None
        return {
            "index": self.index.manifest.index_id,
            "model": None if generator is None else generator.digest,
            "prompts": prompts_digest(),
            "verdicts": self._verdicts,
            "terms": self._terms_digest,
            "matters": self._matters_digest,
            "chain": chain_digest(),
            "settings": {"evidence": self._n_evidence, "max_tokens": self._max_tokens},
        }

    def find_plan(self, plan_id: str) -> Plan | None:
        """The plan with this id; None where there is none."""
        return self._plans.get(plan_id)

    def find_item(self, item_id: str) -> Item | None:
        """The item with this id; None where there is none."""
        return self._items.get(item_id)

    def check(self, request: AskRequest) -> Reading:
        """Read the request; raises BadQuestion, QuestionTooLong or UnknownFilter."""
        if not request.question.strip():
            raise BadQuestion("the question is empty; write what you want to know.")
        if len(request.question) > self._max_question_chars:
            raise QuestionTooLong(len(request.question), self._max_question_chars)
        if len(request.history) > self._max_history:
            raise BadQuestion(
                f"the history has {len(request.history)} messages; at most {self._max_history} are taken.",
                {"found": len(request.history), "limit": self._max_history},
            )
        if not any(character.isalnum() for character in request.question):
            raise BadQuestion("the question has no letter, digit or character; write what you want to know.")
        return carry_matter(self._reader.read(request), self._retriever)

    def warm_up(self) -> None:
        """Search once, so that the first reader need not wait for tables that are made when first needed."""
        self.search(AskRequest(_FIRST_QUESTION), 1)

    def search(self, request: AskRequest, k: int, per_plan: bool = False) -> Found:
        """The best items, how they were looked for and how long it took, without any language model."""
        started = time.perf_counter()
        reading = self.check(request)
        read = time.perf_counter()
        hits = (
            self._retriever.search(reading.topic, reading.plan_ids, k, per_plan) if reading.plan_ids else []
        )
        done = time.perf_counter()
        timings = {"read": read - started, "retrieve": done - read, "total": done - started}
        terms = {concept.label: concept.forms for concept in self._retriever.concepts(reading.topic)}
        return Found(
            hits,
            filters_applied(reading),
            terms,
            {name: round(value * 1000, 1) for name, value in timings.items()},
        )

    def answer(
        self, request: AskRequest, emit: Emit = silent, cancelled: Callable[[], bool] = never
    ) -> Answer:
        """Answer a question. Events go to ``emit`` as they come, the last is ``final`` with the whole answer.

        ``cancelled`` is asked between steps and while words are generated; once it says True, no further
        work is done and what is there so far is returned.
        """
        started = time.perf_counter()
        reading = self.check(request)
        generator = self.generator if request.generate else None
        reason = self._no_model_reason if request.generate else "generate: false"
        steps = Steps(
            reading,
            request.filters,
            self._retriever,
            self._encoder,
            generator,
            None if generator else reason,
            CitationBook(self._plans, self._items),
            self._subjects,
            tuple(self._plans[plan_id] for plan_id in reading.plan_ids),
            emit,
            cancelled,
            self._n_evidence,
            self._max_tokens,
        )
        emit(Event("status", {"stage": "read", **_understood(reading)}))
        draft = self._with_note(reading, steps)
        steps.timings["total"] = (time.perf_counter() - started) * 1000
        answer = self._finish(request, reading, steps, draft)
        emit(Event("final", asdict(answer)))
        return answer

    def _with_note(self, reading: Reading, steps: Steps) -> Draft:
        """The mode's draft; what was asked for beside it and is not in the corpus is said first."""
        missing = reading.unknown_places or reading.unknown_years
        if not reading.plan_ids or not missing:
            return self._choose(reading)(steps)
        note = not_held(reading.unknown_places, reading.unknown_years, reading.language) + "\n"
        steps.say(note)
        draft = self._choose(reading)(steps)
        status: Status = "partial" if draft.status == "answered" else draft.status
        return replace(draft, text=note + draft.text, status=status)

    def _choose(self, reading: Reading) -> Step:
        if not reading.plan_ids:
            return self._answer_out_of_corpus
        missing = find_missing(reading, [self._plans[plan_id] for plan_id in reading.plan_ids])
        if missing is not None:
            return lambda steps: _ask_back(missing, steps)
        if reading.item_numbers and (len(reading.cities) == 1 or len(reading.plan_ids) == 1):
            return answer_item
        if asks_which_has_more(reading):
            return compare_item_counts
        return lambda steps: (
            refuse_beyond(steps) or count_items_of_unit(steps) or self._choose_by_mode(reading)(steps)
        )

    def _choose_by_mode(self, reading: Reading) -> Step:
        if reading.mode == "count" and not asks_how_many_plans(reading.question):
            return lambda steps: answer_count(steps, self._judge) or self._answer_uncounted(steps)
        if reading.mode == "summarise" and reading.of_whole_plans:
            return answer_overview
        if reading.mode == "summarise":
            return lambda steps: answer_summarise(steps, self._judge)
        return self._choose_by_plans(reading)

    def _choose_by_plans(self, reading: Reading) -> Step:
        """Side by side, plan by plan, or a fact: it depends on the plans in scope, too."""
        plans = [self._plans[plan_id] for plan_id in reading.plan_ids]
        several = 1 < len(plans) <= MAX_PLANS
        if reading.mode == "compare" and fits_years(plans):
            return lambda steps: answer_years(steps, self._judge)
        if reading.mode == "compare" and several:
            return lambda steps: refuse_ungiven(steps) or answer_compare(steps, self._judge)
        if reading.mode == "enumerate" and several and reading.cities:
            return lambda steps: refuse_ungiven(steps) or answer_which_plans(steps, self._judge)
        if reading.mode == "enumerate" or (reading.mode in ("count", "compare") and len(plans) > 1):
            return lambda steps: answer_which_plans(steps, self._judge)
        if several and len({plan.city for plan in plans}) == 1:
            # one city, several years: each of them
            return lambda steps: refuse_ungiven(steps) or answer_compare(steps, self._judge)
        return lambda steps: answer_lookup(steps, self._judge)

    def _answer_uncounted(self, steps: Steps) -> Draft:
        """What is found where nothing can be computed: of several plans what each of them says."""
        question = steps.reading.question
        of_each = asks_one_by_one(question) or asks_which_builds_more(question)
        side_by_side = of_each and 1 < len(steps.plans) <= MAX_PLANS
        return (answer_compare if side_by_side else answer_lookup)(steps, self._judge)

    def _answer_out_of_corpus(self, steps: Steps) -> Draft:
        reading = steps.reading
        cities = set(reading.cities)
        known = [plan for plan in self.index.plans if not cities or plan.city in cities]
        if reading.unknown_places or reading.unknown_years:
            places = reading.unknown_places or reading.cities
            text = out_of_corpus(places, reading.unknown_years, known, reading.language)
        else:
            text = nothing_left(steps.filters, self.index.plans, reading.language)
        steps.say(text)
        return Draft("out_of_corpus", text)

    def _finish(self, request: AskRequest, reading: Reading, steps: Steps, draft: Draft) -> Answer:
        model: dict[str, Any] = {"name": None, "used": False, "encoder": self.index.manifest.encoder}
        if steps.generator is not None:
            model |= {"name": steps.generator.name, "digest": steps.generator.digest}
            model |= {"used": steps.model_used, **steps.tokens}
        made_with = self.made_with()
        model |= {name: made_with[name] for name in ("prompts", "verdicts", "chain", "settings")}
        model["evidence"] = list(dict.fromkeys(steps.evidence_ids))
        model |= {"removed_claims": steps.n_removed, "removed_quotes": steps.book.n_failed}
        warnings = [*draft.warnings, *steps.warnings()]
        if reading.corrections:
            warnings.insert(0, read_as(reading.corrections, reading.language))
        if steps.book.n_failed:
            warnings.append(f"{steps.book.n_failed} quotes were dropped: they do not stand in their plan")
        manifest = self.index.manifest
        return Answer(
            uuid.uuid4().hex,
            request.question,
            reading.question,
            reading.mode,
            reading.language,
            draft.status,
            draft.text,
            draft.claims,
            steps.book.citations,
            draft.verdicts,
            Coverage(len(steps.plans), draft.plans_checked, draft.items_scored, _gaps(steps.plans)),
            filters_applied(reading),
            tuple(dict.fromkeys(warnings)),
            model,
            {"id": manifest.index_id, "corpus": manifest.corpus_digest[:16], "plans": manifest.n_plans},
            {name: round(value, 1) for name, value in steps.timings.items()},
            draft.table,
            draft.figures,
        )


def _ask_back(missing: Missing, steps: Steps) -> Draft:
    text = ask_back(missing, steps.reading, steps.plans)
    steps.say(text)
    return Draft("ambiguous", text)


def filters_applied(reading: Reading) -> dict[str, Any]:
    """The scope as it was used, and what was asked for but is not in the corpus."""
    return {
        "cities": list(reading.cities),
        "years": list(reading.years),
        "plans": list(reading.plan_ids),
        "unknown_cities": list(reading.unknown_places),
        "unknown_years": list(reading.unknown_years),
    }


def _understood(reading: Reading) -> dict[str, Any]:
    return {
        "question_resolved": reading.question,
        "mode": reading.mode,
        "language": reading.language,
        "topic": reading.topic,
        "corrections": [list(pair) for pair in reading.corrections],
        "filters_applied": filters_applied(reading),
    }


def _gaps(plans: Sequence[Plan]) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "plan_id": plan.plan_id,
            "kind": gap.kind,
            "first": gap.first,
            "last": gap.last,
            "reason": gap.reason,
        }
        for plan in plans
        for gap in plan.gaps
    )
