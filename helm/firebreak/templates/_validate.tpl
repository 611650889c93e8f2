{{/*
Contradictions that a schema cannot see. Each ends rendering with a sentence that says the mend.
*/}}

{{- define "firebreak.validate" -}}
{{- include "firebreak.validate.policy" . -}}
{{- include "firebreak.validate.providers" . -}}
{{- include "firebreak.validate.sidecar" . -}}
{{- include "firebreak.validate.encoder" . -}}
{{- if eq .Values.mode "injector" -}}
{{- include "firebreak.validate.injector" . -}}
{{- else -}}
{{- include "firebreak.validate.memory" . -}}
{{- include "firebreak.validate.audit" . -}}
{{- include "firebreak.validate.extraEnv" . -}}
{{- end -}}
{{- if eq .Values.mode "gateway" -}}{{- include "firebreak.validate.gateway" . -}}{{- end -}}
{{- end -}}

{{- define "firebreak.validate.policy" -}}
{{- $policy := .Values.policy -}}
{{- if and $policy.inline $policy.existingConfigMap -}}
{{- fail "policy.inline and policy.existingConfigMap are both set, and only one can be in force: keep one of them." -}}
{{- end -}}
{{- if and $policy.namespaces (ne .Values.mode "injector") -}}
{{- fail "policy.namespaces is for the injector, whose pods are in many namespaces: remove it, or set mode to injector." -}}
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

{{- define "firebreak.validate.sidecar" -}}
{{- $sidecar := .Values.sidecar -}}
{{- if and $sidecar.egress.allow (not $sidecar.egress.lock) -}}
{{- fail "sidecar.egress.allow names hosts that stay open, but sidecar.egress.lock is false and all are: set it to true, or remove the hosts." -}}
{{- end -}}
{{- if and (not $sidecar.egress.lock) (or $sidecar.egress.refuse (ne (join "," $sidecar.egress.networks) "private")) -}}
{{- fail "sidecar.egress.networks and sidecar.egress.refuse say where a locked pod may go, but sidecar.egress.lock is false: set it to true, or remove them." -}}
{{- end -}}
{{- if and (eq .Values.mode "gateway") (or $sidecar.egress.lock $sidecar.events $sidecar.containers .Values.eventsRole.create) -}}
{{- fail "sidecar and eventsRole are for sidecars, and the mode is gateway: remove them, or set mode to injector; gateway.events tells of the gateway's refusals." -}}
{{- end -}}
{{- if and .Values.eventsRole.create (eq .Values.mode "injector") (not .Values.eventsRole.namespaces) -}}
{{- fail "eventsRole.create is true, but eventsRole.namespaces is empty, so nobody would get the rights: list the workloads' namespaces." -}}
{{- end -}}
{{- end -}}

{{- define "firebreak.validate.encoder" -}}
{{- $encoder := .Values.encoder -}}
{{- $options := .Values.options -}}
{{- $places := list -}}
{{- if $encoder.claim -}}{{- $places = append $places "encoder.claim" -}}{{- end -}}
{{- if $encoder.image.reference -}}{{- $places = append $places "encoder.image.reference" -}}{{- end -}}
{{- range $kind := keys $encoder.volume | sortAlpha -}}{{- $places = append $places (printf "encoder.volume.%s" $kind) -}}{{- end -}}
{{- if gt (len $places) 1 -}}
{{- fail (printf "The encoders cannot be in several volumes, which %s say: keep one of them." (join " and " $places)) -}}
{{- end -}}
{{- $known := list "awsElasticBlockStore" "azureDisk" "azureFile" "cephfs" "cinder" "csi" "ephemeral" "fc" "flexVolume" "gcePersistentDisk" "glusterfs" "hostPath" "image" "iscsi" "nfs" "persistentVolumeClaim" "portworxVolume" "rbd" "vsphereVolume" -}}
{{- range $kind, $_ := $encoder.volume -}}
{{- if not (has $kind $known) -}}
{{- fail (printf "encoder.volume says %s, and no volume of that kind can hold encoders: write one of %s, as a pod has it." $kind (join ", " $known)) -}}
{{- end -}}
{{- end -}}
{{- if and (or $encoder.image.reference $encoder.volume.image) (semverCompare "<1.33.0-0" (include "firebreak.kubeVersion" .)) -}}
{{- fail (printf "%s is a volume from an image, which needs Kubernetes 1.33, and this is %s: use encoder.claim, or another encoder.volume." (first $places) (include "firebreak.kubeVersion" .)) -}}
{{- end -}}
{{- if not $places -}}
{{- range $name := list "encoder_budget_ms" "encoder_threads" -}}
{{- if hasKey $options $name -}}
{{- fail (printf "options.%s is set, but there is no encoder: set encoder.claim, encoder.image.reference or encoder.volume, or remove it." $name) -}}
{{- end -}}
{{- end -}}
{{- if $encoder.path -}}
{{- fail "encoder.path says where in a volume the encoders are, but there is none: set encoder.claim, encoder.image.reference or encoder.volume, or remove it." -}}
{{- end -}}
{{- else -}}
{{- $budget := int (default 400 $options.encoder_budget_ms) -}}
{{- $refuses := int (default 1000 $options.check_timeout_ms) -}}
{{- if ge $budget $refuses -}}
{{- fail (printf "options.encoder_budget_ms is %d, not below options.check_timeout_ms (%d), at which Envoy refuses: lower it, or raise the other." $budget $refuses) -}}
{{- end -}}
{{- if lt (include "firebreak.bytes" $encoder.resources.memory | int64) 67108864 -}}
{{- fail (printf "encoder.resources.memory is %s, and no encoder runs in less than 64Mi: the default is 256Mi." $encoder.resources.memory) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "firebreak.validate.injector" -}}
{{- $injector := .Values.injector -}}
{{- $policy := .Values.policy -}}
{{- if $policy.existingConfigMap -}}
{{- fail "policy.existingConfigMap is for gateway and library: an injected pod takes the ConfigMap of its own namespace that injector.policyConfigMap names." -}}
{{- end -}}
{{- if and $policy.inline (not $policy.namespaces) -}}
{{- fail "policy.inline is set, but policy.namespaces is empty, so no namespace would get it: list the workloads' namespaces." -}}
{{- end -}}
{{- $seen := dict -}}
{{- $alone := include "firebreak.leftAlone" . | fromJsonArray -}}
{{- range $policy.namespaces -}}
{{- $name := toString . -}}
{{- if kindIs "map" . -}}{{- $name = .name -}}{{- end -}}
{{- if hasKey $seen $name -}}
{{- fail (printf "policy.namespaces names %q twice: keep one." $name) -}}
{{- end -}}
{{- if has $name $alone -}}
{{- fail (printf "policy.namespaces names %q, where the webhook leaves all pods alone: remove it, or install the chart in a namespace of its own." $name) -}}
{{- end -}}
{{- $_ := set $seen $name true -}}
{{- end -}}
{{- if and (not $injector.serviceAccount.create) (not $injector.serviceAccount.name) -}}
{{- fail "injector.serviceAccount.create is false and no name is given: name one that may do what README.md lists." -}}
{{- end -}}
{{- range $label, $_ := $injector.podLabels -}}
{{- if hasPrefix "app.kubernetes.io/" $label -}}
{{- fail (printf "injector.podLabels sets %s, by which the chart finds its pods: use a label of your own." $label) -}}
{{- end -}}
{{- end -}}
{{- if and (eq $injector.certificates.issuer.kind "ClusterIssuer") (not $injector.certificates.issuer.name) -}}
{{- fail "injector.certificates.issuer.kind is ClusterIssuer, but no name is given, and the chart makes an Issuer only: name it, or use Issuer." -}}
{{- end -}}
{{- include "firebreak.validate.annotated" . -}}
{{- end -}}

