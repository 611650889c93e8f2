"""Values that people install with, each by a name."""

from typing import Any

POLICY = """policy: {name: mine, version: "1"}
defaults: {intent: ALLOW, finding: ALLOW}
categories: [coding]
rules:
  - {id: coding, match_categories: [coding], decision: ALLOW}
"""
AZURE = {"name": "azure", "api": "azure_openai", "host": "my-resource.openai.azure.com"}
LOCAL = {"name": "local-llm", "api": "openai", "host": "llm.models.svc", "port": 8000, "tls": False, "prefix": "/llm"}

GATEWAY: dict[str, dict[str, Any]] = {
    "defaults": {},
    "another policy": {"policy": {"inline": POLICY}},
    "a policy of one's own ConfigMap": {"policy": {"existingConfigMap": "team-policy", "file": "strict.yaml"}},
    "several destinations": {"providers": ["anthropic", AZURE, LOCAL]},
    "options": {
        "options": {"workers": 2, "policy_poll_s": 0.5, "log_level": "debug", "otlp_endpoint": "otel.obs:4317"},
        "engine": {"resources": {"limits": {"memory": "1Gi"}}},
        "audit": {"sizeLimit": "2Gi"},
    },
    "secrets by reference": {
        "judge": {"secret": {"name": "judge"}},
        "caBundle": {"configMap": {"name": "company-ca"}},
        "engine": {
            "extraEnv": [{"name": "FIREBREAK_LOG_LEVEL", "configMapKeyRef": {"name": "firebreak", "key": "info"}}]
        },
    },
    "records kept": {
        "audit": {"persistence": {"enabled": True, "storageClassName": "nfs"}},
        "options": {"audit_keep_files": 0},
    },
    "one replica": {
        "gateway": {"replicas": 1, "autoscaling": {"enabled": False}},
        "audit": {"persistence": {"enabled": True, "accessMode": "ReadWriteOnce", "existingClaim": "records"}},
    },
    "digests": {
        "image": {"repository": "registry.local:5000/firebreak", "digest": "sha256:" + "a" * 64},
        "envoy": {"image": {"repository": "registry.local:5000/envoy", "digest": "sha256:" + "b" * 64}},
        "imagePullSecrets": ["registry"],
    },
    "everything about pods": {
        "fullnameOverride": "llm-gate",
        "gateway": {
            "priorityClassName": "high",
            "nodeSelector": {"pool": "egress"},
            "tolerations": [{"key": "egress", "operator": "Exists", "effect": "NoSchedule"}],
            "affinity": {"podAntiAffinity": {}},
            "podAnnotations": {"team": "platform"},
            "podLabels": {"team": "platform"},
            "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}],
            "service": {"type": "LoadBalancer", "port": 80, "annotations": {"internal": "true"}},
            "serviceAccount": {"create": False, "name": "egress"},
            "podDisruptionBudget": {"enabled": False},
        },
    },
    "network": {
        "gateway": {
            "networkPolicy": {
                "allowedNamespaces": ["shop", "support"],
                "monitoringNamespaces": [],
                "extraEgress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}],
            }
        }
    },
    "no network policy": {"gateway": {"networkPolicy": {"enabled": False}}},
    "scraped by the operator": {"gateway": {"podMonitor": {"enabled": True, "labels": {"release": "prometheus"}}}},
}

LIBRARY: dict[str, dict[str, Any]] = {
    "defaults": {},
    "several destinations": {"firebreak": {"providers": ["anthropic", AZURE, LOCAL]}},
    "a policy of one's own ConfigMap": {"firebreak": {"policy": {"existingConfigMap": "team-policy"}}},
    "secrets by reference": {
        "firebreak": {"judge": {"secret": {"name": "judge"}}, "caBundle": {"configMap": {"name": "company-ca"}}}
    },
}
