"""The register folder: one private folder of a county, a folder inside it for each month, that assess, monitoring and evaluation read as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from aidlib.disclosure.ids import pseudonym, pseudonyms
from aidlib.disclosure.private import close, owner_only, private_folder
from aidlib.errors import PrivacyFault, RegisterFault
from aidlib.register.changes import changes
from aidlib.register.checks import Checked, check
from aidlib.register.columns import COLUMNS, MONTHS_PER_YEAR, OF_PERSONS, departments, unknown_if_absent
from aidlib.register.headings import Given
from aidlib.register.reading import read_ledger
from aidlib.register.shapes import UNNUMBERED

LEDGER_FILES = (".csv", ".xlsx", ".xls", ".parquet")
PURPOSE = "register"  # what the pseudonyms of a folder are for
KEY_DIGITS = 15  # hexadecimal digits of a pseudonym that make the number of a person: below 2**60
FAMILY = 0  # person_id of what is recognised for, or paid to, a whole family
HEADS = ("households_unlisted", "heads")  # households of which the ledger lists the head alone, and the heads
WHO = ("id_number", "name", "birth_date")
COVERAGE = ("table", "region_code", "township", "programme", "first", "last")
LEDGERS = {
    "recognitions": ("household_id", "person_id", "scheme", "since", "until", "reviewed_on"),
    "aid": ("household_id", "person_id", "programme", "month", "amount_fen", "paid_on"),
}
KEYS = {
    "recognitions": ("household_id", "person_id", "scheme", "since"),
    "aid": ("household_id", "person_id", "programme", "month"),
}


@dataclass(frozen=True)
class Written:
    """What was written for a month.

    Attributes
    ----------
    paths : list of Path
        Every file.
    changed : polars.DataFrame
        What changed since the month before (`changes.changes`); empty for the first month.
    before : str
        The month compared with; empty for the first.
    heads_alone : int
        Households of both months that are listed by the head alone in one of them, so that their members cannot be compared.
    """

    paths: list[Path]
    changed: pl.DataFrame = field(repr=False)
    before: str = ""
    heads_alone: int = 0


def months(folder: str | Path) -> list[str]:
    """List the months of a folder, oldest first."""
    return sorted(
        path.name
        for path in Path(folder).glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]")
        if (path / "households.parquet").is_file()
    )


def tables_of(folder: str | Path, month: str = "") -> tuple[Path, Path]:
    """Return the files of households and persons of a month; without one of the last, or those of a folder without months."""
    place = Path(folder).expanduser()
    known = months(place)
    if month and known and month not in known:
        raise RegisterFault("the folder has no such month", where=place.name, expected=", ".join(known), got=month)
    inside = place / (month or known[-1]) if known else place
    paths = (inside / "households.parquet", inside / "persons.parquet")
    if not all(path.is_file() for path in paths):
        raise RegisterFault("no register folder", where=place.name, expected="households.parquet and persons.parquet",
                            hint="aidlib register writes one from a ledger")  # fmt: skip
    return paths


def read_tables(folder: str | Path, month: str = "") -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read households and persons of a month, as rules, evaluation and notebooks take them."""
    homes, people = tables_of(folder, month)
    return pl.read_parquet(homes), pl.read_parquet(people)


