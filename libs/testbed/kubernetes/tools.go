//go:build tools

// Package tools names the programs of Kubernetes that the testbed builds, so that go.mod and go.sum hold what they need.
// Another version: change it in go.mod (and v0.… of the replaced modules with it), then `go mod tidy`.
package tools

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
	_ "k8s.io/kubernetes/cmd/kube-scheduler"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
