{{/*
What a chart includes to put Firebreak into its own pods.

`firebreak.sidecar` takes a pod's spec and gives it back with everything in it:

  {{- define "mine.pod" }}
  containers: [...]
  {{- end }}
  spec:
    {{- include "firebreak.sidecar" (dict "firebreak" .Subcharts.firebreak "spec" (include "mine.pod" . | fromYaml)) | nindent 6 }}

The pieces are there for those who want to place them by hand: `firebreak.sidecar.initContainers`, `.containers`, `.volumes`
and `.env`, each with `.Subcharts.firebreak` as its context. A piece that is left out is not noticed by anything.
*/}}

{{/* First among the pod's init containers, so that those after it can use the sidecar too. */}}
{{- define "firebreak.sidecar.initContainers" -}}
{{- $it := dict "root" . "listen" "127.0.0.1:15080" "auditDir" "/var/lib/firebreak/audit" -}}
{{- if .Values.sidecar.egress.lock }}
- {{- include "firebreak.lockContainer" $it | nindent 2 }}
{{- end }}
- {{- include "firebreak.configContainer" $it | nindent 2 }}
{{- if include "firebreak.nativeSidecars" . }}
- {{- include "firebreak.engineContainer" $it | nindent 2 }}
  restartPolicy: Always
- {{- include "firebreak.envoyContainer" $it | nindent 2 }}
  restartPolicy: Always
{{- end }}
{{- end -}}

{{/* Below Kubernetes 1.29: ordinary containers. Empty from 1.29 on. */}}
{{- define "firebreak.sidecar.containers" -}}
{{- if not (include "firebreak.nativeSidecars" .) -}}
{{- $it := dict "root" . "listen" "127.0.0.1:15080" "auditDir" "/var/lib/firebreak/audit" -}}
- {{- include "firebreak.engineContainer" $it | nindent 2 }}
- {{- include "firebreak.envoyContainer" $it | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "firebreak.sidecar.volumes" -}}
{{ include "firebreak.volumes" . }}
{{ include "firebreak.auditEmptyDir" . }}
{{- end -}}

{{- define "firebreak.sidecar" -}}
{{- $root := .firebreak -}}
{{- include "firebreak.sidecar.check" . -}}
{{- $spec := deepCopy .spec -}}
{{- $variables := include "firebreak.sidecar.env" $root | fromYamlArray -}}
{{- $chosen := $root.Values.sidecar.containers -}}
{{- $containers := list -}}
{{- range $spec.containers -}}
{{- if or (not $chosen) (has .name $chosen) -}}
{{- $_ := set . "env" (include "firebreak.sidecar.mergedEnv" (dict "container" . "variables" $variables) | fromYamlArray) -}}
{{- end -}}
{{- $containers = append $containers . -}}
{{- end -}}
{{- $_ := set $spec "containers" (concat $containers (include "firebreak.sidecar.containers" $root | fromYamlArray)) -}}
{{- $_ := set $spec "initContainers" (concat (include "firebreak.sidecar.initContainers" $root | fromYamlArray) (default list $spec.initContainers)) -}}
{{- $_ := set $spec "volumes" (concat (default list $spec.volumes) (include "firebreak.sidecar.volumes" $root | fromYamlArray)) -}}
{{- toYaml $spec -}}
{{- end -}}

{{/* A container's environment and the base URLs. One that the container sets itself must say the same. */}}
{{- define "firebreak.sidecar.mergedEnv" -}}
{{- $container := .container -}}
{{- $env := default list $container.env -}}
{{- range $variable := .variables -}}
{{- $found := false -}}
{{- range $container.env -}}
{{- if eq .name $variable.name -}}
{{- $found = true -}}
{{- if ne (default "" .value) $variable.value -}}
{{- fail (printf "Container %q sets %s itself, so its calls would not pass Firebreak: remove the variable, or leave the container out of firebreak.sidecar.containers." $container.name .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if not $found -}}
{{- $env = append $env $variable -}}
{{- end -}}
{{- end -}}
{{- toYaml $env -}}
{{- end -}}
