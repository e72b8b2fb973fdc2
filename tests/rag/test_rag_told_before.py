"""Whoever asks for more (还有吗?) is told what was not quoted yet, or that there is no more."""

from __future__ import annotations

import pytest
from chain_fakes import Heard, answerer_over, ask
from guarantees import check_guarantees

from rag.reading import QuestionReader
from rag.records import Answer, AskRequest, Turn
from rag.snapshot import Index


def _talk(index: Index, *questions: str) -> list[Answer]:
    """The answers to the questions of one conversation."""
    answerer = answerer_over(index)
    answers: list[Answer] = []
    turns: tuple[Turn, ...] = ()
    for question in questions:
        heard = Heard()
        answer = ask(answerer, question, heard, history=turns)
        check_guarantees(index, answer, heard)
        answers.append(answer)
        turns = (*turns, Turn("user", question), Turn("assistant", answer.answer))
    return answers


@pytest.mark.parametrize(
    ("question", "more"),
    [
        ("邯郸怎么加强劳动教育?", "还有吗?"),
        ("荣成怎么加强德育?", "还有别的吗?"),
        ("How many kindergartens will Shanghai build?", "Anything else?"),
    ],
)
def test_no_sentence_is_quoted_twice_and_in_the_end_there_is_no_more(
    sample_index: Index, question: str, more: str
) -> None:
    first, *later = _talk(sample_index, question, more, more, more)
    assert first.status == "answered" and {answer.mode for answer in later} == {"summarise"}
    quotes = [citation.quote for answer in (first, *later) for citation in answer.citations]
    assert len(quotes) == len(set(quotes)) > len(first.citations)
    assert (later[-1].status, later[-1].citations) == ("not_found", ())
    assert "前面已引用" in later[-1].answer or "quoted before" in later[-1].answer


@pytest.mark.parametrize("question", ["概括荣成的校园安全工作", "荣成在中小学普及游泳课程吗?"])
def test_where_all_was_told_there_is_no_more(sample_index: Index, question: str) -> None:
    first, more = _talk(sample_index, question, "还有吗?")
    assert first.citations and (more.status, more.citations) == ("not_found", ())


def test_after_an_answer_without_quotes_all_is_told(reader: QuestionReader) -> None:
    def told(question: str, reply: str) -> str:
        history = (Turn("user", "荣成怎么普及游泳?"), Turn("assistant", reply))
        return reader.read(AskRequest(question, history)).told

    assert told("还有吗?", "荣成：“普及游泳课程。”[1]") == "荣成：“普及游泳课程。”[1]"
    assert told("还有吗?", "要普及游泳[1]。") == ""
    assert told("谁负责?", "荣成：“普及游泳课程。”[1]") == ""


def test_more_things_of_one_place_are_listed_where_some_were_quoted(reader: QuestionReader) -> None:
    def resolved(reply: str) -> str:
        history = (Turn("user", "上海要立哪些新规矩?"), Turn("assistant", reply))
        return reader.read(AskRequest("还有哪些?", history)).question

    assert resolved("上海：“修订条例。”[1]") == "上海要立哪些新规矩?请全部列出。"
    assert resolved("条例[1]。") == "上海要立哪些新规矩?"
