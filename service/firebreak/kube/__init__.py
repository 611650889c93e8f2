"""Kubernetes' side: which pods get the sidecar and what is added to them. Decides and says why; calls no cluster."""
