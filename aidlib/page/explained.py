"""One household explained in words: the ladder, the letter, what a doubt turns on. Sentences stand in `notebooks/words/explain.*.md`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from aidlib import words
from aidlib.law import Value
from aidlib.money import decimal_text, exact, yuan
from aidlib.page.sentences import grouped, paragraphs, plain
from aidlib.register.columns import COLUMNS
from aidlib.rules import reasons
from aidlib.rules.engine import Rule
from aidlib.rules.explain import Explanation, stands
from aidlib.rules.helpers import BP, MONTHS_PER_YEAR
from aidlib.rules.lawinputs import LAW_INPUTS, STANDARD
from aidlib.rules.layers import CATEGORIES, LAYERS
from aidlib.rules.medical import MEDICAL_CLASSES
from aidlib.rules.programmes import SPECIALISED_ANSWERS
from aidlib.rules.specialised import ENTITLEMENTS, STATUSES, YES
from aidlib.rules.unknown import FAVOURABLE

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.indices import Figure

TEMPLATE = "explain"
CODES: dict[str, tuple[str, tuple[str, ...]]] = {
    "category": ("category", CATEGORIES),
    "layer": ("recipient", LAYERS),
    "aid_status": ("recipient", STATUSES),
    "care_class": ("care_class", ("self", "partial", "full")),
    "temporary_approver": ("approver", ("none", "township", "county", "body")),
    "pay_first": ("pay_first", ("no", "may", "must")),
    "small_sum_first": ("small_sum_first", ("no", "may", "must")),
    "medical_class": ("medical_class", MEDICAL_CLASSES),
    "dibao_round_mode": ("round_mode", ("down", "half_up", "up")),
} | dict.fromkeys(SPECIALISED_ANSWERS, ("entitlement", ENTITLEMENTS))
"""Quantities that are one of several words: the kind of word, and its codes in order."""
FULL_WIDTH = str.maketrans(",;:()", "，；：（）")
SHARE = re.compile("_(ratio|rate|share)_")
STAIRS = ("temporary_approver", "care_class")
PARTS = (
    "dibao_benefit_fen", "topup_fen", "single_benefit_fen", "tekun_fen", "edge_living_aid_fen", "rigid_living_aid_fen",
)  # fmt: skip
TAKEN_OFF = ("disregard_fen", "hardship_cost_fen", "work_deduction_fen", "pension_disregard_fen", "exit_disregard_fen")
LADDER = ("rule", "member_number", "rule_words", "result_words", "inputs_words", "article_words")


def label(name: str, rule: Rule | None, rows: Iterable[Value | Figure], terms: Any, language: str) -> str:
    """Name an input: a register column, a quantity, a rule by the head of its sentence, or a law value by its row."""
    name_of = _label(name, rule, rows, terms, language)
    return name_of.translate(FULL_WIDTH) if language == "zh" else name_of


def _label(name: str, rule: Rule | None, rows: Iterable[Value | Figure], terms: Any, language: str) -> str:
    if name in COLUMNS:
        column = COLUMNS[name]
        return re.sub("[(（]分[)）]", "", column.zh) if language == "zh" else re.split("[:;]", column.en)[0]
    if words.find(f"quantity:{name}"):
        return words.word(name, "quantity", language)
    if rule is not None:
        return re.split("[:：;；(（]", reasons.sentence(rule, language))[0]
    named = [row.name for row in rows if isinstance(row, Value)]
    named += [LAW_INPUTS[name].name] if name in LAW_INPUTS and LAW_INPUTS[name].name in terms else []
    return str(getattr(terms[named[0]], language)) if named else name.replace("_", " ")


def written(name: str, value: Any, language: str) -> str:
    """Write a value with its unit."""
    if isinstance(value, bool):
        return words.word("yes" if value else "no", "page", language)
    if name in CODES:
        kind, codes = CODES[name]
        return words.word(codes[value], kind, language)
    if name in COLUMNS and COLUMNS[name].codes:
        return str((COLUMNS[name].codes_zh if language == "zh" else COLUMNS[name].codes)[value]).replace("_", " ")
    if name.endswith("_bp"):
        if SHARE.search(name):
            return f"{_plain(value, BP // 100)}%"
        return words.word("times", TEMPLATE, language).format(_plain(value, BP))
    if "_fen" not in name and not name.endswith("_step"):
        return f"{value}"
    fen = exact(value) / (MONTHS_PER_YEAR if name.endswith("_fen12") else 1)
    unit = words.word("yuan_year" if name.endswith("_fen_year") else "yuan", TEMPLATE, language)
    return unit.format(grouped(decimal_text(fen / 100, 2)))


def _plain(value: int, scale: int) -> str:
    return decimal_text(exact(value) / scale, 4).rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Worded:
    """An explanation in one language: what its template names."""

    found: Explanation
    language: str

    def __getitem__(self, name: str) -> Any:
        return self.found[name]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.found, name)

    def said(self, block: str, **facts: Any) -> list[str]:
        """Render a block: its paragraphs as plain text."""
        return [plain(text) for text in paragraphs(TEMPLATE, block, self.language, {"x": self, **facts})]

    def phrase(self, key: str, *parts: str) -> str:
        """Fill a phrase of the vocabulary."""
        return words.word(key, TEMPLATE, self.language).format(*parts)

    def listed(self, key: str, texts: Iterable[str]) -> str:
        """Join texts by a mark of the language."""
        return reduce(partial(self.phrase, key), texts)

    def low(self, name: str, member: int = -1) -> Any:
        """The least a quantity may be."""
        return self.found.ends(name, member)[0]

    def high(self, name: str, member: int = -1) -> Any:
        """The most a quantity may be."""
        return self.found.ends(name, member)[1]

    def point(self, name: str) -> bool:
        """Whether a quantity of the household is known."""
        low, high = self.found.ends(name, -1)
        return bool(low == high)

    def named(self, name: str) -> str:
        """Name a quantity."""
        rows = self.found.law.found.get(name, ())
        return label(name, self.found.rule(name), rows, self.found.book.tables.names, self.language)

    def written(self, name: str, value: Any) -> str:
        """Write a value with its unit."""
        return written(name, value, self.language)

    def text(self, name: str, member: int = -1) -> str:
        """Write a quantity's value, or both its ends."""
        low, high = self.found.ends(name, member)
        if low == high:
            return self.written(name, low)
        endless = self.found.open_above(name, member)
        if isinstance(low, bool) or (endless and not low):
            return self.phrase("unknown")
        if name in CODES or (name in COLUMNS and COLUMNS[name].codes):
            met = self.found.values(name, member)
            *most, last = (self.written(name, each) for each in (range(low, high + 1) if name in STAIRS else met))
            return self.phrase("one_of", self.listed("comma", most), last)
        if ends := self.found.candidates(name, member):
            return self.phrase("unrounded", *(self.written(name, each) for each in ends))
        ends = (low,) if endless else (low, high)
        return self.phrase("at_least" if endless else "between", *(self.written(name, end) for end in ends))

    def yuan(self, fen: Any, of: int = 1) -> str:
        """Write fen as yuan, or each of several shares of them."""
        return yuan(Fraction(fen, of))

    def cites(self, names: Iterable[str] = (), rule: str = "") -> str:
        """Cite the rows some law values rest on, and the articles of a rule; each instrument once."""
        cited = reasons.basis(self.found, self.found.rule(rule) if rule else None, names, self.language)
        if cited is None:
            return self.phrase("supposed")
        by_instrument: dict[str, list[str]] = {}
        for item in cited:
            instrument, _, article = item.rpartition(" ")
            by_instrument.setdefault(instrument, []).append(article)
        each = [f"{name} {self.listed('comma', found)}".strip() for name, found in by_instrument.items()]
        return self.listed("comma", each or ["-"])

    def law_value(self, name: str) -> Value | None:
        """A row of the law of the place that no rule reads, where there is one."""
        return self.found.book.at(self.found.place, self.found.on).optional(name)

    @property
    def law_status(self) -> str:
        """How firm the law is that the answers rest on, the caller's own values apart."""
        return replace(self.found.law, given=()).status(self.found.law.values)

    @property
    def code(self) -> str:
        """Code of the category."""
        return CATEGORIES[self.found.category]

    @property
    def possible(self) -> list[str]:
        """Codes of every category the household may have."""
        return [CATEGORIES[each] for each in self.found.possible]

    @property
    def ground(self) -> str:
        """On which ground the household is what it is."""
        return reasons.ground(self.found)

    @property
    def carried(self) -> str:
        """The law that carried the decision."""
        return self.cites(*reasons.carried_by(self.found))

    @property
    def rigid_begun(self) -> bool:
        """Whether there are rigid-expenditure households on the day."""
        return reasons.rigid_begun(self.found)

    @property
    def refusals(self) -> list[str]:
        """Codes of the conditions that failed."""
        return list(reasons.refusals(self.found))

    @property
    def standard_status(self) -> str:
        """What the standard rests on; `own` where the place published it and our reading is of its days only."""
        status = self.found.law.status([STANDARD])
        return "own" if status == "estimated" and self.point(STANDARD) else status

    @property
    def deductions(self) -> list[tuple[str, int]]:
        """What was taken off the household's income, in fen; nothing where that income is not settled."""
        known = self.point("counted_income_fen")
        return [(self.named(name), self[name]) for name in TAKEN_OFF if known and self[name]]

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The monthly amounts in fen that make up the sum: where they are not settled, the least."""
        least, _ = min(self.found.outcomes, key=lambda outcome: int(outcome[0]["monthly_aid_fen"]))
        return [(self.named(name), least[name]) for name in PARTS if least[name]]

    @property
    def lacks(self) -> list[str]:
        """Local rules that are not on file and on which the amount depends."""
        return list(dict.fromkeys(map(self.named, self.found.lacks)))

    def alone_on(self, member: int) -> tuple[str, ...]:
        """Grounds on which a member surely enters dibao alone."""
        return reasons.alone_on(self.found, member)

    def alone_law(self, member: int) -> str:
        """The articles of those grounds."""
        sure = self.alone_on(member)
        return "、".join(dict.fromkeys(self.cites((), name) for name in sure)) or self.cites((), "single_from_edge")

    def tekun_law(self, member: int) -> str:
        """The rows by which a member is tekun."""
        return self.cites(
            (reasons.labour_row(self.found, member), "tekun_line_bp", "selfcare_full_min_missing"), "tekun"
        )

    @property
    def distances(self) -> list[tuple[str, int, bool]]:
        """Lines, how far income lies above each in fen (below: negative), and whether that is the least it may be."""
        return list(reasons.distances(self.found))

    @property
    def turns(self) -> Iterator[dict[str, Any]]:
        """The bounds on which an open answer turns: what, its values, and the categories on both sides."""
        for turn in self.found.deciders:
            kind = COLUMNS[turn.name].kind if turn.name in COLUMNS else ""
            ends = (bool(turn.at), bool(turn.at + 1)) if kind == "flag" else (turn.at, turn.at + 1)
            yield {
                "name": self.named(turn.name), "member": turn.member + 1, "either": kind in ("flag", "code"),
                "values": [self.written(turn.name, end) for end in ends],
                "below": CATEGORIES[turn.below], "above": CATEGORIES[turn.above],
                "best": None if stands(self.found, turn) else turn.side == FAVOURABLE,
            }  # fmt: skip

    @property
    def stand_ins(self) -> list[tuple[str, str, str, str]]:
        """Law values a range stands in for: name, both ends, and the status of what they rest on."""
        return [
            (self.named(name), self.written(name, self.low(name)), self.written(name, self.high(name)), self.found.law.status([name]))
            for name in reasons.stand_ins(self.found)
        ]  # fmt: skip

    @property
    def programmes(self) -> list[tuple[str, list[reasons.Right]]]:
        """Programmes somebody may apply for, with the rights to each."""
        found = reasons.rights(self.found)
        each = ((name, [right for right in found if right.programme == name]) for name in SPECIALISED_ANSWERS)
        return [(name, own) for name, own in each if own]

    def entitlement(self, right: reasons.Right) -> str:
        """Word an entitlement; whether a family is badly housed the register does not say."""
        name = right.programme
        if self.found.ends(name, right.member) != (YES, YES):
            return self.text(name, right.member)
        return words.word("apply_if_badly_housed" if name == "housing_aid" else "apply", "entitlement", self.language)

    def amounts(self, right: reasons.Right) -> list[str]:
        """Write what a right is worth: amounts worked out, and rows of the law."""
        rows = [row for row in right.rows if row.text != "1"]
        return [
            *self.worked_out(right),
            *(f"{row.text}×100%" if row.unit == "ratio" else f"{row.text} {row.unit}" for row in rows),
        ]

    def worked_out(self, right: reasons.Right) -> list[str]:
        """Write the amounts of a right that rules give."""
        return [f"{self.named(name)} {self.text(name, right.member)}" for name in right.amounts]

    def department(self, row: Value | None) -> str:
        """Name the department in charge, where the book has it."""
        return words.word(row.text, "department", self.language) if row else ""

    @property
    def assumed(self) -> tuple[list[str], list[str]]:
        """Facts nobody filled: those taken as none or no, and those taken as something else, with it."""
        read = {arg for step in self.found.steps for arg in step.args}
        taken = {name: value for name, value in self.found.family.assumed.items() if name in read}
        absent = [self.named(name) for name in COLUMNS if name in taken and not taken[name]]
        others = [name for name in COLUMNS if taken.get(name)]
        cells = {name: bool(taken[name]) if COLUMNS[name].kind == "flag" else taken[name] for name in others}
        return absent, [f"{self.named(name)} {self.written(name, cell)}" for name, cell in cells.items()]

    def articles(self, rung: reasons.Rung) -> tuple[str, ...]:
        """The articles and rows behind a rung."""
        return reasons.basis(self.found, rung.rule, rung.read, self.language) or (
            (self.phrase("supposed"),) if any(map(self.found.supposed, rung.read)) else ()
        )

    def rows(self, full: bool = False) -> Iterator[tuple[str, int, str, str, list[str], list[str]]]:
        """Yield the rules that decided: code, person (from 1; 0 for the household), the law in plain words, result, inputs, articles."""
        for rung in reasons.rungs(self.found, full=full):
            inputs = [f"{self.named(name)} {self.text(name, rung.member)}" for name in rung.inputs]
            says, value = reasons.sentence(rung.rule, self.language), self.text(rung.name, rung.member)
            yield rung.name, rung.member + 1, says, value, inputs, list(self.articles(rung))

    def ladder(self) -> pd.DataFrame:
        """One row a rule that decided: rule (code), member_number, rule_words, result_words, inputs_words, article_words."""
        import pandas as pd

        rows = [[name, str(member) if member else None, *rest] for name, member, *rest in self.rows()]
        return pd.DataFrame(rows, columns=list(LADDER))

    @property
    def rest(self) -> list[str]:
        """What follows the letter: distances, doubts, rights and assumptions."""
        return [line for block in ("near", "doubts", "rights", "assumptions") for line in self.said(block)]

    @property
    def letter(self) -> str:
        """The paragraph of the decision letter."""
        return (" " if self.language == "en" else "").join(self.said("letter"))

    @property
    def headline(self) -> str:
        """Place, day, outcome, and how firm the law under it is."""
        return "".join(self.said("headline"))


def as_text(worded: Worded, *, full: bool = False) -> str:
    """Write the ladder as plain lines for a terminal.

    Examples
    --------
    >>> from aidlib.rules.explain import explain
    >>> home = {"urban": True, "income_fen": 20_000, "property_ok": True, "expend_fen": 0, "persons": [{"age": 40, "relation": "applicant"}]}
    >>> as_text(Worded(explain(home, "450400", "2026-09-01", stale=True), "en")).splitlines()[0]
    'Wuzhou · urban · 2026-09-01 · dibao · partly on a standard that has ended'
    """
    lines = [worded.headline]
    for number, (_, member, says, value, *more) in enumerate(worded.rows(full), 1):
        line = worded.phrase("colon", says, value)
        lines.append(f"{number:>2}. {worded.phrase('member', str(member), line) if member else line}")
        lines += [f"      {worded.listed('semicolon', texts)}" for texts in more if texts]
    return "\n".join([*lines, worded.letter, *worded.rest])


def as_html(worded: Worded) -> str:
    """Write the explanation for JupyterLab: what it comes to, the letter, the ladder as a table, and what else is to be known."""
    from aidlib.page.tables import frame_html

    with words.speaking(worded.language):
        table = Markup(frame_html(worded.ladder().drop(columns="rule")))
    notes = Markup("").join(Markup("<li>{}</li>").format(line) for line in worded.rest)
    frame = Markup('<section lang="{}"><p><b>{}</b></p><p>{}</p>{}<ul>{}</ul></section>')
    return str(frame.format(worded.language, worded.headline, worded.letter, table, notes))
