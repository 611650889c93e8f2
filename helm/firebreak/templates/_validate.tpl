{{/*
Contradictions that a schema cannot see. Each ends rendering with a sentence that says the mend.
*/}}

{{- define "firebreak.validate" -}}
{{- include "firebreak.validate.policy" . -}}
{{- include "firebreak.validate.providers" . -}}
{{- include "firebreak.validate.memory" . -}}
{{- include "firebreak.validate.audit" . -}}
{{- include "firebreak.validate.extraEnv" . -}}
{{- if eq .Values.mode "gateway" -}}{{- include "firebreak.validate.gateway" . -}}{{- end -}}
{{- end -}}

{{- define "firebreak.validate.policy" -}}
{{- $policy := .Values.policy -}}
{{- if and $policy.inline $policy.existingConfigMap -}}
{{- fail "policy.inline and policy.existingConfigMap are both set, and only one can be in force: keep one of them." -}}
{{- end -}}
{{- if and $policy.file (not $policy.existingConfigMap) -}}
{{- fail "policy.file names a key of policy.existingConfigMap, which is not set: name the ConfigMap, or remove policy.file." -}}
{{- end -}}
{{- if $policy.inline -}}
{{- $read := fromYaml $policy.inline -}}
{{- if not (hasKey $read "policy") -}}
{{- fail "policy.inline is not a policy in YAML: give its text with --set-file policy.inline=FILE, and check it with `firebreak policy lint FILE`." -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "firebreak.validate.providers" -}}
{{- $names := dict -}}
{{- $prefixes := dict -}}
{{- $gateway := eq .Values.mode "gateway" -}}
{{- $bundle := .Values.caBundle.configMap -}}
{{- range (include "firebreak.providers" . | fromJsonArray) -}}
{{- $prefix := include "firebreak.prefix" . -}}
{{- if hasKey $names .name -}}
{{- fail (printf "Two providers are called %q: give each its own name." .name) -}}
{{- end -}}
{{- if hasKey $prefixes $prefix -}}
{{- fail (printf "Two providers have the prefix %q: give each its own." $prefix) -}}
{{- end -}}
{{- if and $gateway (or (hasPrefix "127." .host) (has .host (list "localhost" "::1"))) -}}
{{- fail (printf "Provider %q is at %s, but nothing else runs in the gateway's pod: give the name of its Service as the host." .name .host) -}}
{{- end -}}
{{- if and (hasPrefix "/etc/firebreak/ca/" (default "" .ca_file)) (not $bundle.name) -}}
{{- fail (printf "Provider %q wants %s, but no bundle is mounted there: set caBundle.configMap.name." .name .ca_file) -}}
{{- end -}}
{{- $_ := set $names .name true -}}
{{- $_ := set $prefixes $prefix true -}}
{{- end -}}
{{- end -}}

{{- define "firebreak.validate.memory" -}}
{{- $engine := .Values.engine.resources.limits.memory -}}
{{- $workers := int (default 1 .Values.options.workers) -}}
{{- $least := mul $workers 160 1048576 -}}
{{- if lt (include "firebreak.bytes" $engine | int64) (int64 $least) -}}
{{- fail (printf "engine.resources.limits.memory is %v, too little for %d workers: give at least %dMi, or fewer options.workers." $engine $workers (mul $workers 160)) -}}
{{- end -}}
{{- $envoy := .Values.envoy.resources.limits.memory -}}
{{- $sheds := int64 .Values.options.envoy_memory_bytes -}}
{{- if ge $sheds (include "firebreak.bytes" $envoy | int64) -}}
{{- fail (printf "options.envoy_memory_bytes is %d, not below envoy.resources.limits.memory (%v), so Envoy would be killed before it sheds load: raise the limit or lower the option." $sheds $envoy) -}}
{{- end -}}
{{- end -}}

{{- define "firebreak.validate.audit" -}}
{{- $keep := int64 (default 0 .Values.options.audit_keep_files) -}}
{{- $persistent := .Values.audit.persistence.enabled -}}
{{- if and $persistent (eq .Values.mode "library") -}}
{{- fail "audit.persistence is the gateway's: a sidecar's audit log lies on its pod's own volume. Set audit.persistence.enabled to false." -}}
{{- end -}}
{{- if not $persistent -}}
{{- $size := include "firebreak.bytes" .Values.audit.sizeLimit | int64 -}}
{{- if eq $keep 0 -}}
{{- fail (printf "options.audit_keep_files is 0, which keeps all, on a volume of %v that evicts its pod when it is full: set options.audit_keep_files, or audit.persistence in gateway mode." .Values.audit.sizeLimit) -}}
{{- end -}}
{{- /* One file more than is kept is being written. */ -}}
{{- $grows := mul (add1 $keep) (int64 (default 67108864 .Values.options.audit_rotate_bytes)) (int64 (default 1 .Values.options.workers)) -}}
{{- if gt (int64 $grows) $size -}}
{{- fail (printf "The audit log may grow to %d bytes, more than audit.sizeLimit (%v), and its pod would be evicted: raise audit.sizeLimit, or lower options.audit_keep_files." $grows .Values.audit.sizeLimit) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "firebreak.validate.extraEnv" -}}
{{- $taken := dict -}}
{{- $values := deepCopy .Values -}}
{{- $_ := set $values.engine "extraEnv" list -}}
{{- $it := dict "root" (dict "Values" $values) "listen" "" "auditDir" "" -}}
{{- range (include "firebreak.env" $it | fromYamlArray) -}}
{{- $_ := set $taken .name true -}}
{{- end -}}
{{- range .Values.engine.extraEnv -}}
{{- if hasKey $taken .name -}}
{{- fail (printf "engine.extraEnv sets %s, which is set already: remove it there, or use the value that the chart has for it." .name) -}}
{{- end -}}
{{- $_ := set $taken .name true -}}
{{- end -}}
{{- end -}}

