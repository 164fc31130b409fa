"""`python -m demixme`: the same as the command `demixme`; where every child process begins too."""

import sys


def main() -> int:
    """Run what the command line asks for and return the exit code."""
    from demixme import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
