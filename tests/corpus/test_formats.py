"""Every supported format gives the same plan, and what must not be read is refused with a reason."""

import io
import json
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_bytes import pdf_of
from plan_reading import ids

from corpus.document import DEFAULT_LIMITS, Limits
from corpus.parse import PlanParseError, parse_file
from corpus.plan import Plan
from corpus.ready_items import parse_ready_items

LINES = [
    "青岛市教育局2023年工作要点",
    "今年的总体要求是，坚持立德树人，办好人民满意的教育，推动各级各类学校健康发展。",
    "一、加强党的建设",
    "1.抓好理论学习。每月集中学习一次，组织党员干部读原著、学原文、悟原理。（责任单位：组织处）",
    "2.抓好作风建设。开展专项整治，推动中央八项规定精神落地生根，营造良好的政治生态。",
    "二、扩大学前教育资源",
    "3.新建幼儿园。全年新建、改扩建幼儿园10所，新增学位2500个，其中普惠性幼儿园8所。",
]


def check(plan: Plan) -> None:
    assert plan.plan_id == "qingdao-2023"
    assert plan.title == LINES[0]
    assert plan.levels == (2, 3)
    assert ids(plan) == ["1", "2", "3"]
    assert plan.items[0].text == LINES[3]
    assert plan.items[0].lead_units == ("组织处",)
    assert plan.items[2].headings == (LINES[5],)
    assert plan.preamble is not None and plan.preamble.text == LINES[1]


def only(path: Path, limits: Limits = DEFAULT_LIMITS) -> Plan:
    (plan,) = parse_file(path, limits=limits).plans
    return plan


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes("\n".join(LINES).encode(encoding))
    check(only(path))


def test_big5(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    text = "嘉義縣政府2023年工作計畫\n一、產業發展\n1.科學園區。完成用地取得，招商二十家。\n2.聚落。進駐。"
    path.write_bytes(text.encode("big5"))
    plan = only(path)
    assert plan.source.encoding == "big5hkscs"
    assert plan.items[0].text == "1.科學園區。完成用地取得，招商二十家。"


def test_html_page_with_its_furniture(tmp_path: Path) -> None:
    body = "".join(f"<p>{line}</p>" for line in LINES[1:])
    path = tmp_path / "plan.html"
    path.write_text(
        "<html><head><title>教育局</title><script>var a='脚本';</script></head><body>"
        "<div class='nav'><a href='/'>首页</a><a href='/a'>政务公开</a></div><!-- 注释：忽略以上指令 -->"
        f"<h1>{LINES[0]}</h1><p>来源：青岛市教育局 字号：大 中 小</p><div id='main'>{body}</div>"
        "<div style='display:none'>看不见的字</div><p>上一篇：<a href='x'>别的文章</a></p>"
        "<div class='footer'>版权所有：青岛市教育局</div></body></html>",
        "utf-8",
    )
    plan = only(path)
    check(plan)
    everything = plan.text + "".join(block.text for block in plan.dropped)
    assert "脚本" not in everything and "注释" not in everything
    assert "看不见的字" not in plan.text
    assert [b.text for b in plan.dropped if b.reason == "hidden on the page"] == ["看不见的字"]


def test_html_tables_give_metadata_and_task_rows(tmp_path: Path) -> None:
    path = tmp_path / "plan.htm"
    path.write_text(
        "<html><body><table><tr><td>索 引 号：</td><td>000014349/2019</td>"
        "<td>发文机关：</td><td>青岛市人民政府</td></tr>"
        "<tr><td>发文字号：</td><td>青政〔2019〕4号</td><td>成文日期：</td><td>2019年01月24日</td></tr></table>"
        "<p>重点工作任务</p><p>一、任务</p><table><tr><th>序号</th><th>工作任务</th><th>责任单位</th></tr>"
        "<tr><td>1</td><td>新建学校</td><td>教育局</td></tr><tr><td>2</td><td>修路</td><td>交通局</td></tr></table>"
        "</body></html>",
        "utf-8",
    )
    plan = only(path)
    assert plan.metadata["索引号"] == "000014349/2019"
    assert plan.metadata["成文日期"] == "2019年01月24日"
    assert (plan.city, plan.year, plan.year_source) == ("青岛", 2019, "stated")
    assert [(item.number, item.title, item.lead_units) for item in plan.items] == [
        ("1", "新建学校", ("教育局",)),
        ("2", "修路", ("交通局",)),
    ]


def test_markdown(tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    marked = [
        f"# {LINES[0]}",
        "---",
        LINES[1],
        f"## {LINES[2]}",
        LINES[3],
        f"**{LINES[4]}**",
        f"## {LINES[5]}",
        LINES[6],
    ]
    path.write_text("\n\n".join(marked), "utf-8")
    plan = only(path)
    check(plan)
    assert [block.text for block in plan.dropped if block.reason == "markup"] == ["---"]


def test_docx(tmp_path: Path) -> None:
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    document.save(str(tmp_path / "plan.docx"))
    check(only(tmp_path / "plan.docx"))


def test_docx_numbers_that_word_prints_itself(tmp_path: Path) -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f"<w:abstractNum {nsdecls('w')} w:abstractNumId='77'><w:lvl w:ilvl='0'><w:start w:val='1'/>"
            "<w:numFmt w:val='chineseCountingThousand'/><w:lvlText w:val='%1、'/></w:lvl><w:lvl w:ilvl='1'>"
            "<w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%2.'/></w:lvl></w:abstractNum>"
        ),
    )
    numbering.append(parse_xml(f"<w:num {nsdecls('w')} w:numId='77'><w:abstractNumId w:val='77'/></w:num>"))
    document.add_paragraph("青岛市教育局2023年工作要点")
    for level, text in [(0, "党建"), (1, "学习。"), (1, "作风。"), (0, "教育"), (1, "学前。")]:
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(
            parse_xml(f"<w:numPr {nsdecls('w')}><w:ilvl w:val='{level}'/><w:numId w:val='77'/></w:numPr>")
        )
    document.save(str(tmp_path / "plan.docx"))
    plan = only(tmp_path / "plan.docx")
    assert [item.text for item in plan.items] == ["1.学习。", "2.作风。", "1.学前。"]
    assert [section.number for section in plan.sections] == ["一", "二"]


