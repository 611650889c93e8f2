{{/* The three containers and their volumes. Context, unless said otherwise: as for `firebreak.env`. */}}

{{- define "firebreak.securityContext" -}}
securityContext:
  runAsNonRoot: true
  # Engine and Envoy share one user: the sockets between them open for nobody else.
  runAsUser: 1337
  runAsGroup: 1337
  readOnlyRootFilesystem: true
  allowPrivilegeEscalation: false
  capabilities: {drop: [ALL]}
  seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{/* In a workload's pod: what is mounted where Kubernetes would mount the token of its account. Context: the chart's. */}}
{{- define "firebreak.noToken" -}}
{{- if ne .Values.mode "gateway" }}
  - {name: firebreak-no-token, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}
{{- end }}
{{- end -}}

{{/* Shuts the pod's other ways out, and ends. The only container that may do so, and the only one that is root. */}}
{{- define "firebreak.lockContainer" -}}
name: firebreak-lock
image: {{ include "firebreak.engineImage" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
args: [lock]
env:
  {{- include "firebreak.env" . | nindent 2 }}
resources:
  {{- toYaml .root.Values.engine.resources | nindent 2 }}
securityContext:
  runAsNonRoot: false
  runAsUser: 0
  runAsGroup: 0
  readOnlyRootFilesystem: true
  allowPrivilegeEscalation: false
  capabilities: {drop: [ALL], add: [NET_ADMIN]}
  seccompProfile: {type: RuntimeDefault}
{{- with include "firebreak.noToken" .root }}
volumeMounts:
  {{- . }}
{{- end }}
{{- end -}}

{{/* Writes Envoy's configuration from the engine's options, and ends. */}}
{{- define "firebreak.configContainer" -}}
name: firebreak-config
image: {{ include "firebreak.engineImage" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
args: [envoy, --output, /run/firebreak/envoy.yaml]
env:
  {{- include "firebreak.env" . | nindent 2 }}
resources:
  {{- toYaml .root.Values.engine.resources | nindent 2 }}
{{ include "firebreak.securityContext" . }}
volumeMounts:
  - {name: firebreak-run, mountPath: /run/firebreak}
{{- include "firebreak.noToken" .root }}
{{- end -}}

{{- define "firebreak.engineContainer" -}}
name: firebreak-engine
image: {{ include "firebreak.engineImage" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
args: [serve]
env:
  {{- include "firebreak.env" . | nindent 2 }}
ports:
  - {name: fb-metrics, containerPort: 15081, protocol: TCP}
# No startupProbe, so that Envoy starts beside the engine: Envoy's own waits for both.
readinessProbe:
  httpGet: {path: /readyz, port: fb-metrics}
  periodSeconds: 5
  timeoutSeconds: 2
livenessProbe:
  httpGet: {path: /healthz, port: fb-metrics}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
  # Shorter than the wait in `preStop`: an engine that is restarted alone does not drain Envoy.
  terminationGracePeriodSeconds: 3
resources:
  {{- include "firebreak.engineResources" .root | nindent 2 }}
{{ include "firebreak.securityContext" . }}
volumeMounts:
  - {name: firebreak-run, mountPath: /run/firebreak}
  # The whole directory, never `subPath`: only so does a changed ConfigMap arrive.
  - {name: firebreak-policy, mountPath: /etc/firebreak/policy, readOnly: true}
  - {name: firebreak-audit, mountPath: /var/lib/firebreak}
{{- if .root.Values.judge.secret.name }}
  - {name: firebreak-judge, mountPath: /etc/firebreak/judge, readOnly: true}
{{- end }}
{{- if include "firebreak.encoderSource" .root }}
  - {name: firebreak-encoder, mountPath: /etc/firebreak/encoder, readOnly: true}
{{- end }}
{{- if include "firebreak.asksKubernetes" .root }}
  - {name: firebreak-token, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}
{{- else }}
{{- include "firebreak.noToken" .root }}
{{- end }}
{{- end -}}

{{/*
Of the networks that no name of a locked pod may lead to, Envoy warns one by one at its start that the message to name them
with is work in progress.
*/}}
{{- define "firebreak.quiet" -}}
{{- if and (ne .Values.mode "gateway") .Values.sidecar.egress.lock -}}
--component-log-level, "misc:error",{{ " " }}
{{- end -}}
{{- end -}}

{{- define "firebreak.envoyContainer" -}}
name: firebreak-envoy
image: {{ include "firebreak.imageName" .root.Values.envoy.image }}
imagePullPolicy: {{ .root.Values.envoy.image.pullPolicy }}
args: [-c, /run/firebreak/envoy.yaml, --concurrency, "1", --disable-hot-restart, --log-level, warning, {{ include "firebreak.quiet" .root }}--drain-time-s, "5"]
ports:
  {{- if hasPrefix "0.0.0.0:" .listen }}
  - {name: fb-proxy, containerPort: 15080, protocol: TCP}
  {{- end }}
  - {name: fb-ready, containerPort: 15082, protocol: TCP}
startupProbe:
  httpGet: {path: /ready, port: fb-ready}
  periodSeconds: 1
  failureThreshold: 60
  # A start that failed has nothing to drain: it does not wait for `preStop`.
  terminationGracePeriodSeconds: 3
readinessProbe:
  httpGet: {path: /ready, port: fb-ready}
  periodSeconds: 5
  timeoutSeconds: 2
resources:
  {{- toYaml .root.Values.envoy.resources | nindent 2 }}
{{ include "firebreak.securityContext" . }}
volumeMounts:
  - {name: firebreak-run, mountPath: /run/firebreak}
{{- include "firebreak.noToken" .root }}
{{- if .root.Values.caBundle.configMap.name }}
  - {name: firebreak-ca, mountPath: /etc/firebreak/ca, readOnly: true}
{{- end }}
{{- if .root.Values.credentials.secret }}
  - {name: firebreak-credentials, mountPath: /etc/firebreak/credentials, readOnly: true}
{{- end }}
{{- if and (eq .root.Values.mode "gateway") .root.Values.gateway.tls.secret }}
  - {name: firebreak-tls, mountPath: /etc/firebreak/tls, readOnly: true}
{{- end }}
{{- end -}}

{{/* All volumes but the audit log's. Context: the chart's. */}}
{{- define "firebreak.volumes" -}}
- name: firebreak-run
  emptyDir: {medium: Memory, sizeLimit: 16Mi}
- name: firebreak-policy
  configMap: {name: {{ include "firebreak.policyConfigMap" . }}}
{{- if ne .Values.mode "gateway" }}
- name: firebreak-no-token
  emptyDir: {medium: Memory, sizeLimit: 1Mi}
{{- end }}
{{- with .Values.judge.secret }}
{{- if .name }}
- name: firebreak-judge
  secret: {secretName: {{ .name }}, items: [{key: {{ .key }}, path: {{ .key }}}]}
{{- end }}
{{- end }}
{{- with .Values.caBundle.configMap }}
{{- if .name }}
- name: firebreak-ca
  configMap: {name: {{ .name }}}
{{- end }}
{{- end }}
{{- with .Values.credentials.secret }}
- name: firebreak-credentials
  secret: {secretName: {{ . }}}
{{- end }}
{{- if and (eq .Values.mode "gateway") .Values.gateway.tls.secret }}
- name: firebreak-tls
  secret: {secretName: {{ .Values.gateway.tls.secret }}}
{{- end }}
{{- if include "firebreak.asksKubernetes" . }}
- name: firebreak-token
  projected:
    sources:
      - serviceAccountToken: {path: token, expirationSeconds: 3607}
      - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
      - downwardAPI: {items: [{path: namespace, fieldRef: {fieldPath: metadata.namespace}}]}
{{- end }}
{{- with include "firebreak.encoderSource" . }}
- name: firebreak-encoder
  {{- fromJson . | toYaml | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "firebreak.auditEmptyDir" -}}
- name: firebreak-audit
  emptyDir: {sizeLimit: {{ .Values.audit.sizeLimit }}}
{{- end -}}
