"""What the note of a name in `data/law/names*.csv` tells the code: how it is compared, and the words its values are made of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping


def operator(note: str) -> str:
    """Read how an observed value is compared with the law value, as the note of a name begins with it.

    Examples
    --------
    >>> operator("op=ge; not below"), operator("not below")
    ('ge', '')
    """
    first = note.split(";")[0]
    return first.removeprefix("op=") if first.startswith("op=") else ""


def vocabulary(note: str) -> tuple[str, ...]:
    """Read the words a text value may be made of, as the note of a name begins with them; empty: any words.

    `law_name`, `source_id` and `group` stand for every name of the law book, every source and every group.
    """
    first = note.split(";")[0]
    return tuple(first.removeprefix("words=").split("|")) if first.startswith("words=") else ()


def strangers(value: str, note: str, stands_for: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Find the words of a text value that its name does not know: a slip would be read as something else, or as nothing.

    Examples
    --------
    >>> list(strangers("cpi>= fod>=", "words=cpi|food", {})), list(strangers("anything", "", {}))
    (['fod'], [])
    """
    known = set(vocabulary(note))
    for word in known & set(stands_for):
        known |= set(stands_for[word])
    for said in re.split(r"[\s|>=]+", value.partition(":")[0].strip("|>= ")) if known else ():
        if said not in known:
            yield said