def with_heads(folder: str | Path, month: str = "") -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read households and persons of a month, those too of which the ledger lists the head alone: they are known, and no rule can judge them."""
    both = tables_of(folder, month)
    alone = [path.with_name(f"{name}.parquet") for path, name in zip(both, HEADS, strict=True)]
    homes, people = (
        pl.concat([pl.read_parquet(one) for one in (path, other) if one.is_file()], how="diagonal_relaxed")
        for path, other in zip(both, alone, strict=True)
    )
    return homes, people


def open_register(
    path: str | Path, on: date, month: str = "", given: Given | None = None
) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Open a register in whatever form a place has it: a register folder, a county's ledger, or a folder of ledgers."""
    place = Path(path).expanduser()
    if place.is_dir() and (months(place) or (place / "households.parquet").is_file()):
        homes, people = read_tables(place, month)
        return homes, people, with_heads(place, month)[0].height - homes.height
    files = [place] if place.is_file() else sorted(one for one in place.glob("*") if one.suffix.lower() in LEDGER_FILES)
    if not files:
        raise RegisterFault(
            "no register", got=place.name, expected="a register folder, or ledgers as csv, xlsx, xls or parquet"
        )
    checked = check(*read_ledger(files, given=given), on)
    good, counts = checked.good(allow_rejects=True), dict(checked.counts.select("table", "rejected").iter_rows())
    return good["households"], good["persons"], counts["households"] + len(checked.unlisted)


def write_month(
    checked: Checked,
    folder: str | Path,
    *,
    month: str = "",
    region: str = "",
    key: bytes = b"",
    identities: bool = False,
    span: tuple[str, str] = ("", ""),
    allow_rejects: bool = False,
) -> Written:
    """Write a month's register into the folder, add what was handed in with it, and list what changed since the month before."""
    place = private_folder(Path(folder))
    good, said = checked.good(allow_rejects, unlisted=True), _said(place, key)
    if empty := [table for table, frame in good.items() if frame.is_empty()]:
        raise RegisterFault(
            "no good row is left",
            where=", ".join(empty),
            expected="households with their members",
            hint="mend the rejected rows",
        )
    before = _earlier(place, month, key)
    purpose = said.get("purpose", PURPOSE)
    people, homes = _people(checked, good["persons"], key, purpose), _homes(checked, good["households"])
    named = _named_by_heads(people) if key else {}
    people, homes = (_renamed(frame, named) for frame in (people, homes))
    alone = pl.col("household_id").is_in([named.get(home, home) for home in checked.unlisted])
    try:
        with owner_only():
            paths = _month_tables(place / month, homes, people, identities, alone)
            lists = {
                table: _renamed(rows, named) for table, rows in _lists(checked, people, homes, key, purpose).items()
            }
            paths += [_added(place / f"{table}.parquet", rows, KEYS.get(table, ())) for table, rows in lists.items()]
            paths += [
                _coverage(lists, homes, place, span),
                _facts(place, said | ({"region": region} if region else {}), key),
            ]
            changed, apart = pl.DataFrame(), frozenset[str]()
            if before:
                earlier = with_heads(place, before)
                apart = frozenset(homes.filter(alone)["household_id"]) | _heads_alone(place, before)
                changed = changes(earlier, (homes, people), month, apart)
                apart &= set(earlier[0]["household_id"].cast(pl.String)) & set(homes["household_id"])
                paths.append(_written(changed, place / f"changes-{month}.parquet"))
    finally:
        close(place)
    return Written(paths, changed, before, len(apart))


def _heads_alone(place: Path, month: str) -> frozenset[str]:
    """Name the households of which the ledger of a month lists the head alone."""
    path = tables_of(place, month)[0].with_name(f"{HEADS[0]}.parquet")
    return frozenset(pl.read_parquet(path)["household_id"].cast(pl.String)) if path.is_file() else frozenset()


def _earlier(place: Path, month: str, key: bytes) -> str:
    """Return the month before this one that the folder has; refuse what could not be tied to it."""
    known = months(place)
    before = [one for one in known if one < month]
    if known and not month:
        raise RegisterFault(
            "the folder has a folder for each month",
            where="--month",
            expected="YYYY-MM",
            hint=f"the last is {known[-1]}",
        )
    if before and not key:
        raise RegisterFault(
            "months cannot be tied together without the key", where="--key", expected="the key the folder was made with"
        )
    return before[-1] if before else ""


