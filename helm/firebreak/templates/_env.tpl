{{/*
The environment of the engine and of the init container that writes Envoy's configuration: the same in both, so that the
proxy's limits and the engine's agree.
Context: `root` is the chart's context, `listen` where Envoy takes requests, `auditDir` where the audit log lies.
*/}}
{{- define "firebreak.env" -}}
{{- $root := .root -}}
- name: FIREBREAK_POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: FIREBREAK_POD_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
- name: FIREBREAK_SERVICE_ACCOUNT
  valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}
{{- if include "firebreak.events" $root }}
- name: FIREBREAK_POD_UID
  valueFrom: {fieldRef: {fieldPath: metadata.uid}}
- name: FIREBREAK_KUBERNETES_EVENTS
  value: "true"
{{- end }}
- name: FIREBREAK_POLICY_DIR
  value: /etc/firebreak/policy
{{- with $root.Values.policy.file }}
- name: FIREBREAK_POLICY_FILE
  value: {{ . | quote }}
{{- end }}
- name: FIREBREAK_AUDIT_DIR
  value: {{ .auditDir }}
- name: FIREBREAK_LISTEN
  value: unix:/run/firebreak/engine.sock
- name: FIREBREAK_HTTP_LISTEN
  value: 0.0.0.0:15081
- name: FIREBREAK_ENVOY_ADMIN
  value: /run/firebreak/admin.sock
- name: FIREBREAK_ENVOY_STATUS_LISTEN
  value: 0.0.0.0:15082
- name: FIREBREAK_ENVOY_LISTEN
  value: {{ .listen }}
- name: FIREBREAK_PROVIDERS
  value: {{ include "firebreak.providers" $root | quote }}
{{- if $root.Values.credentials.secret }}
- name: FIREBREAK_CREDENTIALS_DIR
  value: /etc/firebreak/credentials
{{- end }}
{{- if eq $root.Values.mode "gateway" }}
{{- if $root.Values.gateway.tls.secret }}
- name: FIREBREAK_GATEWAY_TLS_DIR
  value: /etc/firebreak/tls
{{- end }}
{{- if $root.Values.gateway.callerToken.enabled }}
- name: FIREBREAK_CALLER_TOKEN_HEADER
  value: x-firebreak-caller-token
{{- end }}
{{- else if $root.Values.sidecar.egress.lock }}
- name: FIREBREAK_EGRESS_LISTEN
  value: 127.0.0.1:15083
- name: FIREBREAK_EGRESS_ALLOW
  value: {{ join "," $root.Values.sidecar.egress.allow | quote }}
- name: FIREBREAK_EGRESS_NETWORKS
  value: {{ join "," $root.Values.sidecar.egress.networks | quote }}
- name: FIREBREAK_EGRESS_REFUSE
  value: {{ join "," $root.Values.sidecar.egress.refuse | quote }}
{{- end }}
{{- if $root.Values.judge.secret.name }}
- name: FIREBREAK_JUDGE_KEY_FILE
  value: /etc/firebreak/judge/{{ $root.Values.judge.secret.key }}
{{- end }}
{{- if $root.Values.caBundle.configMap.name }}
- name: FIREBREAK_CA_FILE
  value: /etc/firebreak/ca/{{ $root.Values.caBundle.configMap.key }}
{{- end }}
{{- if include "firebreak.encoderSource" $root }}
- name: FIREBREAK_ENCODER_DIR
  value: /etc/firebreak/encoder{{ with $root.Values.encoder.path }}/{{ . }}{{ end }}
{{- end }}
{{- range $option, $value := $root.Values.options }}
- name: FIREBREAK_{{ upper $option }}
  value: {{ include "firebreak.text" $value | quote }}
{{- end }}
{{- range $root.Values.engine.extraEnv }}
- name: {{ .name }}
  valueFrom:
    {{- toYaml (omit . "name") | nindent 4 }}
{{- end }}
{{- end -}}

{{/*
The variables by which SDKs find the sidecar: for each API the destination that is named like it, else the first with it.
Azure's SDK appends `/openai/...` itself, Anthropic's `/v1/...`, Google's, Ollama's and Cohere's their whole paths; OpenAI's,
and the clients of Mistral that read a variable (LangChain's), only what comes after `/v1`.
*/}}
{{- define "firebreak.sidecar.env" -}}
{{- $all := include "firebreak.providers" . | fromJsonArray -}}
{{- $names := dict "openai" "OPENAI_BASE_URL" "anthropic" "ANTHROPIC_BASE_URL" "azure_openai" "AZURE_OPENAI_ENDPOINT" "gemini" "GOOGLE_GEMINI_BASE_URL" "vertex" "GOOGLE_VERTEX_BASE_URL" "ollama" "OLLAMA_HOST" "mistral" "MISTRAL_BASE_URL" "cohere" "CO_API_URL" "bedrock" "AWS_ENDPOINT_URL_BEDROCK_RUNTIME" -}}
{{- range $api := list "openai" "anthropic" "azure_openai" "gemini" "vertex" "ollama" "mistral" "cohere" "bedrock" -}}
{{- $chosen := dict -}}
{{- range $all -}}
{{- if and (eq .api $api) (or (not $chosen) (eq .name $api)) -}}
{{- $chosen = . -}}
{{- end -}}
{{- end -}}
{{- if $chosen }}
- name: {{ get $names $api }}
  value: http://127.0.0.1:15080{{ include "firebreak.prefix" $chosen }}{{ ternary "/v1" "" (has $api (list "openai" "mistral")) }}
{{- end -}}
{{- end -}}
{{- end -}}
