"""What can be cited in a set of plans: every item, sub-point and preamble, with its text and its item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.plan import Plan


def plan_of(item_id: str) -> str:
    """The plan that an item id belongs to."""
    return item_id.partition("#")[0]


@dataclass(frozen=True, slots=True)
class Citable:
    """The ids that questions and citations may name. Build with :meth:`of`."""

    plan_ids: tuple[str, ...]
    texts: dict[str, str]
    """Text by id; an item's includes its headings, since a fact may stand there (聚焦“产教融合”)."""
    parents: dict[str, str]
    """The item of every id: a sub-point's own item, an item itself."""
    plan_texts: dict[str, str]

    @classmethod
    def of(cls, plans: Iterable[Plan]) -> Citable:
        """What can be cited in ``plans``."""
        texts: dict[str, str] = {}
        parents: dict[str, str] = {}
        plan_texts: dict[str, str] = {}
        for plan in plans:
            plan_texts[plan.plan_id] = plan.text
            for item in plan.parts():
                texts[item.item_id] = "\n".join((*item.headings, item.text))
                parents[item.item_id] = item.item_id
                for point in item.sub_points:
                    texts[point.item_id] = point.text
                    parents[point.item_id] = item.item_id
        return cls(tuple(plan_texts), texts, parents, plan_texts)

    def item(self, cited_id: str) -> str:
        """The item that an id stands for: measures compare items, so a sub-point counts as its item."""
        return self.parents.get(cited_id, cited_id)