def _month_tables(
    inside: Path, homes: pl.DataFrame, people: pl.DataFrame, identities: bool, alone: pl.Expr
) -> list[Path]:
    """Write households and persons without names and numbers, and these apart where they were asked for; heads without their members apart too."""
    inside.mkdir(exist_ok=True)
    tables = {"households": homes, "persons": people}
    whole = {name: _with_unknown(frame, name).drop(WHO, strict=False) for name, frame in tables.items()}
    plain = {name: frame.filter(~alone) for name, frame in whole.items()}
    heads = dict(zip(HEADS, (frame.filter(alone) for frame in whole.values()), strict=True))
    for name in HEADS:
        (inside / f"{name}.parquet").unlink(missing_ok=True)
    if heads[HEADS[0]].height:
        plain |= heads
    who = (
        {"identities": people.select("person_id", *(name for name in WHO if name in people.columns))}
        if identities
        else {}
    )
    return [_written(frame, inside / f"{name}.parquet") for name, frame in (plain | who).items()]


def _said(place: Path, key: bytes) -> dict[str, str]:
    """Read what the folder says of itself, and hold the key against it."""
    path = place / "folder.csv"
    said = dict(pl.read_csv(path, infer_schema=False).iter_rows()) if path.is_file() else {}
    if key and said.get("key_check") and said["key_check"] != pseudonym("aidlib", key, said.get("purpose", PURPOSE)):
        raise PrivacyFault(
            "another key than the one the folder was made with", where="--key", hint="name the folder's own key"
        )
    return said


def _facts(place: Path, said: dict[str, str], key: bytes) -> Path:
    facts = {"purpose": PURPOSE} | {name: text for name, text in said.items() if text}
    if key:
        facts["key_check"] = pseudonym("aidlib", key, facts["purpose"])
    path = place / "folder.csv"
    pl.DataFrame({"name": list(facts), "value": list(facts.values())}).write_csv(path)
    return path


def _named_by_heads(people: pl.DataFrame) -> dict[str, str]:
    """Name households that have no number after their heads' pseudonyms: the row they stood in says nothing next month."""
    unnumbered = people.filter(pl.col("household_id").str.contains(UNNUMBERED, literal=True))
    heads = (
        unnumbered.filter(pl.col("relation") == "applicant")
        if "relation" in people.columns
        else unnumbered.unique("household_id", keep="first", maintain_order=True)  # the row the household begins with
    )
    heads = heads.select("household_id", "person_id")
    return {home: f"K{number:0{KEY_DIGITS}x}" for home, number in heads.iter_rows()}


def _renamed(frame: pl.DataFrame, named: dict[str, str]) -> pl.DataFrame:
    own = [name for name in ("household_id", "household_no") if name in frame.columns]
    return frame.with_columns(pl.col(own).cast(pl.String).replace(named)) if named else frame


def _people(checked: Checked, good: pl.DataFrame, key: bytes, purpose: str) -> pl.DataFrame:
    """Number persons by their pseudonyms, so that the same person is the same number every month; the ledger's own number stays."""
    kept = checked.kept("persons")
    more = [
        pl.Series("row", kept["place"]),
        kept["row"].alias("~row"),
        *(kept[name] for name in WHO if name in kept.columns),
    ]
    if "person_id" in kept.columns:
        more.append(kept["person_id"].alias("person_no"))
    frame = good.with_columns(more)
    if not key:
        return frame
    number = (
        kept["id_number"]
        if "id_number" in kept.columns
        else pl.Series([None], dtype=pl.String).new_from_index(0, len(kept))
    )
    named = pl.Series(kept["household_id"] + "/") + (
        kept["person_id"] if "person_id" in kept.columns else kept["row"].cast(pl.String)
    )
    keyed = pl.Series("person_key", pseudonyms(number.fill_null(named).to_list(), key, purpose), dtype=pl.String)
    short = keyed.str.slice(0, KEY_DIGITS).str.to_integer(base=16, dtype=pl.Int64)
    return frame.with_columns(short.alias("person_id"), keyed.set(pl.Series(number.is_null()), None))