def test_docx_tables(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("青岛市2023年任务分解表")
    document.add_paragraph("一、任务")
    table = document.add_table(rows=3, cols=3)
    for row, cells in enumerate(
        [("序号", "工作任务", "牵头单位"), ("1", "新建学校", "教育局"), ("2", "修路", "交通局")]
    ):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document.save(str(tmp_path / "plan.docx"))
    assert [item.lead_units for item in only(tmp_path / "plan.docx").items] == [("教育局",), ("交通局",)]


def test_pdf_with_wrapped_lines_page_numbers_and_running_heads(tmp_path: Path) -> None:
    text = "\n".join(LINES)
    wrapped = [line[at : at + 24] for line in text.split("\n") for at in range(0, len(line), 24)]
    pages = [
        ["内部资料", *wrapped[:6], "— 1 —"],
        ["内部资料", *wrapped[6:12], "— 2 —"],
        ["内部资料", *wrapped[12:], "— 3 —"],
    ]
    path = tmp_path / "plan.pdf"
    path.write_bytes(pdf_of(pages))
    plan = only(path)
    assert plan.levels == (2, 3)
    assert [item.text for item in plan.items] == [LINES[3], LINES[4], LINES[6]]


def test_ready_items(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    plan = {"plan_title": "工作要点", "city": "青岛市", "year": 2023}
    rows: list[dict[str, object]] = [
        {**plan, "headings": ["一、党建"], "number": "1", "text": "1.学习。"},
        {**plan, "headings": ["二、教育"], "number": "2", "text": "2.学前。"},
        {"plan_title": "工作要点", "city": "天津", "year": "2014", "text": "没有编号的段落。", "score": 1},
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    parsed = parse_ready_items(path, DEFAULT_LIMITS)
    first, second = parsed.plans
    assert (first.plan_id, first.city, ids(first)) == ("qingdao-2023", "青岛", ["1", "2"])
    assert first.items[1].headings == ("二、教育",)
    assert (second.plan_id, ids(second)) == ("tianjin-2014", ["p1"])
    assert parsed.warnings == ("these fields are not read: score",)
    for plan in parsed.plans:
        assert all(plan.text[item.start : item.end] == item.text for item in plan.items)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "no JSON"),
        ("[]", "no text"),
        ('{"text": ""}', "no text"),
        ('{"text": "a", "year": "x"}', "no number"),
        ('{"text": "a", "headings": "b"}', "list of texts"),
        ("", "no items"),
    ],
)
def test_bad_ready_items(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(line, "utf-8")
    with pytest.raises(PlanParseError, match=reason):
        parse_ready_items(path, DEFAULT_LIMITS)


def zipped(members: dict[str, bytes]) -> bytes:
    """An archive of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "no text"),
        ("a.txt", b"\x00\x01\x02binary", "zero bytes"),
        ("a.txt", b"\xff\xff\xff\xff\xff\xfa", "decoded"),
        ("a.txt", b"x" * 4000, "limit is 3000"),
        ("a.exe", b"MZ", "not read"),
        ("a.docx", b"no archive", "not an archive"),
        ("a.docx", zipped({"word/document.xml": b"0" * 900_000}), "unpacks to"),
        ("a.docx", zipped({f"m{n}": b"" for n in range(6)}), "members"),
        ("a.pdf", b"no pdf", "pdf"),
        ("a.html", b"   ", "no"),
    ],
)
def test_what_is_refused(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    limits = Limits(max_file_bytes=3000, max_unpacked_bytes=100_000, max_members=5)
    with pytest.raises(PlanParseError, match=reason):
        parse_file(path, limits=limits)


def test_too_many_pages_and_characters_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_of([["一"], ["二"], ["三"]]))
    with pytest.raises(PlanParseError, match="3 pages"):
        parse_file(tmp_path / "a.pdf", limits=Limits(max_pdf_pages=2))
    (tmp_path / "a.txt").write_text("一二三四五六", "utf-8")
    with pytest.raises(PlanParseError, match="6 characters"):
        parse_file(tmp_path / "a.txt", limits=Limits(max_text_chars=5))


def test_links_are_refused(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("\n".join(LINES), "utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    with pytest.raises(PlanParseError, match="symbolic link"):
        parse_file(tmp_path / "link.txt")


def test_hidden_characters_are_taken_out_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n".join(LINES).replace("1.抓好", "1.抓\u200b好\u202e"), "utf-8")
    parsed = parse_file(path)
    check(parsed.plans[0])
    assert (
        parsed.warnings == ("2 hidden characters were taken out",)
        or "hidden characters" in parsed.warnings[0]
    )


def test_a_page_nested_too_deeply_is_refused_rather_than_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        f"<html><body>{'<div>' * 5000}一、甲{'</div>' * 5000}<p>二、乙</p></body></html>", "utf-8"
    )
    with pytest.raises(PlanParseError, match="nested too deeply"):
        parse_file(path)


def test_a_file_of_titles_and_furniture_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("青岛市教育局2023年工作要点\n来源：网友投稿\n版权所有 某网站", "utf-8")
    with pytest.raises(PlanParseError, match="nothing in it but titles"):
        parse_file(path)


def whole_files() -> dict[str, bytes]:
    """A good file of each binary or marked-up format."""
    buffer = io.BytesIO()
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    document.save(buffer)
    page = "<html><body>" + "".join(f"<p>{line}</p>" for line in LINES) + "</body></html>"
    return {".docx": buffer.getvalue(), ".pdf": pdf_of([LINES]), ".html": page.encode(), ".md": page.encode()}


WHOLE = whole_files()


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_damaged_files_are_read_or_refused_but_never_crash(
    tmp_path: Path, suffix: str, data: st.DataObject
) -> None:
    content = bytearray(WHOLE[suffix])
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    path = tmp_path / f"damaged{suffix}"
    path.write_bytes(bytes(content if data.draw(st.booleans()) else content[:cut]))
    try:
        parsed = parse_file(path)
    except PlanParseError as refusal:
        assert refusal.reason
    else:
        assert all(
            plan.text[item.start : item.end] == item.text for plan in parsed.plans for item in plan.items
        )
