"""The errors that cross floors, named by what the caller does about them.

Anything else that is raised is a bug: the edge refuses the exchange, counts it and logs it.
Messages follow one style: no capital, no full stop, one idea, the place first. None quotes a prompt.
"""

from firebreak.model.reason import Reason


class FirebreakError(Exception):
    """What this project raises on purpose."""


class BadInput(FirebreakError):
    """The exchange cannot be read as its provider would read it: refuse it.

    `reason` is the machine code, `where` a JSON pointer or a header name, never content.
    """

    def __init__(self, reason: Reason, where: str = "") -> None:
        super().__init__(f"{where or 'body'}: {reason.sentence}")
        self.reason = reason
        self.where = where


class BadConfig(FirebreakError):
    """A policy or an option is wrong: do not start, or keep the last good one.

    `place` is `file:line` or the option's name; `mend` is what to do.
    """

    def __init__(self, place: str, problem: str, mend: str = "") -> None:
        super().__init__(f"{place}: {problem}" + (f"; {mend}" if mend else ""))
        self.place = place
        self.problem = problem
        self.mend = mend


class Unavailable(FirebreakError):
    """A part that answers over a wire or a disk did not: the policy says what follows, a refusal by default."""
