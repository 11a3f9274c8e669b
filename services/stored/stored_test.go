package stored_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/stored"
)

func TestProbe(t *testing.T) {
	nc := logtest.Connect(t, logtest.Server(t))
	keys := logtest.NewKeys(t)
	log := keys.Open(t, nc, 1, "intake")
	n := 5000
	for i := range n {
		logtest.MustAppend(t, log, logtest.Joined(fmt.Sprintf("c%d", i)), 0)
	}
	s := stored.New(nc, eventlog.Name)
	for range 3 {
		began := time.Now()
		size := 0
		if err := s.Read(t.Context(), 1, int64(n), func(p int64, m verify.Message) error { size = m.EntrySize(); return nil }); err != nil {
			t.Fatal(err)
		}
		t.Log(float64(n)/time.Since(began).Seconds(), size)
	}
	done := fmt.Errorf("x")
	for _, k := range []*logtest.Keys{keys, keys.Again(t)} {
		l := k.Open(t, nc, 1, "audit")
		began := time.Now()
		l.Follow(t.Context(), 0, func(b []eventlog.Entry) error {
			if b[len(b)-1].Position >= uint64(n) {
				return done
			}
			return nil
		})
		t.Log("follow", float64(n)/time.Since(began).Seconds())
	}
}