{{/* What an injected pod gets from its annotations, or not at all, and never from the values. */}}
{{- define "firebreak.validate.annotated" -}}
{{- range $option, $value := omit .Values.options "audit_keep_files" "envoy_memory_bytes" "encoder_budget_ms" -}}
{{- fail (printf "options.%s does not reach injected pods: see docs/inject.md for what their annotations can say." $option) -}}
{{- end -}}
{{- if .Values.audit.persistence.enabled -}}
{{- fail "audit.persistence is the gateway's: a sidecar's audit log lies on its pod's own volume. Set audit.persistence.enabled to false." -}}
{{- end -}}
{{- $own := list (int64 .Values.options.audit_keep_files) (int64 .Values.options.envoy_memory_bytes) .Values.audit.sizeLimit .Values.engine.resources .Values.envoy.resources -}}
{{- $fixed := list 8 268435456 "1Gi" (dict "requests" (dict "cpu" "100m" "memory" "192Mi") "limits" (dict "memory" "384Mi")) (dict "requests" (dict "cpu" "50m" "memory" "64Mi") "limits" (dict "memory" "320Mi")) -}}
{{- range $at, $name := list "options.audit_keep_files" "options.envoy_memory_bytes" "audit.sizeLimit" "engine.resources" "envoy.resources" -}}
{{- if ne (index $own $at | toJson) (index $fixed $at | toJson) -}}
{{- fail (printf "%s does not reach injected pods: leave it as it is; annotations such as firebreak.dev/engine-memory size a pod's sidecar." $name) -}}
{{- end -}}
{{- end -}}
{{- if or .Values.engine.extraEnv .Values.sidecar.containers -}}
{{- fail "engine.extraEnv and sidecar.containers do not reach injected pods: remove them, or include the sidecar as a library." -}}
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
{{- fail (printf "firebreak.mode is %s, but its sidecar is included: set firebreak.mode to library." $root.Values.mode) -}}
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
{{- if has (int .containerPort) (list 15080 15081 15082 15083) -}}
{{- fail (printf "Container %q listens on %d, which is the sidecar's: choose another port." $container.name (int .containerPort)) -}}
{{- end -}}
{{- end -}}
{{- include "firebreak.sidecar.checkProxy" . -}}
{{- if $.firebreak.Values.sidecar.egress.lock -}}{{- include "firebreak.sidecar.checkLock" . -}}{{- end -}}
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

{{/* A container that could take the lock off, or become the one user that it lets out. Context: the container. */}}
{{- define "firebreak.sidecar.checkLock" -}}
{{- $security := default dict .securityContext -}}
{{- if $security.privileged -}}
{{- fail (printf "Container %q is privileged, so it could take the egress lock off: turn it off, or set sidecar.egress.lock to false." .name) -}}
{{- end -}}
{{- range (default dict $security.capabilities).add -}}
{{- if has (upper . | trimPrefix "CAP_") (list "ALL" "NET_ADMIN" "SYS_ADMIN" "SYS_MODULE" "SETUID") -}}
{{- fail (printf "Container %q adds the capability %s, by which it could undo the egress lock: take it away, or set sidecar.egress.lock to false." $.name .) -}}
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
