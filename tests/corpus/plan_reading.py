"""Short texts read as plans, for the tests."""

from pathlib import Path

from corpus.document import document_of_text
from corpus.parse import parse_document
from corpus.plan import Plan


def read(text: str, name: str = "plan.txt") -> Plan:
    """The only plan of a text."""
    (plan,) = parse_document(document_of_text(text, "0" * 64), Path(name)).plans
    return plan


def ids(plan: Plan) -> list[str]:
    """What stands behind the # of each item's id."""
    return [item.item_id.partition("#")[2] for item in plan.items]
