from chain_fakes import small_plans, write_plan

from corpus.plan import Plan
from rag.chunks import chunk_item, chunk_plans, chunks_digest, context, whole_item


def test_an_item_gives_its_sentences_without_the_title_alone() -> None:
    item = small_plans()[2].items[1]
    assert [(chunk.chunk_id, chunk.text, chunk.title) for chunk in chunk_item(item)] == [
        ("tianjin-2014#1.2:1", "培训教师1200名;", "加强教师培训"),
        ("tianjin-2014#1.2:2", "严禁幼儿园提前教授小学内容。", "加强教师培训"),
    ]


def test_a_chunk_is_embedded_beside_its_section_and_title() -> None:
    plan = small_plans()[0]
    assert context(chunk_item(plan.items[2])[0]) == "建设教师队伍 加强师德建设"
    assert context(chunk_item(small_plans()[3].items[0])[0]) == "办好学前教育"  # no section


def test_a_whole_item_can_be_quoted_without_being_indexed() -> None:
    item = small_plans()[0].items[1]
    whole = whole_item(item)
    assert (whole.text, whole.start, whole.end) == (item.text, item.start, item.end)
    assert whole.chunk_id not in {chunk.chunk_id for chunk in chunk_plans(small_plans())}


def test_the_title_is_left_out_in_every_style_of_numbering() -> None:
    firsts = [chunk_item(plan.items[0])[0].text for plan in small_plans()]
    assert firsts == [
        "新建、改扩建幼儿园30所,其中农村12所。",
        "新建、改扩建幼儿园50所,新增学位1.2万个。",
        "提升改造乡镇中心幼儿园50所。",
        "新增公办幼儿园42所。",
    ]


def test_an_item_that_is_only_a_title_keeps_it() -> None:
    plan = write_plan("a-2020", "甲", 2020, ["1|1.加强督导。"])
    assert [chunk.text for chunk in chunk_item(plan.items[0])] == ["加强督导。"]


def test_every_chunk_is_a_slice_of_its_plan_and_of_its_item(sample_plans: tuple[Plan, ...]) -> None:
    for plan in (*sample_plans, *small_plans()):
        items = {item.item_id: item for item in plan.parts()}
        chunks = chunk_plans([plan])
        assert {chunk.item_id for chunk in chunks} == set(items)
        for chunk in chunks:
            item = items[chunk.item_id]
            assert plan.text[chunk.start : chunk.end] == chunk.text
            assert item.start <= chunk.start < chunk.end <= item.end


def test_chunk_ids_are_unique_also_where_numbers_restart(sample_plans: tuple[Plan, ...]) -> None:
    ids = [chunk.chunk_id for chunk in chunk_plans(small_plans())]
    assert len(set(ids)) == len(ids)
    assert {"tianjin-2014#1.1:1", "tianjin-2014#2.1:1", "tianjin-2014#0:1"} <= set(ids)
    sample_ids = [chunk.chunk_id for chunk in chunk_plans(sample_plans)]
    assert len(set(sample_ids)) == len(sample_ids)


def test_the_digest_changes_with_a_word_and_with_nothing_else() -> None:
    once, again = chunks_digest(chunk_plans(small_plans())), chunks_digest(chunk_plans(small_plans()))
    changed = write_plan("a-2020", "甲", 2020, ["1|1.加强督导。"])
    other = write_plan("a-2020", "甲", 2020, ["1|1.加强检查。"])
    assert once == again
    assert chunks_digest(chunk_plans([changed])) != chunks_digest(chunk_plans([other]))
