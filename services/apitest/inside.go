package apitest

import (
	"bytes"
	"context"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/routing"
)

// Log is the routing service's log, which signs what it commits.
func (w *World) Log() *eventlog.Log { return w.Inspect().Services["routing"].Log }

// Last is the end of the log.
func (w *World) Last(ctx context.Context) (uint64, error) { return w.Log().Last(ctx) }

// Fired returns once the timer queue has tried all deadlines that have passed, whether they
// succeeded or not.
func (w *World) Fired(ctx context.Context) error {
	return w.Inspect().Services["routing"].Service.(*routing.Service).Timers().Idle(ctx)
}

// Held is the value that a service's projection has under a key of a bucket, or nil.
func (w *World) Held(service, bucket, key string) (stored []byte) {
	_ = w.Inspect().Services[service].Model().View(func(tx *bbolt.Tx) error {
		stored = bytes.Clone(tx.Bucket([]byte(bucket)).Get([]byte(key)))
		return nil
	})
	return stored
}

// OpenAccess connects to the access log.
func (w *World) OpenAccess(ctx context.Context) (*eventlog.Log, error) {
	inside := w.Inspect()
	return eventlog.OpenAccess(ctx, inside.NATS, 1, inside.Keyring, nil)
}

// OpenHistory opens another connection to the history, for reading.
func (w *World) OpenHistory(ctx context.Context) (*eventlog.Log, error) {
	inside := w.Inspect()
	return eventlog.Open(ctx, inside.NATS, 1, inside.Keyring, nil)
}
