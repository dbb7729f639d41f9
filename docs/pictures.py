"""Draw the pictures of the README from the demo: pictures.py."""

from pathlib import Path

import pbgraph as pb

HERE = Path(__file__).parent


def main() -> None:
    """Write docs/wall.png, the first scene of the wall of the demo."""
    pb.draw_poster(pb.read(HERE.parent / "data/demo"), HERE / "wall.png")


if __name__ == "__main__":
    main()
