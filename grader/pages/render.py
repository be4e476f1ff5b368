"""Turn what a page says into HTML: one file, no script, nothing to fetch.

Trust: a page quotes students, who may write anything. Every text that goes into a
template loses the characters that steer what shows it, and is escaped; a missing one
is an error. Should something slip through, the page's own policy tells the browser to
run no script and to fetch nothing.
"""

import functools
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.exports.texts import number, readable
from grader.pages.words import counted, when

TEMPLATES: Final = Path(__file__).parent / "templates"


def render(template: str, **content: Any) -> str:
    """Return a page made from a template."""
    return _environment().get_template(template).render(**content)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "points": number,
        "when": when,
        "counted": counted,
    }
    return environment


def _harmless(value: Any) -> Any:
    return readable(value) if type(value) is str and not value.isprintable() else value
