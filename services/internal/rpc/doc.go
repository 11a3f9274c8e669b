// Package rpc is the one place that builds the platform's gRPC servers: mutual TLS, access
// control, validation, refusals as google.rpc errors, health and reflection.
package rpc
