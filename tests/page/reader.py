"""Reads a page as a reviewer's tools would: headings, ids, links, tables, pictures."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "link", "img", "input", "br", "hr", "wbr"}


class Reader(HTMLParser):
    """Collects what the tests ask about; `open_tags` must be empty at the end of a well-formed page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open_tags: list[str] = []
        self.mismatched: list[str] = []
        self.text: list[str] = []
        self.text_outside_details: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open_tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open_tags or self.open_tags.pop() != tag:
            self.mismatched.append(tag)

    def handle_data(self, data: str) -> None:
        if {"script", "style"} & set(self.open_tags):
            return
        self.text.append(data)
        if "details" not in self.open_tags:
            self.text_outside_details.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        """Attributes of every element of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def levels(self) -> list[int]:
        """Levels of the headings, in order."""
        return [int(name[1]) for name, _ in self.tags if len(name) == 2 and name[0] == "h" and name[1].isdigit()]

    @property
    def ids(self) -> list[str]:
        """Every id, in order."""
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Every src and href with the class of its element."""
        return [(a[key], a.get("class", "")) for _, a in self.tags for key in ("src", "href") if key in a]

    @property
    def words(self) -> str:
        """All text, spaces folded."""
        return " ".join(" ".join(self.text).split())
