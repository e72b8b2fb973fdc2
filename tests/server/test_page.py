"""What can be said of the page without a browser."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[2] / "server"
SCRIPTS = sorted((SERVER / "static" / "js").glob("*.js"))
STYLES = sorted((SERVER / "static" / "css").glob("*.css"))
PAGE = (SERVER / "templates" / "index.html").read_text("utf-8")
VENDOR = SERVER / "static" / "vendor"
LIBRARIES = {
    # what npm publishes as dist/index.umd.js of chartist 1.5.0, byte for byte
    "chartist-1.5.0.js": "944597015852d8a65defe451a37202e8232938e98ac2215f08bd42a55d573e9d",
}
LATE = {"chart", "texts-en", "texts-zh"}
"""Scripts that are fetched when they are wanted: one language, and the chart where there is one."""
SCRIPT_LIMIT = 150_000
LINE_LIMIT = 320

MARKUP_DOORS = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "createContextualFragment",
    "DOMParser", "setHTMLUnsafe", "srcdoc", "eval(", "new Function",
)  # fmt: skip


def texts(language: str) -> dict[str, str]:
    source = (SERVER / "static" / "js" / f"texts-{language}.js").read_text("utf-8")
    return dict(re.findall(r'^  (\w+): "(.*)",$', source, re.MULTILINE))


def test_the_scripts_of_one_language_stay_under_their_limit() -> None:
    first = [path for path in SCRIPTS if path.stem not in LATE - {"texts-en"}]
    assert 0 < sum(path.stat().st_size for path in first) < SCRIPT_LIMIT


def test_every_library_is_the_pinned_one_and_brings_its_licence() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("*.js")}
    assert found == LIBRARIES
    licences = {path.name.partition("-")[0] for path in VENDOR.glob("*-LICENSE.txt")}
    assert licences == {name.partition("-")[0] for name in LIBRARIES}
    loaded = re.findall(r'import\("\.\./vendor/([^"]+)"\)', "".join(p.read_text("utf-8") for p in SCRIPTS))
    assert set(loaded) == set(LIBRARIES)


@pytest.mark.parametrize("path", [*SCRIPTS, *STYLES], ids=lambda path: path.name)
def test_no_file_is_too_long(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LINE_LIMIT


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_can_turn_text_into_markup(path: Path) -> None:
    source = path.read_text("utf-8")
    assert [door for door in MARKUP_DOORS if door in source] == []


@pytest.mark.parametrize("path", [*SCRIPTS, *STYLES], ids=lambda path: path.name)
def test_nothing_names_another_host(path: Path) -> None:
    addresses = re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"']*", path.read_text("utf-8"))
    assert [address for address in addresses if address != "http://www.w3.org/2000/svg"] == []


def test_the_page_has_no_inline_script_or_style() -> None:
    assert re.findall(r"<script(?![^>]*\bsrc=)", PAGE) == []
    assert re.findall(r"<style|\bstyle=|\son\w+=", PAGE) == []
    assert re.findall(r"(?:src|href)=\"(?!/static/|#|/static)[^\"]+\"", PAGE) == []


def test_every_script_and_style_is_named_in_the_page() -> None:
    named = set(re.findall(r'"([\w-]+)"', re.search(r"for name in \[(.*?)\]", PAGE).group(1)))  # type: ignore[union-attr]
    assert named == {path.stem for path in SCRIPTS} - LATE - {"main", "early"}
    assert set(re.findall(r"/static/css/([\w-]+)\.css", PAGE)) == {path.stem for path in STYLES}


def test_both_languages_have_the_same_words_with_the_same_places() -> None:
    chinese, english = texts("zh"), texts("en")
    singular = {key for key in english if key.endswith("_one")}
    assert set(chinese) == set(english) - singular
    assert {key.removesuffix("_one") for key in singular} <= set(chinese)
    places = {key: set(re.findall(r"\{(\w+)\}", words)) for key, words in chinese.items()}
    assert places == {key: set(re.findall(r"\{(\w+)\}", english[key])) for key in chinese}


def test_every_text_that_is_used_exists_and_every_text_is_used() -> None:
    sources = [PAGE, *(path.read_text("utf-8") for path in SCRIPTS if not path.stem.startswith("texts-"))]
    source = "\n".join(sources)
    known = set(texts("zh"))
    used = set(re.findall(r'\bt\(\s*"(\w+)"', source)) | set(re.findall(r'data-t(?:-label)?="(\w+)"', source))
    assert used <= known
    prefixes = tuple(
        set(re.findall(r"`(\w+_)\$\{", source)) | {f"{p}_" for p in re.findall(r'tOr\("(\w+)"', source)}
    )
    unused = {key for key in known if f'"{key}"' not in source and not key.startswith(prefixes)}
    assert unused == set()
