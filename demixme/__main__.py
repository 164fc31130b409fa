"""`python -m demixme`: the same as the command `demixme`; where every child process begins too."""

import sys

#: Hidden verbs, which nobody types; their modules are loaded without the command line's.
DECODE, DIGEST = "_decode", "_digest"
WORKER = "_worker"


def main() -> int:
    """Run what the command line asks for and return the exit code."""
    if sys.argv[1:2] == [DECODE]:
        from demixme.audiofile import childdecoding

        return childdecoding.main(sys.argv[2:])
    if sys.argv[1:2] == [DIGEST]:
        from demixme.audiofile import childdigest

        return childdigest.main(sys.argv[2:])
    if sys.argv[1:2] == [WORKER]:
        from demixme.commands import worker

        return worker.main()
    from demixme import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
