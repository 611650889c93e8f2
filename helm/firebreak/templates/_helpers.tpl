{{/* Names, labels, and small readings of the values. The context of each is the chart's own, unless it says otherwise. */}}

{{- define "firebreak.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "firebreak.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "firebreak.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "firebreak.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "firebreak.injectorName" -}}
{{- include "firebreak.fullname" . }}-injector
{{- end -}}

{{/* The labels that pods are found by. Context: a list of the chart's and `gateway` or `injector`. */}}
{{- define "firebreak.selectorLabels" -}}
{{- $root := first . -}}
app.kubernetes.io/name: {{ include "firebreak.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ last . }}
{{- end -}}

{{- define "firebreak.labels" -}}
app.kubernetes.io/name: {{ include "firebreak.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: firebreak
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") }}
{{- end -}}

{{- define "firebreak.gatewayLabels" -}}
{{ include "firebreak.labels" . }}
app.kubernetes.io/component: gateway
{{- end -}}

{{- define "firebreak.injectorLabels" -}}
{{ include "firebreak.labels" . }}
app.kubernetes.io/component: injector
{{- end -}}

{{- define "firebreak.serviceAccountName" -}}
{{- if eq .Values.mode "injector" -}}
{{- .Values.injector.serviceAccount.name | default (include "firebreak.injectorName" .) -}}
{{- else -}}
{{- .Values.gateway.serviceAccount.name | default (include "firebreak.fullname" .) -}}
{{- end -}}
{{- end -}}

{{/* Where pods run. Context: a list of the chart's, `gateway` or `injector`. */}}
{{- define "firebreak.placement" -}}
{{- $them := . -}}
{{- $values := index (first .).Values (last .) -}}
topologySpreadConstraints:
  {{- if $values.topologySpreadConstraints }}
  {{- toYaml $values.topologySpreadConstraints | nindent 2 }}
  {{- else }}
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "firebreak.selectorLabels" $them | nindent 8 }}
  {{- end }}
  {{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "firebreak.pullSecrets" -}}
{{- with .Values.imagePullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end -}}
{{- end -}}

{{- define "firebreak.policyConfigMap" -}}
{{- .Values.policy.existingConfigMap | default (printf "%s-policy" (include "firebreak.fullname" .)) -}}
{{- end -}}

{{- define "firebreak.auditClaim" -}}
{{- .Values.audit.persistence.existingClaim | default (printf "%s-audit" (include "firebreak.fullname" .)) -}}
{{- end -}}

{{/* `repository@digest`, or `repository:tag`. Context: a mapping as `image`, with a tag. */}}
{{- define "firebreak.imageName" -}}
{{- if .digest -}}{{ printf "%s@%s" .repository .digest }}{{- else -}}{{ printf "%s:%s" .repository .tag }}{{- end -}}
{{- end -}}

{{- define "firebreak.engineImage" -}}
{{- $image := .Values.image -}}
{{- include "firebreak.imageName" (dict "repository" $image.repository "digest" $image.digest "tag" (default .Chart.AppVersion $image.tag)) -}}
{{- end -}}

{{/* `true` where the engine posts Events, else empty. */}}
{{- define "firebreak.events" -}}
{{- if ternary .Values.gateway.events .Values.sidecar.events (eq .Values.mode "gateway") -}}true{{- end -}}
{{- end -}}

{{/* `true` where the engine speaks to Kubernetes at all, and gets a token for it. */}}
{{- define "firebreak.asksKubernetes" -}}
{{- if or (include "firebreak.events" .) (and (eq .Values.mode "gateway") .Values.gateway.callerToken.enabled) -}}true{{- end -}}
{{- end -}}

{{- define "firebreak.kubeVersion" -}}
{{- default .Capabilities.KubeVersion.Version .Values.kubeVersion -}}
{{- end -}}

{{/* `true` where init containers may have `restartPolicy: Always` (on by default since 1.29), else empty. */}}
{{- define "firebreak.nativeSidecars" -}}
{{- if semverCompare ">=1.29.0-0" (include "firebreak.kubeVersion" .) -}}true{{- end -}}
{{- end -}}

{{/* `true` where a `preStop` may be `sleep` (on by default since 1.30, stable in 1.34), else empty. */}}
{{- define "firebreak.sleepHook" -}}
{{- if semverCompare ">=1.30.0-0" (include "firebreak.kubeVersion" .) -}}true{{- end -}}
{{- end -}}

{{/* `true` where admission webhooks have match conditions and there are admission policies (stable since 1.30), else empty. */}}
{{- define "firebreak.admissionRules" -}}
{{- if semverCompare ">=1.30.0-0" (include "firebreak.kubeVersion" .) -}}true{{- end -}}
{{- end -}}

{{/* A value as text. Helm reads every number as a float, and prints large ones with an exponent. */}}
{{- define "firebreak.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}{{ int64 . }}{{- else -}}{{ toString . }}{{- end -}}
{{- end -}}

{{/* A quantity of memory in bytes. Context: the quantity. */}}
{{- define "firebreak.bytes" -}}
{{- $text := include "firebreak.text" . -}}
{{- $units := dict "" 1 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- $number := regexFind "^[0-9]+" $text -}}
{{- $unit := trimPrefix $number $text -}}
{{- if or (not $number) (not (hasKey $units $unit)) -}}
{{- fail (printf "%q is not a quantity of memory that this chart reads: write whole numbers with Ki, Mi or Gi, such as 384Mi." $text) -}}
{{- end -}}
{{- mul (int64 $number) (int64 (get $units $unit)) -}}
{{- end -}}

{{/* Where the encoders are: a pod's volume as JSON, without its name; empty: there are none. */}}
{{- define "firebreak.encoderSource" -}}
{{- with .Values.encoder -}}
{{- if .claim -}}
{{- dict "persistentVolumeClaim" (dict "claimName" .claim "readOnly" true) | toJson -}}
{{- else if .image.reference -}}
{{- dict "image" .image | toJson -}}
{{- else if .volume -}}
{{- toJson .volume -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A size in bytes as a quantity, in Mi where that is exact. Context: the size. */}}
{{- define "firebreak.quantity" -}}
{{- if mod . 1048576 -}}{{ . }}{{- else -}}{{ div . 1048576 }}Mi{{- end -}}
{{- end -}}

{{/* A quantity of CPU in thousandths. Context: the quantity. */}}
{{- define "firebreak.millis" -}}
{{- $text := include "firebreak.text" . -}}
{{- if hasSuffix "m" $text -}}{{ trimSuffix "m" $text }}{{- else -}}{{ mul (int64 $text) 1000 }}{{- end -}}
{{- end -}}

{{/* The engine's requests and limits: where it has encoders, with what they take in each worker. */}}
{{- define "firebreak.engineResources" -}}
{{- $resources := deepCopy .Values.engine.resources -}}
{{- if include "firebreak.encoderSource" . -}}
{{- $workers := int64 (default 1 .Values.options.workers) -}}
{{- $memory := mul $workers (include "firebreak.bytes" .Values.encoder.resources.memory | int64) -}}
{{- $cpu := mul $workers (include "firebreak.millis" .Values.encoder.resources.cpu | int64) -}}
{{- range $of := list $resources.requests $resources.limits -}}
{{- with $of -}}
{{- if .memory -}}{{- $_ := set $of "memory" (include "firebreak.quantity" (add (include "firebreak.bytes" .memory | int64) $memory)) -}}{{- end -}}
{{- if .cpu -}}{{- $_ := set $of "cpu" (printf "%dm" (add (include "firebreak.millis" .cpu | int64) $cpu)) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end -}}

{{/* The destinations as a JSON list of mappings: a name of a built-in one is written out. */}}
{{- define "firebreak.providers" -}}
{{- $known := dict "openai" (dict "name" "openai" "api" "openai" "host" "api.openai.com") "anthropic" (dict "name" "anthropic" "api" "anthropic" "host" "api.anthropic.com") "gemini" (dict "name" "gemini" "api" "gemini" "host" "generativelanguage.googleapis.com") "mistral" (dict "name" "mistral" "api" "mistral" "host" "api.mistral.ai") "cohere" (dict "name" "cohere" "api" "cohere" "host" "api.cohere.com") -}}
{{- $all := list -}}
{{- range .Values.providers -}}
{{- $all = append $all (ternary (get $known (toString .)) . (kindIs "string" .)) -}}
{{- end -}}
{{- toJson $all -}}
{{- end -}}

{{/* Where the workload finds a destination on Envoy. Context: one destination. */}}
{{- define "firebreak.prefix" -}}
{{- default (printf "/%s" .name) .prefix -}}
{{- end -}}

{{/* The policy's text: the one in the values, or the chart's own. */}}
{{- define "firebreak.policyText" -}}
{{- default (.Files.Get "files/baseline.yaml") .Values.policy.inline -}}
{{- end -}}

{{/* What posting Events takes. */}}
{{- define "firebreak.eventRules" -}}
- {apiGroups: [events.k8s.io], resources: [events], verbs: [create, patch]}
{{- if .Values.eventsRole.annotatePods }}
- {apiGroups: [""], resources: [pods], verbs: [patch]}
{{- end }}
{{- end -}}

{{/* Where a smoke test sends its request. Context: one destination. */}}
{{- define "firebreak.smokePath" -}}
{{- $routes := dict "openai" "/v1/chat/completions" "anthropic" "/v1/messages" "azure_openai" "/openai/deployments/smoke/chat/completions?api-version=2024-10-21" "gemini" "/v1beta/models/smoke:generateContent" "vertex" "/v1/publishers/google/models/smoke:generateContent" "ollama" "/api/chat" "mistral" "/v1/chat/completions" "cohere" "/v2/chat" "bedrock" "/model/smoke/converse" "mcp" "/mcp" -}}
{{- include "firebreak.prefix" . }}{{ get $routes .api -}}
{{- end -}}