{{- define "firebreak.validate.gateway" -}}
{{- $gateway := .Values.gateway -}}
{{- $scaling := $gateway.autoscaling -}}
{{- if and $scaling.enabled (gt (int $scaling.minReplicas) (int $scaling.maxReplicas)) -}}
{{- fail "gateway.autoscaling.minReplicas is larger than maxReplicas: swap them." -}}
{{- end -}}
{{- $most := ternary $scaling.maxReplicas $gateway.replicas $scaling.enabled | int -}}
{{- $store := .Values.audit.persistence -}}
{{- if and $store.enabled (gt $most 1) (ne $store.accessMode "ReadWriteMany") -}}
{{- fail (printf "audit.persistence.accessMode is %s, but there may be %d pods on several nodes: use ReadWriteMany, or one replica without autoscaling." $store.accessMode $most) -}}
{{- end -}}
{{- range $label, $_ := $gateway.podLabels -}}
{{- if hasPrefix "app.kubernetes.io/" $label -}}
{{- fail (printf "gateway.podLabels sets %s, by which the chart finds its pods: use a label of your own." $label) -}}
{{- end -}}
{{- end -}}
{{- $network := $gateway.networkPolicy -}}
{{- if and (not $network.enabled) (or $network.allowedNamespaces $network.extraEgress) -}}
{{- fail "gateway.networkPolicy.enabled is false, so allowedNamespaces and extraEgress limit nothing: enable it, or remove them." -}}
{{- end -}}
{{- if and (not $gateway.serviceAccount.create) (not $gateway.serviceAccount.name) -}}
{{- fail "gateway.serviceAccount.create is false and no name is given: name one, so that the pods do not run as `default`." -}}
{{- end -}}
{{- end -}}

{{/* What would break in the pod that a sidecar is put into. Context: as for `firebreak.sidecar`. */}}
{{- define "firebreak.sidecar.check" -}}
{{- if not (and (kindIs "map" .) (hasKey . "firebreak") (hasKey . "spec")) -}}
{{- fail "firebreak.sidecar takes (dict \"firebreak\" .Subcharts.firebreak \"spec\" SPEC), where SPEC is the pod's spec as a mapping (fromYaml)." -}}
{{- end -}}
{{- if not .firebreak -}}
{{- fail "firebreak.sidecar was given no chart: pass .Subcharts.firebreak (or .Subcharts.ALIAS), and list firebreak in the chart's dependencies." -}}
{{- end -}}
{{- $root := .firebreak -}}
{{- if ne $root.Values.mode "library" -}}
{{- fail "firebreak.mode is gateway, but its sidecar is included: set firebreak.mode to library." -}}
{{- end -}}
{{- include "firebreak.validate" $root -}}
{{- if hasKey .spec "Error" -}}
{{- fail (printf "firebreak.sidecar was given a pod spec that is not YAML: %s" .spec.Error) -}}
{{- end -}}
{{- if not .spec.containers -}}
{{- fail "firebreak.sidecar was given a pod spec without containers: pass all that stands under the pod template's `spec`." -}}
{{- end -}}
{{- if .spec.hostNetwork -}}
{{- fail "The pod has hostNetwork, so its sidecar would listen on the node: remove hostNetwork." -}}
{{- end -}}
{{- include "firebreak.sidecar.checkNames" . -}}
{{- end -}}

{{- define "firebreak.sidecar.checkNames" -}}
{{- $names := list -}}
{{- range .spec.containers -}}
{{- $names = append $names .name -}}
{{- end -}}
{{- range concat .spec.containers (default list .spec.initContainers) -}}
{{- $container := . -}}
{{- if hasPrefix "firebreak-" .name -}}
{{- fail (printf "The pod has a container called %q already: rename it, or do not include the sidecar twice." .name) -}}
{{- end -}}
{{- range .ports -}}
{{- if has (int .containerPort) (list 15080 15081 15082) -}}
{{- fail (printf "Container %q listens on %d, which is the sidecar's: choose another port." $container.name (int .containerPort)) -}}
{{- end -}}
{{- end -}}
{{- include "firebreak.sidecar.checkProxy" . -}}
{{- range .volumeMounts -}}
{{- if hasPrefix "firebreak-" .name -}}
{{- fail (printf "Container %q mounts %s, which is the sidecar's own: remove the mount." $container.name .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range .spec.volumes -}}
{{- if hasPrefix "firebreak-" .name -}}
{{- fail (printf "The pod has a volume called %q: rename it, the sidecar uses such names." .name) -}}
{{- end -}}
{{- end -}}
{{- range .firebreak.Values.sidecar.containers -}}
{{- if not (has . $names) -}}
{{- fail (printf "sidecar.containers names %q, but the pod has no such container: correct the name." .) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A proxy that is set for a container takes its calls to the sidecar too. Context: the container. */}}
{{- define "firebreak.sidecar.checkProxy" -}}
{{- $proxy := "" -}}
{{- $around := "" -}}
{{- range .env -}}
{{- if has (lower .name) (list "http_proxy" "all_proxy") -}}{{- $proxy = .name -}}{{- end -}}
{{- if eq (lower .name) "no_proxy" -}}{{- $around = default "" .value -}}{{- end -}}
{{- end -}}
{{- if and $proxy (not (contains "127.0.0.1" $around)) -}}
{{- fail (printf "Container %q sets %s, so its calls to the sidecar would go to that proxy: set NO_PROXY with 127.0.0.1 in it." .name $proxy) -}}
{{- end -}}
{{- end -}}
