"""Lines to the printed outline: which numbers are real, what stands under what, what is missing.

A number counts when it fits the sequence of its family: the next one, a first one where a list may
begin, or a later one that leaves a gap, which is recorded. Anything else that looks like a number is text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from corpus.furniture import HiddenBreak
from corpus.lines import Line
from corpus.numbering import RANK, SUB_POINT_STYLES, Marker, read_marker
from corpus.outline_tree import Node, NumberGap, Outline, part_by_paragraphs
from corpus.tables import cells_of, is_row, is_rule, is_table_head, numbered_row, row_text

_MAX_JUMP: Final = 30
"""A number further ahead of its list than this is taken for text."""
_LOOK_AHEAD: Final = 400
"""Lines after which a list is no longer looked at as one."""
_INSIDE: Final = SUB_POINT_STYLES | {"half_paren", "bracket"}
_DECIMAL: Final = frozenset({"dec", "deci1", "deci2", "deci3", "deci4"})
_TOP: Final = frozenset({"part", "chapter", "part_section", "article", "formal", "han", "ordinal", "deci1"})
_ANNEX: Final = re.compile(
    r"(?:附\s*[件表录錄]\s*(?:[\d一二三四五六七八九十]{1,2})?\s*[:：]?\s*(?P<title>[^。；;]{0,60})|"
    r"(?:名词解释|名詞解釋|有关名词解释|名词注释|注释|用语说明|指标解释)[:：]?)$"
)
_CLOSING: Final = re.compile(r"(?:各位代表|同志们|各位委员|各位議員)[!！，,。]|(?:结束语|結束語|结语|結語)$")
_ODD_NUMBER: Final = re.compile(r"(\d{1,3})[.．](?=\d)")
_HEADING_END: Final = frozenset("。；;，,、:：！!？?）)|…")


@dataclass(frozen=True, slots=True)
class _Candidate:
    line: Line
    marker: Marker | None


def build_outline(lines: Sequence[Line], breaks: Sequence[HiddenBreak] = ()) -> Outline:
    """Read the numbered parts of ``lines`` into a tree."""
    rules = [line for line in lines if is_rule(line.text)]
    candidates = [_Candidate(line, read_marker(line.text)) for line in lines if not is_rule(line.text)]
    outline = _Builder(candidates, list(breaks)).build()
    outline.rules = rules
    return outline


class _Builder:
    """The stack of open parts, and the last number that each family printed."""

    def __init__(self, candidates: list[_Candidate], breaks: list[HiddenBreak]) -> None:
        self._candidates = candidates
        self._breaks = breaks
        self._root = Node("root", 0, "", None)
        self._base = self._root
        self._stack = [self._root]
        self._last: dict[str, int] = {}
        self._next = _next_ordinals(candidates)
        self._numbered = False
        self._hidden: HiddenBreak | None = None
        self._unsettled: set[str] = set()
        self._gaps: list[NumberGap] = []
        self._warnings: list[str] = []
        self._inner: Counter[tuple[int, str]] = Counter()
        self._inner_list: dict[str, tuple[int, int]] = {}
        self._numbers_follow = _numbers_follow(candidates)
        self._head: list[str] = []
        self._plain = not any(c.marker is not None and c.marker.style in _TOP for c in candidates)

    def build(self) -> Outline:
        """Take the lines one by one."""
        titled = False
        for position, candidate in enumerate(self._candidates):
            if titled:
                titled = False
                continue
            self._pass_breaks(candidate.line.number)
            if self._root.children and _ANNEX.match(candidate.line.text):
                titled = self._open_annex(position)
            else:
                self._take_line(position, candidate)
        if not any(node.style != "plain" for node in self._root.walk()):
            part_by_paragraphs(self._root)
        inner: Counter[str] = Counter()
        for (_, style), count in self._inner.items():
            inner[style] += count if count > 1 else 0
        return Outline(self._root, self._gaps, self._warnings, inner, [])

    def _take_line(self, position: int, candidate: _Candidate) -> None:
        text = candidate.line.text
        if is_row(text):
            self._take_row(text)
        elif candidate.marker is not None and self._take(position, candidate.marker, text):
            return
        elif self._takes_odd_number(position, text):
            return
        elif self._plain and self._is_plain_heading(position):
            self._last["plain"] = self._last.get("plain", 0) + 1
            self._push("plain", self._last["plain"], "", self._base, text)
        elif self._closes_speech(position, text):
            self._close_speech(text)
        else:
            self._take_text(candidate, text)

    def _takes_odd_number(self, position: int, text: str) -> bool:
        """Take a number that a digit follows (21.5+2…) where it is due and the next one comes."""
        found = _ODD_NUMBER.match(text)
        open_part = self._open("dec") if found else None
        if not found or open_part is None:
            return False
        ordinal = int(found.group(1))
        due = ordinal == open_part.ordinal + 1
        if not due or not self._comes(position, ordinal + 1):
            return False
        return self._take(position, Marker("dec", ordinal, found.group(1), found.end()), text)

    def _comes(self, position: int, ordinal: int) -> bool:
        """Whether one of the next lines has the number ``ordinal``."""
        later = self._candidates[position + 1 : position + 4]
        return any(c.line.text.startswith((f"{ordinal}.", f"{ordinal}．", f"{ordinal}、")) for c in later)

    def _closes_speech(self, position: int, text: str) -> bool:
        closed = self._stack[-1].style == "closing"
        fits = self._base is self._root and self._numbered and not self._numbers_follow[position]
        return fits and (closed or bool(_CLOSING.match(text)))

    def _close_speech(self, text: str) -> None:
        """The words that close a speech belong to none of its parts."""
        if self._stack[-1].style == "closing":
            self._stack[-1].lines.append(text)
        else:
            self._push("closing", 0, "", self._root, text)

    def _take_text(self, candidate: _Candidate, text: str) -> None:
        marker = candidate.marker
        if (
            marker is not None
            and marker.style in ("circled", "dec_paren")
            and self._stack[-1] is not self._base
        ):
            self._inner[(id(self._stack[-1]), marker.style)] += 1
        self._stack[-1].lines.append(text)

    def _push(self, style: str, ordinal: int, printed: str, parent: Node, text: str) -> Node:
        """Open a part below ``parent``, closing all that is open below it."""
        del self._stack[self._stack.index(parent) + 1 :]
        self._numbered = self._numbered or style != "plain"
        node = Node(style, ordinal, printed, parent, [text])
        parent.children.append(node)
        self._stack.append(node)
        return node

    def _open_annex(self, position: int) -> bool:
        """Begin an annex, whose numbers start again; True where the next line is its title."""
        text = self._candidates[position].line.text
        found = _ANNEX.match(text)
        named = found is None or bool(found.group("title"))
        following = self._candidates[position + 1] if position + 1 < len(self._candidates) else None
        titled = (
            not named and following is not None and following.marker is None and _is_bare(following.line.text)
        )
        if titled and following is not None:
            text = f"{text} {following.line.text}"
        ordinal = 1 + sum(node.style == "annex" for node in self._root.children)
        self._base = self._push("annex", ordinal, "", self._root, text)
        self._last.clear()
        self._head = []
        return titled

    def _take_row(self, text: str) -> None:
        cells = cells_of(text)
        row = numbered_row(cells, self._head)
        if row is None:
            if is_table_head(cells):
                self._head = cells
            self._stack[-1].lines.append(row_text(cells))
            return
        parent = self._stack[-1].parent if self._stack[-1].style == "row" else self._stack[-1]
        last = self._last.get("row", 0)
        self._last["row"] = row.ordinal
        node = self._push("row", row.ordinal, row.printed, parent or self._root, row.text)
        node.row = row
        if last and row.ordinal > last + 1:
            reason = "the table goes on without these rows"
            self._gaps.append(NumberGap("missing", last + 1, row.ordinal - 1, reason, node))

    def _is_plain_heading(self, position: int) -> bool:
        """A short bare line before a paragraph or a numbered part, in a plan that numbers no sections."""
        if position + 1 >= len(self._candidates) or position == 0:
            return False
        text = self._candidates[position].line.text
        following = self._candidates[position + 1]
        goes_on = following.marker is not None or len(following.line.text) > 40
        finished = self._candidates[position - 1].line.text[-1] in "。！？!?”"
        return goes_on and finished and _is_bare(text) and 3 < len(text) <= 30

    def _pass_breaks(self, line: int) -> None:
        while self._breaks and self._breaks[0].line < line:
            self._hidden = self._breaks.pop(0)
            self._unsettled = set(self._last)

    def _take(self, position: int, marker: Marker, text: str) -> bool:
        """Make a part of the line if its number is real."""
        style = marker.style
        glossary = style == "bracket" and self._base is not self._root
        if (style in _INSIDE and not glossary) or (
            style == "dec_paren" and self._stack[-1].style in _DECIMAL
        ):
            return False
        if style == "shi" and not self._shi_is_outline(position, marker):
            return False
        open_part = self._open(style)
        if self._in_inner_list(position, marker, open_part) or not self._fits(position, marker, open_part):
            return False
        node = self._place(marker, open_part, text)
        self._note_gap(node, open_part)
        self._last[style] = marker.ordinal
        self._hidden = None
        self._unsettled.discard(style)
        return True

    def _open(self, style: str) -> Node | None:
        for node in reversed(self._stack):
            if node.style == style:
                return node
        return None

    def _in_inner_list(self, position: int, marker: Marker, open_part: Node | None) -> bool:
        """Whether the number belongs to a list that starts again inside its own family, which is text."""
        if open_part is not None and marker.ordinal == 1:
            self._inner_list[marker.style] = (1, position)
            return True
        last, place = self._inner_list.get(marker.style, (0, 0))
        if not last or marker.ordinal != last + 1:
            return False
        if open_part is not None and marker.ordinal == open_part.ordinal + 1 and position > place + 1:
            return False
        self._inner_list[marker.style] = (marker.ordinal, position)
        return True

    def _fits(self, position: int, marker: Marker, open_part: Node | None) -> bool:
        last = open_part.ordinal if open_part else self._last.get(marker.style)
        if marker.ordinal == 1:
            return open_part is None
        goes_on = self._next[position] == marker.ordinal + 1
        if last is None:
            return self._hidden is not None or goes_on
        if marker.style in self._unsettled and marker.ordinal > last:
            return True
        step = marker.ordinal - last
        if step == 0:
            return open_part is not None and goes_on
        return step == 1 or (1 < step <= _MAX_JUMP and goes_on)

    def _place(self, marker: Marker, open_part: Node | None, text: str) -> Node:
        """Find the parent, closing what the new part ends."""
        lost = self._hidden is not None and marker.ordinal != self._last.get(marker.style, 0) + 1
        if open_part is not None and open_part.parent is not None:
            parent = open_part.parent
        else:
            place = len(self._stack) - 1
            while (
                self._stack[place] is not self._base and RANK[self._stack[place].style] > RANK[marker.style]
            ):
                place -= 1
            parent = self._stack[place]
        if lost:
            parent = self._base
        node = self._push(marker.style, marker.ordinal, marker.printed, parent, text)
        node.known_parent = not lost
        return node

    def _note_gap(self, node: Node, open_part: Node | None) -> None:
        last = open_part.ordinal if open_part else self._last.get(node.style, 0)
        if node.ordinal == 1 or node.ordinal == last + 1:
            return
        if node.ordinal == last:
            node.repeated = 1 + (open_part.repeated if open_part else 0)
            self._gaps.append(NumberGap("repeated", last, last, "the source prints this number twice", node))
        elif self._hidden is not None:
            reason = f"the source does not show this part: “{self._hidden.words}”"
            self._gaps.append(NumberGap("hidden", last + 1, node.ordinal - 1, reason, node))
        elif node.style in self._unsettled:
            hidden = f"the heading before {node.printed} stands in the part that the source hides"
            self._warnings.append(hidden)
        else:
            reason = "the source goes on without these numbers"
            self._gaps.append(NumberGap("missing", last + 1, node.ordinal - 1, reason, node))

    def _shi_is_outline(self, position: int, marker: Marker) -> bool:
        """Whether 一是… lines part the outline: nothing else, or numbered parts, stand under the heading."""
        open_part = self._open("shi")
        if open_part is not None:
            return marker.ordinal == open_part.ordinal + 1
        if marker.ordinal != 1 or self._stack[-1] is self._base or self._stack[-1].style in _DECIMAL:
            return False
        open_styles = {node.style for node in self._stack}
        numbered, plain = False, False
        for later in self._candidates[position : position + _LOOK_AHEAD]:
            found = later.marker
            if (found is not None and found.style in open_styles) or _CLOSING.match(later.line.text):
                break
            numbered = numbered or (found is not None and found.style in _DECIMAL)
            plain = plain or found is None or found.style != "shi"
        return numbered or not plain


def _next_ordinals(candidates: Sequence[_Candidate]) -> list[int]:
    """For every line with a number, the next number of the same family; 0 where there is none."""
    following: dict[str, int] = {}
    ordinals = [0] * len(candidates)
    for position in range(len(candidates) - 1, -1, -1):
        marker = candidates[position].marker
        if marker is not None:
            ordinals[position] = following.get(marker.style, 0)
            following[marker.style] = marker.ordinal
    return ordinals


def _numbers_follow(candidates: Sequence[_Candidate]) -> list[bool]:
    """For every line, whether a numbered line follows before the annex or the end."""
    follow = [False] * len(candidates)
    found = False
    for position in range(len(candidates) - 1, -1, -1):
        follow[position] = found
        if _ANNEX.match(candidates[position].line.text):
            found = False
        found = found or candidates[position].marker is not None
    return follow


def _is_bare(text: str) -> bool:
    """Whether a line is no sentence: short, and without the punctuation that ends or parts one."""
    return len(text) <= 40 and text[-1] not in _HEADING_END and "。" not in text and not is_row(text)
