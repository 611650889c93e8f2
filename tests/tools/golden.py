"""Rewrites every golden file from what the code does now; the diff is reviewed like code."""

from tests.golden.audit import samples
from tests.tools import (
    golden_admission,
    golden_answers,
    golden_codecs,
    golden_envoy,
    golden_kube,
    golden_lock,
    golden_policy,
    policy_schema,
)

if __name__ == "__main__":
    for rewrite in (
        golden_admission.main,
        golden_answers.main,
        golden_codecs.main,
        golden_envoy.main,
        golden_kube.main,
        golden_lock.main,
        golden_policy.main,
        policy_schema.main,
        samples.write,
    ):
        rewrite()
