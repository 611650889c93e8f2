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
ISCSI = {"targetPortal": "10.0.0.7:3260", "iqn": "iqn.2026-11.example:encoders", "lun": 0, "readOnly": True}
FROM_IMAGE = {"encoder": {"image": {"reference": "registry.example/encoders@sha256:" + "c" * 64}}}
"""Not among the cases below, for Kubernetes before 1.33 cannot have it."""
MONITORED: dict[str, Any] = {
    "monitoring": {
        "dashboards": {"enabled": True, "namespace": "monitoring", "labels": {"grafana_dashboard": "yes"}},
        "podMonitors": {"enabled": True, "labels": {"release": "prometheus"}},
        "rules": {"enabled": True, "labels": {"release": "prometheus"}},
    }
}

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
    "callers by certificate": {"gateway": {"tls": {"secret": "gateway-tls"}}},
    "callers by token, and Events": {"gateway": {"callerToken": {"enabled": True}, "events": True}},
    "keys that Envoy puts in": {"credentials": {"secret": "provider-keys"}},
    "encoders on a claim": {
        "encoder": {"claim": "encoders", "path": "en/v2"},
        "options": {"encoder_threads": 2, "encoder_budget_ms": 300},
    },
    "encoders on a volume of one's own": {
        "encoder": {"volume": {"nfs": {"server": "nas.internal", "path": "/encoders", "readOnly": True}}}
    },
    "seen in Grafana": MONITORED,
}

INJECTOR: dict[str, dict[str, Any]] = {
    "defaults": {},
    "policies": {"policy": {"namespaces": ["shop", {"name": "support", "inline": POLICY}]}},
    "cert-manager": {"injector": {"certificates": {"source": "certManager"}}},
    "an issuer of cert-manager": {
        "injector": {
            "certificates": {"source": "certManager", "issuer": {"name": "company", "kind": "ClusterIssuer"}},
            "events": False,
        }
    },
    "sidecars without a way around": {"sidecar": {"egress": {"lock": True, "allow": ["db.internal", "*.pypi.org"]}}},
    "sidecars without a way around but to named networks": {
        "sidecar": {"egress": {"lock": True, "networks": ["10.1.0.0/16", "[fd00::/8]:5432"], "refuse": ["10.1.2.3/32"]}}
    },
    "sidecars that post Events": {
        "sidecar": {"events": True},
        "eventsRole": {"create": True, "namespaces": ["shop"], "annotatePods": True},
    },
    "several destinations": {"providers": ["anthropic", AZURE, LOCAL]},
    "secrets by reference": {
        "judge": {"secret": {"name": "judge"}},
        "caBundle": {"configMap": {"name": "company-ca"}},
        "credentials": {"secret": "provider-keys"},
    },
    "encoders on a claim": {
        "encoder": {"claim": "encoders", "path": "en/v2", "resources": {"cpu": "1", "memory": "1Gi"}},
        "options": {"encoder_budget_ms": 300},
    },
    "encoders on a volume of one's own": {"encoder": {"volume": {"iscsi": ISCSI}}},
    "digests": {
        "image": {"repository": "registry.local:5000/firebreak", "digest": "sha256:" + "a" * 64},
        "envoy": {"image": {"repository": "registry.local:5000/envoy", "digest": "sha256:" + "b" * 64}},
        "imagePullSecrets": ["registry"],
    },
    "everything about pods": {
        "fullnameOverride": "llm-injector",
        "injector": {
            "replicas": 3,
            "policyConfigMap": "llm-policy",
            "excludedNamespaces": ["ci"],
            "withoutSidecar": "Warn",
            "priorityClassName": "system-cluster-critical",
            "nodeSelector": {"pool": "system"},
            "tolerations": [{"key": "system", "operator": "Exists", "effect": "NoSchedule"}],
            "affinity": {"podAntiAffinity": {}},
            "podAnnotations": {"team": "platform"},
            "podLabels": {"team": "platform"},
            "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}],
            "serviceAccount": {"create": False, "name": "injector"},
            "podDisruptionBudget": {"enabled": False},
            "networkPolicy": {"enabled": False},
        },
    },
    "seen in Grafana": MONITORED,
}

LIBRARY: dict[str, dict[str, Any]] = {
    "defaults": {},
    "several destinations": {"firebreak": {"providers": ["anthropic", AZURE, LOCAL]}},
    "a policy of one's own ConfigMap": {"firebreak": {"policy": {"existingConfigMap": "team-policy"}}},
    "secrets by reference": {
        "firebreak": {"judge": {"secret": {"name": "judge"}}, "caBundle": {"configMap": {"name": "company-ca"}}}
    },
    "keys that Envoy puts in": {"firebreak": {"credentials": {"secret": "provider-keys"}}},
    "encoders on a claim": {"firebreak": {"encoder": {"claim": "encoders"}}},
    "no way around": {"firebreak": {"sidecar": {"egress": {"lock": True, "allow": ["db.internal", "*.pypi.org"]}}}},
    "Events": {"firebreak": {"sidecar": {"events": True}, "eventsRole": {"create": True}}},
}
