"""Entry point of the command line: `coverage-engine` and `python -m coverage_engine`."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from coverage_engine.cli.commands import coverage_engine

    coverage_engine()


if __name__ == "__main__":
    main()
