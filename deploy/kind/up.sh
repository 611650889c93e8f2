#!/usr/bin/env bash
# From nothing to the Grafana page, on this machine: see README.md. `up.sh` makes it, `up.sh down` takes it away.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cluster=${FIREBREAK_KIND_CLUSTER:-firebreak}
image=${FIREBREAK_IMAGE:-localhost/firebreak:0.1.0}
port=${GRAFANA_PORT:-3000}
monitoring_version=91.8.2 # of kube-prometheus-stack
monitoring_repository=https://prometheus-community.github.io/helm-charts
system=firebreak-system

say() { printf '\n== %s\n' "$*"; }
die() { printf 'kind: %s\n' "$*" >&2; exit 1; }
on() { kubectl --context "kind-$cluster" "$@"; }
install() { helm upgrade --install --kube-context "kind-$cluster" --wait --timeout 10m "$@"; }

needs() {
  local tool
  for tool in kind kubectl helm; do
    command -v "$tool" >/dev/null || die "$tool is not on PATH"
  done
  if command -v docker >/dev/null; then
    engine=docker
  elif command -v podman >/dev/null; then
    engine=podman
    export KIND_EXPERIMENTAL_PROVIDER=podman
  else
    die "neither docker nor podman is on PATH"
  fi
}

make_cluster() {
  if kind get clusters | grep -qx "$cluster"; then
    say "The cluster $cluster is there already"
  else
    say "A cluster: $cluster"
    kind create cluster --name "$cluster" --config "$here/cluster.yaml" --wait 3m
  fi
}

load_image() {
  if ! "$engine" image inspect "$image" >/dev/null 2>&1; then
    say "The image: $image"
    "$engine" build -t "$image" -f "$root/deploy/Dockerfile" "$root"
  fi
  say "The image, onto the nodes"
  local folder
  folder=$(mktemp -d)
  "$engine" save -o "$folder/image.tar" "$image"
  kind load image-archive "$folder/image.tar" --name "$cluster"
  rm -r "$folder"
}

install_all() {
  say "Prometheus and Grafana"
  install monitoring kube-prometheus-stack --repo "$monitoring_repository" --version "$monitoring_version" \
    --namespace monitoring --create-namespace --values "$here/monitoring.yaml"
  say "The demo's namespace, opted in"
  on apply -f "$here/demo/namespaces.yaml"
  say "Firebreak"
  install firebreak "$root/helm/firebreak" --namespace "$system" --create-namespace --values "$here/firebreak.yaml" \
    --set-string "image.repository=${image%:*}" --set-string "image.tag=${image##*:}"
  say "The demo: a provider that costs nothing, and a workload that calls it"
  on apply -k "$here/demo"
  on set image --namespace shop deployment/assistant "app=$image"
  on set image --namespace llm deployment/provider "app=$image"
  on rollout status --namespace llm deployment/provider --timeout 5m
  on rollout status --namespace shop deployment/assistant --timeout 5m
}

show() {
  say "Grafana: http://127.0.0.1:$port/d/firebreak-decisions (first figures after about a minute; Ctrl-C ends this page only)"
  echo "A refusal as the workload sees it:"
  echo "  kubectl --context kind-$cluster logs --namespace shop deployment/assistant --container app"
  on port-forward --namespace monitoring service/monitoring-grafana "$port:80"
}

case "${1:-up}" in
  up)
    needs
    make_cluster
    load_image
    install_all
    show
    ;;
  down)
    needs
    kind delete cluster --name "$cluster"
    ;;
  *) die "usage: up.sh [up|down]" ;;
esac
