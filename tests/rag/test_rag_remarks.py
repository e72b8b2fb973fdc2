"""Turns that ask nothing are passed over: the next question follows the one before them."""

from __future__ import annotations

import pytest
from chain_fakes import answerer_over, ask
from conversations import read

from rag.reading import QuestionReader
from rag.records import Turn
from rag.remarks import is_remark, without_remarks
from rag.snapshot import Index


@pytest.mark.parametrize(
    "text",
    [
        "哦,有课后服务啊,那还行",
        "挺好的",
        "嗯嗯知道了",
        "收到，谢谢！",
        "哦原来有免费公交啊,挺周到的",
        "那我就放心了",
        "星级食堂就是评好的那种吧,行",
        "村里的也算上了吧",
        "So one class a week, fine.",
        "ok thanks",
        "I see",
        "Oh, they have after-school care. That's good.",
        "Great, that's all I needed to know.",
    ],
)
def test_thanks_and_what_finds_an_answer_so_or_so_ask_nothing(text: str) -> None:
    assert is_remark(text)


@pytest.mark.parametrize(
    "text",
    [
        # they ask, or want something, in few words
        "那体育呢",
        "还行吗",
        "那青岛有多少吧",
        "换成上海的吧",
        "还行?",
        "好的,概括一下",
        "嗯,再看看体育吧",
        "ok, and football?",
        "thanks, next: sports",
        "太多了",
        "太多了,只要实验室的",
        "说错了",
        "不对,是高中",
        "More please",
        # a matter or a place
        "好的,体育",
        "天津的也有啊",
        "好学区",
        "安全方便的校车",
        "free buses",
    ],
)
def test_what_wants_something_or_names_a_matter_is_no_remark(text: str) -> None:
    assert not is_remark(text)


def test_a_remark_goes_with_its_answer_but_stays_where_it_names_a_place() -> None:
    history = (
        Turn("user", "哪些城市有课后服务?"),
        Turn("assistant", "邯郸[1]。"),
        Turn("user", "哦,挺好的"),
        Turn("assistant", "您想了解哪方面的内容？"),
        Turn("user", "哦,邯郸有啊,挺好的"),
        Turn("assistant", "……"),
    )
    assert without_remarks(history, lambda text: "邯郸" in text) == (*history[:2], *history[4:])


@pytest.mark.parametrize(
    ("earlier", "question", "resolved"),
    [
        (("邯郸小学生放学早没人接怎么办?", "哦,有课后服务啊,那还行"), "那中午管不管饭?", "邯郸中午管不管饭?"),
        (("南宁怎么做心理健康?", "嗯嗯知道了"), "那体育呢?", "南宁怎么做体育?"),
        (("上海要新建多少所幼儿园?", "挺好的", "谢谢"), "那南宁呢?", "南宁要新建多少所幼儿园?"),
        (("What does Nanning do about psychology?", "I see"), "What about Handan?",
         "What does Handan do about psychology?"),
        (("How does Rongcheng teach swimming?", "ok thanks"), "And football?",
         "How does Rongcheng teach football?"),
        # nothing was asked before it
        (("你好",), "荣成怎么普及游泳?", "荣成怎么普及游泳?"),
    ],
)  # fmt: skip
def test_a_question_after_a_remark_follows_the_one_before_it(
    reader: QuestionReader, earlier: tuple[str, ...], question: str, resolved: str
) -> None:
    assert read(reader, question, *earlier).question == resolved


@pytest.mark.parametrize("remark", ["谢谢", "哦,那还行", "I see"])
def test_a_remark_is_not_searched_for(sample_index: Index, remark: str) -> None:
    turns = (Turn("user", "荣成怎么普及游泳?"), Turn("assistant", "……[1]。"))
    answer = ask(answerer_over(sample_index), remark, history=turns)
    assert (answer.status, answer.citations) == ("ambiguous", ())
