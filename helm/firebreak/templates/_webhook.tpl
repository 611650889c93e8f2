{{/* What the webhook is told, and what the API server is told about it. Context: the chart's. */}}

{{- define "firebreak.webhookArgs" -}}
{{- $name := include "firebreak.injectorName" . -}}
{{- $version := semver (include "firebreak.kubeVersion" .) -}}
- webhook
- --listen=0.0.0.0:15443
- --http-listen=0.0.0.0:15081
- --service={{ $name }}.{{ .Release.Namespace }}.svc
{{- if eq .Values.injector.certificates.source "certManager" }}
- --certificate-dir=/etc/firebreak/certificates
{{- else }}
- --secret={{ $name }}-certificates
- --configuration={{ $name }}
{{- end }}
{{- if .Values.injector.events }}
- --events
{{- end }}
- --kubernetes={{ $version.Major }}.{{ $version.Minor }}
- --image={{ include "firebreak.engineImage" . }}
- --envoy-image={{ include "firebreak.imageName" .Values.envoy.image }}
- --policy={{ .Values.injector.policyConfigMap }}
- {{ printf "--providers=%s" (include "firebreak.providers" .) | quote }}
{{- with .Values.sidecar.egress }}
{{- if .lock }}
- --egress=locked
- --egress-allow={{ join "," .allow }}
- {{ printf "--egress-networks=%s" (join "," .networks) | quote }}
- {{ printf "--egress-refuse=%s" (join "," .refuse) | quote }}
{{- end }}
{{- end }}
{{- if .Values.sidecar.events }}
- --engine-events
{{- end }}
{{- with .Values.credentials.secret }}
- --credentials={{ . }}
{{- end }}
{{- with .Values.judge.secret }}
{{- if .name }}
- --judge-secret={{ .name }}/{{ .key }}
{{- end }}
{{- end }}
{{- with .Values.caBundle.configMap }}
{{- if .name }}
- --ca-bundle={{ .name }}/{{ .key }}
{{- end }}
{{- end }}
{{- if include "firebreak.encoderSource" . }}
- {{ printf "--encoder-volume=%s" (include "firebreak.encoderSource" .) | quote }}
- --encoder-path={{ .Values.encoder.path }}
- --encoder-cpu={{ .Values.encoder.resources.cpu }}
- --encoder-memory={{ .Values.encoder.resources.memory }}
{{- with .Values.options.encoder_budget_ms }}
- --encoder-budget-ms={{ int . }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The namespaces that no webhook of ours may hold up. */}}
{{- define "firebreak.leftAlone" -}}
{{- concat (list "kube-system" "kube-node-lease" .Release.Namespace) .Values.injector.excludedNamespaces | uniq | toJson -}}
{{- end -}}

{{/* One webhook. Context: `root`, `name`, `path`, `labels` (what those of its namespaces must be), `conditions`. */}}
{{- define "firebreak.webhook" -}}
name: {{ .name }}
admissionReviewVersions: [v1]
clientConfig:
  # No `caBundle`: who makes the certificates writes it here, and an upgrade leaves it as it is.
  service: {name: {{ include "firebreak.injectorName" .root }}, namespace: {{ .root.Release.Namespace }}, path: {{ .path }}, port: 443}
rules:
  - {apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE], scope: Namespaced}
namespaceSelector:
  matchExpressions:
    {{- toYaml .labels | nindent 4 }}
    - {key: kubernetes.io/metadata.name, operator: NotIn, values: {{ include "firebreak.leftAlone" .root }}}
{{- with .conditions }}
matchConditions:
  {{- toYaml . | nindent 2 }}
{{- end }}
failurePolicy: Fail
matchPolicy: Equivalent
sideEffects: NoneOnDryRun
reinvocationPolicy: IfNeeded
timeoutSeconds: 10
{{- end -}}
