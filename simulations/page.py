"""Pages: one file of HTML, dark or light as the reader's eyes are, readable at 360 pixels."""

import re
from collections.abc import Sequence
from html import escape
from typing import Final

from simulations.plots import Picture

NUMBER: Final = r"[-+]?[\d.,]+( %| days?)?|-|never"
"""What stands to the right in a table."""
STYLE: Final = """
:root{color-scheme:light dark;--back:#fbfaf7;--card:#ffffff;--text:#16161d;--quiet:#4a4753;
--edge:#d8d4cc;--light:#7a4b00}
@media (prefers-color-scheme:dark){:root{--back:#09090d;--card:#13131b;--text:#f5f2eb;
--quiet:#bcb7c6;--edge:#2c2c3a;--light:#ffd58a}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
main{max-width:72rem;margin:0 auto;padding:16px}
h1{font-size:1.5rem;line-height:1.25;margin:16px 0 8px}
h2{font-size:1.125rem;margin:40px 0 8px}
p{max-width:44rem;margin:8px 0}
.answer{font-size:1.25rem;line-height:1.4;color:var(--light)}
.quiet,figcaption{color:var(--quiet)}
.pictures{display:grid;gap:16px;align-items:start;
grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr))}
figure{margin:0;padding:8px 16px;background:var(--card);
border:1px solid var(--edge);border-radius:8px}
figure svg{display:block;width:100%;height:auto;max-width:30rem}
figcaption{margin:0 0 8px}
.wide{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:4px 16px 4px 0;text-align:right;white-space:nowrap;
border-bottom:1px solid var(--edge)}
th{color:var(--quiet);font-weight:600}
.word{text-align:left}
td.word{white-space:normal;min-width:8rem}
pre{overflow-x:auto;padding:16px;background:var(--card);border:1px solid var(--edge);
border-radius:8px;font-size:.875rem}
dt{font-weight:600}dd{margin:0 0 8px;max-width:44rem;color:var(--quiet)}
summary{cursor:pointer;padding:8px 0}
:focus-visible{outline:2px solid var(--light);outline-offset:2px}
"""


def page(title: str, parts: Sequence[str]) -> str:
    """A whole page around its parts."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


def table_html(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Words to the left, figures to the right; wide ones scroll by themselves."""
    is_word = [
        any(not re.fullmatch(NUMBER, row[place]) for row in rows) for place in range(len(head))
    ]
    marks = [' class="word"' if word else "" for word in is_word]
    titles = "".join(
        f'<th scope="col"{mark}>{escape(one)}</th>' for mark, one in zip(marks, head, strict=True)
    )
    cells = (
        "".join(f"<td{mark}>{escape(one)}</td>" for mark, one in zip(marks, row, strict=True))
        for row in rows
    )
    body = "".join(f"<tr>{row}</tr>\n" for row in cells)
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="table"><table>\n'
        f"<thead><tr>{titles}</tr></thead>\n<tbody>\n{body}</tbody></table></div>"
    )


def picture_html(picture: Picture) -> str:
    """Its names kept apart from those of other pictures, and its caption for who cannot see it."""
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{picture.name}-", picture.svg)
    label = escape(picture.caption, quote=True)
    svg = re.sub(r' (width|height)="[\d.]+pt"', "", svg, count=2)
    return svg.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
