"""GitHub: every prefixed token. The checksum in them makes a match certain; a mistyped token is still found."""

from firebreak.detect.checksums import crc32_base62
from firebreak.detect.secrets.form import letters, token


def is_checked(text: str) -> bool:
    """Whether the last part of a token ends with its CRC-32."""
    return crc32_base62(text.rpartition("_")[2])


RULES = (
    token(
        "github-token",
        r"gh[pousr]_[A-Za-z0-9]{36,251}",
        "GitHub token: personal (ghp), OAuth (gho), user (ghu), server (ghs) or refresh (ghr)",
        ("ghp_" + letters(36), "gho_" + letters(36), "ghs_" + letters(36), "ghr_" + letters(76), "ghu_" + letters(36)),
        ("ghp_" + letters(20), "xghp_" + letters(36), "gha_" + letters(36)),
        sure=is_checked,
    ),
    token(
        "github-fine-grained-token",
        r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{50,70}",
        "GitHub token with fine-grained permissions",
        ("github_pat_" + letters(22) + "_" + letters(59),),
        ("github_pat_" + letters(22),),
        sure=is_checked,
    ),
)
