"""Values that vendors print in their documentation: no secret of anybody's, but worth a line in the record.

They are spelled in pieces, so that a scanner of this source does not take them for leaks.
"""

_JWT_IO = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ."
    "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
)

DOCUMENTED = frozenset(
    {
        "AKIA" + "IOSFODNN7EXAMPLE",
        "AKIA" + "I44QH8DHBEXAMPLE",
        "ASIA" + "IOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY",
        "je7MtGbClwBF/2Zp9Utk/" + "h3yCo8nvbEXAMPLEKEY",
        _JWT_IO,
        "078-05-" + "1120",
        "219-09-" + "9999",
    }
)

DOCUMENTED_SCORE = 0.3
"""Score of a hit on one of them; its severity is LOW."""
