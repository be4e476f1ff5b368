"""Read an HTML page as a browser would, as far as tests ask."""

from html.parser import HTMLParser

_EMPTY = {"meta", "br", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """The tags of a page with their attributes, and the text between them.

    Attributes
    ----------
    tags : list of (str, dict)
        Every tag that was opened, with its attributes, in order.
    text : str
        What can be read, styles left out.
    unbalanced : list of str
        Tags that were closed without having been opened last, or never closed.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.unbalanced: list[str] = []
        self._open: list[str] = []
        self._text: list[str] = []
        self.feed(html)
        self.close()
        self.unbalanced += self._open

    @property
    def text(self) -> str:
        """What can be read, with single spaces."""
        return " ".join(" ".join(self._text).split())

    def named(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of each such tag."""
        return [attributes for name, attributes in self.tags if name == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Close a tag."""
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if self._open[-1:] != ["style"]:
            self._text.append(data)
