"""GitLab: personal, deploy, runner, trigger, feed and agent tokens."""

from firebreak.detect.secrets.form import letters, token

RULES = (
    token(
        "gitlab-token",
        (
            r"(?:glpat|gldt|glcbt|glptt|glft|glsoat|glimt|glagent|gloas|glffct|glrtr?)-[A-Za-z0-9_-]{20,}"
            r"(?:\.[a-z0-9]{2}\.[a-z0-9]{9})?"
        ),
        "GitLab token of a person, a deployment, a runner, a pipeline, a feed or an agent",
        ("glpat-" + letters(20), "glrt-" + letters(20), "glpat-" + letters(27) + ".01." + letters(9).lower()),
        ("glpat-" + letters(10), "glxyz-" + letters(20)),
    ),
    token(
        "gitlab-runner-registration-token",
        r"GR1348941[A-Za-z0-9_-]{20}",
        "GitLab token that registers a runner",
        ("GR1348941" + letters(20),),
        ("GR1348941",),
    ),
)
