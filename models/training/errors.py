"""What is said to the user when an input is bad: one sentence that names the file and what to do."""
import functools
import sys


class InputError(Exception):
    """A file or an option that cannot be used. Its text is the whole message."""


def command(main):
    """Decorates a script's main: an InputError becomes one line on standard error and exit code 1."""

    @functools.wraps(main)
    def run(*args, **named):
        try:
            return main(*args, **named)
        except InputError as error:
            print(f"error: {error}", file=sys.stderr)
            sys.exit(1)

    return run
