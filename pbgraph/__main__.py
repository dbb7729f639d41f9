"""The command `pbgraph`, also as `python -m pbgraph`: small, so that Ctrl-C is understood during the imports."""

try:
    from pbgraph.stopping import stop_at_once
except KeyboardInterrupt:  # while that one itself is imported
    raise SystemExit(130) from None


def main() -> None:
    """Run the command."""
    stop_at_once()
    from pbgraph.cli import main as run

    run()


if __name__ == "__main__":
    main()
