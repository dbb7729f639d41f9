"""The command `pbgraph`, also as `python -m pbgraph`: small, so that Ctrl-C is understood during the imports."""

from pbgraph.stopping import stop_at_once


def main() -> None:
    """Run the command."""
    stop_at_once()
    from pbgraph.cli import main as run

    run()


if __name__ == "__main__":
    main()
