// Package inspection is what tests see of a running platform, beyond its API. It is internal, so
// that nobody outside of this module can use what it shows.
package inspection

import (
	"github.com/nats-io/nats.go"

	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/signing"
)

// Platform is a running platform from inside.
type Platform struct {
	NATS    *nats.Conn
	Keyring *signing.Keyring
	// Services that run, by name.
	Services map[string]Service
}

// Service is one of its services, with the log to which it commits.
type Service struct {
	dependencies.Service
	Log *eventlog.Log
}
