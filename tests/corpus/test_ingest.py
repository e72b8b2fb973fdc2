"""Files into a corpus directory: idempotent, atomic, incremental, and nothing lost."""

import json
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from corpus import store
from corpus.document import Limits
from corpus.ingest import CorpusBusyError, NoSuchPlanError, ingest, remove_plan, set_plan
from corpus.library import corpus_digest, load_plans, load_sample_plans, record, save_plans
from corpus.manifest import Manifest, ManifestError, read_manifest_table
from corpus.restate import Stated
from corpus.sources import SAMPLE_DIR
from corpus.store import CorpusDamagedError

QINGDAO = "\n".join(
    (
        "青岛市教育局2023年工作要点",
        "一、党建",
        "1.学习。抓好学习。",
        "2.作风。抓好作风。",
        "二、教育",
        "3.学前。新建5所。",
    )
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "corpus"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "plans"
    path.mkdir()
    (path / "a.txt").write_text(QINGDAO, "utf-8")
    return path


def test_samples_come_in_as_recorded(home: Path) -> None:
    report = ingest([SAMPLE_DIR], home)
    assert {plan.record["plan_id"]: plan.record["items"] for file in report.files for plan in file.plans} == {
        "handan-2022": 29, "nanning-2023": 38, "qingdao-2018": 27, "qingdao-2023": 20,
        "rongcheng-2023": 54, "shanghai-2023": 43, "tianjin-2014": 38,
    }  # fmt: skip
    assert load_plans(home) == load_sample_plans()
    assert [file.file for file in report.files if file.status == "skipped"] == ["sources.toml"]


def test_the_same_again_changes_nothing(home: Path, folder: Path) -> None:
    ingest([folder], home)
    before = {path.name: path.stat().st_mtime_ns for path in home.rglob("*.json")}
    report = ingest([folder], home)
    assert not report.changed
    assert [file.status for file in report.files] == ["unchanged"]
    assert report.files[0].plans[0].record["items"] == 3
    assert {path.name: path.stat().st_mtime_ns for path in home.rglob("*.json")} == before


def test_the_same_content_under_another_name_is_not_taken_twice(home: Path, folder: Path) -> None:
    ingest([folder], home)
    shutil.copy(folder / "a.txt", folder / "b.txt")
    report = ingest([folder], home)
    assert not report.changed
    assert len(load_plans(home)) == 1
    assert report.files[1].warnings == ("the same content is in the corpus as a.txt",)


def test_a_changed_plan_names_its_changed_items_and_keeps_the_ids(home: Path, folder: Path) -> None:
    ingest([folder], home)
    changed = QINGDAO.replace("抓好作风。", "狠抓作风。") + "\n4.小学。新建6所。"
    (folder / "a.txt").write_text(changed, "utf-8")
    (plan,) = ingest([folder], home).files[0].plans
    assert plan.status == "updated"
    assert (plan.added, plan.changed, plan.removed) == (("qingdao-2023#4",), ("qingdao-2023#2",), ())
    (folder / "a.txt").write_text(QINGDAO, "utf-8")
    (plan,) = ingest([folder], home).files[0].plans
    assert (plan.added, plan.changed, plan.removed) == ((), ("qingdao-2023#2",), ("qingdao-2023#4",))


def test_a_file_that_cannot_be_read_does_not_stop_the_others(home: Path, folder: Path) -> None:
    (folder / "b.txt").write_bytes(b"\x00\x01\x02")
    (folder / "c.docx").write_bytes(b"no archive")
    (folder / "d.xlsx").write_bytes(b"")
    report = ingest([folder, folder / "missing.txt"], home)
    assert [(file.file, file.status) for file in report.files] == [
        ("a.txt", "read"),
        ("b.txt", "refused"),
        ("c.docx", "refused"),
        ("d.xlsx", "skipped"),
        ("missing.txt", "refused"),
    ]
    assert [file.file for file in report.refused] == ["b.txt", "c.docx", "missing.txt"]
    assert all(file.reason for file in report.refused)
    assert [plan.plan_id for plan in load_plans(home)] == ["qingdao-2023"]


def test_a_file_that_turned_bad_leaves_its_plan(home: Path, folder: Path) -> None:
    ingest([folder], home)
    before = load_plans(home)
    (folder / "a.txt").write_bytes(b"\x00")
    assert len(ingest([folder], home).refused) == 1
    assert load_plans(home) == before


def test_an_ingestion_that_dies_half_way_leaves_the_old_corpus(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest([folder], home)
    before = load_plans(home)
    (folder / "a.txt").write_text(QINGDAO.replace("新建5所", "新建9所"), "utf-8")
    (folder / "b.txt").write_text(QINGDAO.replace("青岛", "南宁"), "utf-8")

    def die(done: int, total: int, name: str) -> None:
        if name == "b.txt":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest([folder], home, progress=die)
    assert load_plans(home) == before
    report = ingest([folder], home)
    assert report.changed
    assert [plan.plan_id for plan in load_plans(home)] == ["nanning-2023", "qingdao-2023"]
    assert len(list((home / "plans").iterdir())) == 2


def test_a_disk_that_fills_up_leaves_the_old_corpus(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest([folder], home)
    before = load_plans(home)
    (folder / "b.txt").write_text(QINGDAO.replace("青岛", "南宁"), "utf-8")

    def full(descriptor: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        ingest([folder], home)
    assert load_plans(home) == before


def test_a_damaged_plan_is_reported_and_read_anew(home: Path, folder: Path) -> None:
    ingest([folder], home)
    (path,) = (home / "plans").iterdir()
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(CorpusDamagedError, match="changed after it was saved"):
        load_plans(home)
    report = ingest([folder], home)
    assert any("changed after it was saved" in warning for warning in report.warnings)


def test_a_correction_survives_the_next_reading(home: Path, folder: Path) -> None:
    ingest([folder], home)
    corrected = set_plan(home, "qingdao-2023", Stated(city="南宁市", year=2022))
    assert (corrected.plan_id, corrected.city, corrected.year) == ("nanning-2022", "南宁", 2022)
    assert (corrected.city_source, corrected.year_source) == ("corrected", "corrected")
    assert [item.item_id for item in corrected.items] == [f"nanning-2022#{n}" for n in (1, 2, 3)]
    assert not ingest([folder], home).changed
    (folder / "a.txt").write_text(QINGDAO.replace("新建5所", "新建7所"), "utf-8")
    (plan,) = ingest([folder], home).files[0].plans
    assert (plan.record["plan_id"], plan.changed) == ("nanning-2022", ("nanning-2022#3",))
    set_plan(home, "nanning-2022", Stated(department="教育局"))
    (stored,) = load_plans(home)
    assert (stored.city, stored.department) == ("南宁", "教育局")


def test_what_cannot_be_corrected_or_removed(home: Path, folder: Path) -> None:
    ingest([folder], home)
    with pytest.raises(NoSuchPlanError, match="qingdao-2023"):
        set_plan(home, "beijing-2023", Stated(city="北京"))
    remove_plan(home, "qingdao-2023")
    assert load_plans(home) == ()
    with pytest.raises(NoSuchPlanError):
        remove_plan(home, "qingdao-2023")


def test_a_manifest_states_what_the_file_does_not(home: Path, folder: Path, tmp_path: Path) -> None:
    (folder / "b.txt").write_text("工作要点\n一、党建\n1.学习。抓好。\n2.作风。抓好。", "utf-8")
    table = tmp_path / "manifest.csv"
    table.write_bytes(
        "文件,城市,年份,部门,标题,网址,日期,备注\nb.txt,荣成市,2021,教体局,荣成要点,http://x/1,2021-03-01,\n".encode(
            "gb18030"
        )
    )
    manifest = read_manifest_table(table)
    assert manifest.warnings == ("manifest.csv: the column 备注 is not read",)
    ingest([folder], home, manifest=manifest)
    plan = {plan.plan_id: plan for plan in load_plans(home)}["rongcheng-2021"]
    assert (plan.city, plan.city_source, plan.year_source) == ("荣成", "manifest", "manifest")
    assert (plan.title, plan.department, plan.source.url) == ("荣成要点", "教体局", "http://x/1")
    assert plan.metadata["日期"] == "2021-03-01"
    assert not ingest([folder], home).changed, (
        "what a manifest stated holds when the folder comes in without it"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("city,year\n青岛,2023\n", "wanted one named file"),
        ("file,year\na.txt,MMXXIII\n", "four digits"),
        ("file,city\n,青岛\n", "names no file"),
        ("file,part\na.txt,first\n", "wanted a number"),
        ("file,city\na.txt,青岛\na.txt,南宁\n", "says otherwise"),
    ],
)
def test_bad_manifests(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "manifest.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(ManifestError, match=reason):
        read_manifest_table(path)


def test_two_plans_of_one_city_and_year_are_told_apart_by_department(home: Path, folder: Path) -> None:
    (folder / "b.txt").write_text(QINGDAO.replace("教育局", "卫生健康委").replace("学前", "托育"), "utf-8")
    (folder / "c.txt").write_text(QINGDAO.replace("学前", "高中"), "utf-8")
    ingest([folder], home)
    assert [plan.plan_id for plan in load_plans(home)] == [
        "qingdao-2023",
        "qingdao-2023-qingdaoshijiaoyuju",
        "qingdao-2023-qingdaoshiweishengjiankangwei",
    ]
    assert not ingest([folder], home).changed


def test_a_collection_file_that_loses_a_plan(home: Path, folder: Path) -> None:
    parts = [
        f"青岛市教育局202{n}年工作要点篇{n}\n一、党建\n1.学习。抓好{n}。\n2.作风。抓好。" for n in (1, 2, 3)
    ]
    (folder / "a.txt").write_text("\n".join(parts), "utf-8")
    ingest([folder], home)
    assert [plan.plan_id for plan in load_plans(home)] == ["qingdao-2021", "qingdao-2022", "qingdao-2023"]
    (folder / "a.txt").write_text("\n".join(parts[:2]), "utf-8")
    report = ingest([folder], home)
    assert "qingdao-2023 is not in the file any more and was taken out" in report.files[0].warnings
    assert [plan.plan_id for plan in load_plans(home)] == ["qingdao-2021", "qingdao-2022"]


def test_links_hidden_files_and_too_many_files(home: Path, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(QINGDAO.replace("青岛", "南宁"), "utf-8")
    (folder / "link.txt").symlink_to(secret)
    (folder / ".hidden.txt").write_text(QINGDAO, "utf-8")
    (folder / "up").symlink_to(tmp_path, target_is_directory=True)
    report = ingest([folder], home)
    assert [(file.file, file.status) for file in report.files] == [("a.txt", "read"), ("link.txt", "refused")]
    with pytest.raises(ValueError, match="2 files; the limit is 1"):
        ingest([folder], home, Limits(max_files=1))


def test_only_one_ingestion_at_a_time(home: Path, folder: Path) -> None:
    home.mkdir()
    with FileLock(home / ".lock"), pytest.raises(CorpusBusyError, match="another ingestion"):
        ingest([folder], home)


def test_progress_and_the_records_of_the_report(home: Path, folder: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    report = ingest([folder], home, progress=lambda done, total, name: seen.append((done, total, name)))
    assert seen == [(0, 1, "a.txt"), (1, 1, "")]
    (row,) = json.loads(json.dumps(report.to_json()))
    (plan,) = load_plans(home)
    assert {key: row[key] for key in record(plan)} == json.loads(json.dumps(record(plan)))
    assert (row["file"], row["status"], row["warnings"]) == ("a.txt", "added", [])
    assert row["dropped"] == [{"text": "青岛市教育局2023年工作要点", "reason": "title", "line": 1}]


def test_records_hold_exactly_the_fields_of_the_contract() -> None:
    assert list(record(load_sample_plans()[0])) == (
        "plan_id title city city_source year department sections items sub_points levels gaps source".split()
    )


def test_saving_and_digest(home: Path) -> None:
    plans = load_sample_plans()
    save_plans(reversed(plans), home)
    assert load_plans(home) == plans
    assert corpus_digest(plans) == corpus_digest(tuple(reversed(plans)))
    assert corpus_digest(plans) != corpus_digest(plans[1:])
    save_plans(plans[:2], home)
    assert len(list((home / "plans").iterdir())) == 2
    with pytest.raises(ValueError, match="several plans have the id"):
        save_plans([plans[0], plans[0]], home)
    (home / "corpus.json").write_text("{}", "utf-8")
    with pytest.raises(CorpusDamagedError, match="no corpus manifest"):
        load_plans(home)


def test_what_an_earlier_corpus_has_is_not_written_again_unless_it_is_damaged(tmp_path: Path) -> None:
    earlier, fresh = tmp_path / "earlier", tmp_path / "fresh"
    plans = load_sample_plans()
    save_plans(plans[:3], earlier)
    damaged, *whole = sorted((earlier / "plans").iterdir())
    damaged.write_bytes(damaged.read_bytes()[:-1])
    save_plans(plans, fresh, earlier)
    assert load_plans(fresh) == plans
    assert all((fresh / "plans" / file.name).samefile(file) for file in whole)
    assert not (fresh / "plans" / damaged.name).samefile(damaged)


def test_an_empty_manifest_says_nothing() -> None:
    assert Manifest({}).about("a.txt", 0).is_empty()
