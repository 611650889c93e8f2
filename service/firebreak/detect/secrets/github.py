"""GitHub: every prefixed token. The checksum in them is not required, so that a mistyped token is still found."""

from firebreak.detect.secrets.form import letters, token

RULES = (
    token(
        "github-token",
        r"gh[pousr]_[A-Za-z0-9]{36,251}",
        "GitHub token: personal (ghp), OAuth (gho), user (ghu), server (ghs) or refresh (ghr)",
        ("ghp_" + letters(36), "gho_" + letters(36), "ghs_" + letters(36), "ghr_" + letters(76), "ghu_" + letters(36)),
        ("ghp_" + letters(20), "xghp_" + letters(36), "gha_" + letters(36)),
    ),
    token(
        "github-fine-grained-token",
        r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{50,70}",
        "GitHub token with fine-grained permissions",
        ("github_pat_" + letters(22) + "_" + letters(59),),
        ("github_pat_" + letters(22),),
    ),
)