def _homes(checked: Checked, good: pl.DataFrame) -> pl.DataFrame:
    kept = checked.kept("households")
    return good.with_columns(pl.Series("household_no", kept["household_id"]), pl.Series("row", kept["place"]))


def _with_unknown(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Add the facts no column holds as empty ones: unknown."""
    missing = [
        name
        for name, column in COLUMNS.items()
        if column.table == table and unknown_if_absent(name) and name not in frame
    ]
    kinds = {"flag": pl.Boolean, "code": pl.String}
    return frame.drop("~row", strict=False).with_columns(
        pl.lit(None, kinds.get(COLUMNS[name].kind, pl.Int64)).alias(name) for name in missing
    )


def _written(frame: pl.DataFrame, path: Path) -> Path:
    frame.write_parquet(path)
    return path


def _lists(
    checked: Checked, people: pl.DataFrame, homes: pl.DataFrame, key: bytes, purpose: str
) -> dict[str, pl.DataFrame]:
    """Bring recognitions, payments and departmental lists to the columns of the folder."""
    made: dict[str, pl.DataFrame] = {}
    for table in ("recognitions", "aid"):
        if table in checked.tables:
            made[table] = _of_register(checked.kept(table), table, people)
    if "recognitions" not in made and "since" in homes.columns:
        made["recognitions"] = _recognised(homes)
    for table in set(checked.tables) & set(departments()):
        rows = checked.kept(table).drop("row", "place", "household_id", "person_id", strict=False)
        if key and "id_number" in rows.columns:
            keyed = pseudonyms(rows["id_number"].fill_null("").to_list(), key, purpose)
            rows = rows.with_columns(pl.Series("person_key", keyed, dtype=pl.String)).drop(WHO, strict=False)
        made[table] = rows
    return made


def _of_register(rows: pl.DataFrame, table: str, people: pl.DataFrame) -> pl.DataFrame:
    """Put persons' numbers to rows; what a whole family receives is of person 0."""
    numbers = people.select(pl.col("~row").alias("person_row"), of="person_id")
    what = "scheme" if table == "recognitions" else "programme"
    own = pl.col(what).is_in(OF_PERSONS)
    found = rows.drop("person_id", strict=False).join(numbers, on="person_row", how="left", maintain_order="left")
    known = found.with_columns(
        person_id=pl.when(own).then(pl.col("of")).otherwise(FAMILY).fill_null(FAMILY).cast(pl.Int64)
    )
    kinds = {"since": pl.Date, "until": pl.Date, "reviewed_on": pl.Date, "paid_on": pl.Date}
    columns = LEDGERS[table]
    absent = [pl.lit(None, kinds[name]).alias(name) for name in columns if name not in known.columns]
    return known.with_columns(absent).select(columns)


def _recognised(homes: pl.DataFrame) -> pl.DataFrame:
    """Take recognitions out of a ledger that says since when each household receives dibao."""
    held = homes.filter(pl.col("since").is_not_null() & (pl.col("on_dibao") if "on_dibao" in homes.columns else True))
    empty = pl.lit(None, pl.Date)
    return held.select(
        "household_id",
        person_id=pl.lit(FAMILY, pl.Int64),
        scheme=pl.lit("dibao"),
        since="since",
        until=empty,
        reviewed_on=empty,
    )


def _added(path: Path, rows: pl.DataFrame, key: Iterable[str]) -> Path:
    """Add rows to a table of the folder; a row handed in again takes the place of the earlier one."""
    old = [pl.read_parquet(path)] if path.is_file() else []
    both = pl.concat([*old, rows], how="diagonal_relaxed")
    names = list(key)
    if (
        names == list(KEYS["aid"]) and old
    ):  # two payments of one month stay two: the month is taken whole from the newer list
        again = rows.select("programme", "month").unique()
        both = pl.concat([old[0].join(again, on=["programme", "month"], how="anti"), rows], how="diagonal_relaxed")
        return _written(both, path)
    if names == list(KEYS["aid"]):
        return _written(rows, path)
    return _written(both.unique(names or None, keep="last", maintain_order=True), path)


def _coverage(lists: dict[str, pl.DataFrame], homes: pl.DataFrame, place: Path, span: tuple[str, str]) -> Path:
    """Say of which months and programmes each place handed in: outside them nothing is judged. What was said in earlier months stays."""
    path = place / "coverage.csv"
    old = [pl.read_csv(path, infer_schema=False)] if path.is_file() else []
    rows = [(table, "") for table in lists if table in departments()]
    for table, filled in (("recognitions", "since"), ("reviews", "reviewed_on")):
        known = lists.get("recognitions", pl.DataFrame(schema={"scheme": pl.String, filled: pl.Date}))
        rows += [(table, scheme) for scheme in known.filter(pl.col(filled).is_not_null())["scheme"].unique().sort()]
    new = [
        pl.DataFrame(
            rows,
            schema=["table", "programme"],
            orient="row",
            schema_overrides=dict.fromkeys(("table", "programme"), pl.String),
        )
    ]
    if "aid" in lists:
        new.append(_months_paid(lists["aid"], homes, span))
    empty = pl.DataFrame(schema=dict.fromkeys(COVERAGE, pl.String))
    both = pl.concat([empty, *old, *new], how="diagonal").select(COVERAGE).with_columns(pl.col(pl.String).fill_null(""))
    spans = (pl.col("first") != "") & (pl.col("last") != "")
    whole = pl.concat([both.filter(~spans).unique(maintain_order=True), runs_of_months(both.filter(spans))])
    whole.write_csv(path)
    return path


def _months_paid(aid: pl.DataFrame, homes: pl.DataFrame, span: tuple[str, str]) -> pl.DataFrame:
    """Return the months of each programme as stated, else those that a township (a place, where nobody has a township) has payments of."""
    programmes = aid.select("programme").unique().sort("programme").with_columns(table=pl.lit("aid"))
    if span[0]:
        return programmes.with_columns(first=pl.lit(span[0]), last=pl.lit(span[1]))
    town = pl.col("township") if "township" in homes.columns else pl.lit(None, pl.String)
    where = homes.select("household_id", "region_code", township=town.fill_null(""))
    towns = where.filter(pl.col("township") != "")["region_code"].unique().implode()
    told = where.filter((pl.col("township") != "") | ~pl.col("region_code").is_in(towns))
    paid = aid.join(told, on="household_id").select("region_code", "township", "programme", first="month", last="month")
    return paid.unique().with_columns(table=pl.lit("aid"))


def runs_of_months(spans: pl.DataFrame) -> pl.DataFrame:
    """Join spans of months that touch or overlap; a month between two spans that neither holds stays outside.

    Examples
    --------
    >>> rows = [("aid", "", "", "dibao", *span) for span in (("2025-12", "2026-01"), ("2026-02", "2026-02"), ("2026-04", "2026-05"))]
    >>> runs_of_months(pl.DataFrame(rows, schema=COVERAGE, orient="row")).select("first", "last").rows()
    [('2025-12', '2026-02'), ('2026-04', '2026-05')]
    """
    whose = COVERAGE[:4]
    first, last = ((pl.col(name) + "-01").str.to_date() for name in COVERAGE[4:])
    days = spans.select(*whose, day=pl.date_ranges(first, last, "1mo")).explode("day").unique()
    number = pl.col("day").dt.year() * MONTHS_PER_YEAR + pl.col("day").dt.month()
    sorted_days = days.sort(*whose, "day")
    run = sorted_days.with_columns(run=number - pl.int_range(pl.len()).over(whose))
    ends = run.group_by(*whose, "run", maintain_order=True).agg(first=pl.col("day").min(), last=pl.col("day").max())
    return ends.select(*whose, pl.col("first", "last").dt.strftime("%Y-%m"))
