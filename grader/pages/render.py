"""Turn what a page says into HTML: one file, no script, nothing to fetch.

Trust: a page quotes students, who may write anything. Jinja2 escapes every text that
goes into a template, a missing one is an error, and the page's own policy tells the
browser to run no script and to fetch nothing, should something slip through.
"""

import functools
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.exports.texts import number
from grader.pages.words import counted, percent, when

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
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "points": number,
        "percent": percent,
        "when": when,
        "counted": counted,
    }
    return environment
