"""Which department wrote a plan, as its frame prints it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

_OFFICE: Final = (
    r"人民政府办公厅|人民政府办公室|人民政府|政府办公厅|政府办公室|教育工作委员会|教育委员会|委员会办公室|委员会|工委|"
    r"教体局|总局|局|厅|办公厅|办公室|管委会|委|国务院|政府|(?<!干)部"
)
_IN_TITLE: Final = re.compile(
    rf"(?:^|关于印发|印发|关于|《|\s|年|】)((?!关于|印发)[一-鿿xX×*＊Ｘ、]{{0,24}}?(?:{_OFFICE})(?:[（(][^（()）]{{2,16}}[)）])?)"
    rf"(?=\d{{4}}|20[xX*]{{2}}|关于|印发|转发|批转|工作|教育和体育工作|年度|今年|过去|[xX*]{{2,4}}年|《|篇|$)"
)
_KEYS: Final = ("发文单位", "发文机关", "发布机构", "公开机构")
_BARE_REPORT: Final = re.compile(r"^(?:.*大会)?政府$")
_REPORT: Final = re.compile(r"政府工作报告|施政報告|施政报告")


def find_department(titles: Sequence[str], metadata: Mapping[str, str], signers: Sequence[str]) -> str:
    """The department from the title, the metadata or the signature; empty where none of them names one."""
    for title in titles:
        found = _IN_TITLE.search(title)
        if found and not _BARE_REPORT.search(found.group(1)):
            return found.group(1)
    for key in _KEYS:
        if metadata.get(key):
            return metadata[key]
    if signers:
        return signers[0]
    return "人民政府" if any(_REPORT.search(title) for title in titles) else ""
