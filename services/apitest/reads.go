package apitest

import "go.etcd.io/bbolt"

// Reads count what the services of a platform have read.
type Reads struct {
	Lookups  int64 // in their projections
	Messages int64 // that nats-server has sent them
}

// Since are the reads since earlier ones.
func (r Reads) Since(earlier Reads) Reads {
	return Reads{r.Lookups - earlier.Lookups, r.Messages - earlier.Messages}
}

// Reads counts what has been read until now, once the services have nothing left to do.
func (w *World) Reads() (all Reads) {
	w.T.Helper()
	w.Settle()
	inside := w.Inspect()
	for _, service := range inside.Services {
		_ = service.Model().View(func(tx *bbolt.Tx) error {
			stats := tx.DB().Stats()
			all.Lookups += stats.TxStats.GetCursorCount()
			return nil
		})
	}
	all.Messages = int64(inside.NATS.Stats().InMsgs)
	return all
}
