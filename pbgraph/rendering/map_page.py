"""The map as one HTML file that opens offline: pyvis's build of vis-network in our own page.

The page asks the network for nothing: `default-src 'none'` with the hash of every script and
style. Data stand as JSON in an inert element; text enters the page as text only.
"""

import base64
import hashlib
import html
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pbgraph.errors import RenderError
from pbgraph.network import Network
from pbgraph.policy import Policy
from pbgraph.rendering.facts import gather
from pbgraph.rendering.files import BLANK_STAMP, is_stamped, stamped, write_file
from pbgraph.rendering.look import Look
from pbgraph.rendering.map_spec import MapSpec, map_spec

_SCRIPTS = (
    "data.js", "canvas.js", "labels.js", "legend.js", "search.js", "card.js", "table.js", "picture.js", "scenes.js",
    "start.js",
)  # fmt: skip
_VIS = "templates/lib/vis-9.1.2/vis-network.min.js"


@dataclass(frozen=True)
class MapPage:
    """A finished page; shows itself in Jupyter, in a frame that cannot reach the notebook.

    Behind the frame lies a `still` picture, which is seen where a saved notebook is shown without frames.
    """

    content: str
    path: Path | None = None
    still: Callable[[], bytes] | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        place = f"'{self.path}', " if self.path else ""
        return f"MapPage({place}{len(self.content.encode()) / 2**20:.1f} MB)"

    def _repr_html_(self) -> str:
        page = html.escape(self.content, quote=True)
        return (
            f'<div style="position:relative;height:640px">{self._picture()}'
            '<iframe sandbox="allow-scripts allow-downloads" style="position:absolute;inset:0;width:100%;height:640px;'
            'border:1px solid #ddd;background:#fff" '
            f'title="pbgraph" srcdoc="{page}"></iframe></div>'
        )

    def _picture(self) -> str:
        """The still picture as an image of the page; nothing where it cannot be drawn."""
        try:
            drawn = self.still() if self.still else b""
        except RenderError:  # such as a font of the look that is not there: the page does without
            return ""
        encoded = base64.b64encode(drawn).decode()
        style = "width:100%;max-height:100%;object-fit:contain"
        return f'<img alt="pbgraph" style="{style}" src="data:image/png;base64,{encoded}">' if drawn else ""


def draw_map(
    network: Network, path: str | Path | None = None, *, look: Look | None = None, policy: Policy | None = None
) -> MapPage:
    """Draw the map of a network; write it where a path is given.

    Parameters
    ----------
    network
        Not changed.
    path
        File to write; an earlier map is replaced whole or not at all, anything else is not touched.
    look
        Language, edition, font. The edition "meeting" is the default.
    policy
        Rules to judge by; those of the network's profile where none are given.

    Raises
    ------
    RenderError
        output-not-writable, output-foreign.

    """
    chosen = look or Look()
    spec = map_spec(gather(network, look=chosen, policy=policy))
    return finished(render_page(spec), path, chosen, still=partial(_still, spec, chosen))


def _still(spec: MapSpec, look: Look) -> bytes:
    from pbgraph.rendering.map_still import still_picture  # a file needs no matplotlib

    return still_picture(spec, look)


def finished(content: str, path: str | Path | None, look: Look, *, still: Callable[[], bytes]) -> MapPage:
    """A page, written where a path is given; one of the edition "internal" is for the user only."""
    is_private = look.edition == "internal"
    place = None if path is None else write_file(Path(path), content, over=is_stamped, is_private=is_private)
    return MapPage(content, place, still)


def render_page(spec: MapSpec) -> str:
    """One HTML document from a specification."""
    environment = Environment(
        loader=PackageLoader("pbgraph"), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    style = _part("map.css")
    guard = _part("guard.js")
    program = "".join(_part(name) for name in _SCRIPTS)
    vis = vis_network()
    hashes = " ".join(hashed(text) for text in (guard, vis, program))
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src {hashed(style)}; img-src data: blob:; "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )
    data = asdict(spec)
    data.pop("ids")
    data |= {name: _columns(data[name]) for name in ("nodes", "edges")}
    page = environment.get_template("map.html.j2").render(
        stamp=" ".join(BLANK_STAMP),
        spec=spec,
        policy=policy,
        style=style,
        guard=guard,
        vis=vis,
        program=program,
        data=inert_json(data),
    )
    return stamped(page)


def _columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Rows of the same keys as columns, so that a key is written once."""
    return {key: [row[key] for row in rows] for key in rows[0]} if rows else {}


def inert_json(value: object) -> str:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def hashed(text: str) -> str:
    """A script or style as the policy of a page allows it."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _part(name: str) -> str:
    return resources.files("pbgraph").joinpath(f"templates/map/{name}").read_text("utf-8")


@cache
def vis_network() -> str:
    """The script of vis-network that pyvis carries, without importing pyvis and its notebook parts."""
    spec = find_spec("pyvis")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    file = folder / _VIS
    if not file.is_file():
        raise RenderError("missing-extra", extra="pyvis")
    text = file.read_text("utf-8").replace("\r\n", "\n")
    return "\n".join(line for line in text.split("\n") if not line.startswith("//# sourceMappingURL"))
