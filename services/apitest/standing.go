package apitest

import (
	"path/filepath"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/projection"
)

// standing compares what routing's watches send first with a look at every conversation, as
// after every test.
func (w *World) standing() {
	w.T.Helper()
	db, err := bbolt.Open(filepath.Join(w.Data, "routing", "model.db"), 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		w.T.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bbolt.Tx) error {
		var offers, custody []string
		err := tx.Bucket([]byte(conversations.Bucket)).ForEach(func(id, _ []byte) error {
			state, err := conversations.Get(tx, string(id))
			if err == nil {
				offers = append(offers, offersNow(state.Conversation)...)
				custody = append(custody, custodyNow(string(id), state.Conversation)...)
			}
			return err
		})
		w.same("offers", keys(tx.Bucket([]byte("offers standing"))), offers)
		w.same("conversations", keys(tx.Bucket([]byte("custody standing"))), custody)
		return err
	})
	if err != nil {
		w.T.Error(err)
	}
}

func (w *World) same(what string, got, want []string) {
	w.T.Helper()
	slices.Sort(want)
	if want = slices.Compact(want); !slices.Equal(got, want) {
		w.T.Errorf("the %s that concern lines now are %q, want %q", what, got, want)
	}
}

func keys(bucket *bbolt.Bucket) (all []string) {
	bucket.ForEach(func(key, _ []byte) error { all = append(all, string(key)); return nil })
	return all
}

// offersNow are the offers that a line must answer, or whose end it must confirm.
func offersNow(c *statev1.Conversation) (all []string) {
	for _, h := range c.Handovers {
		for _, o := range h.Offers {
			if o.CreateTime != nil && (handover.OfferOpen(o.State) || slices.Contains(h.CancelUnconfirmed, o.Line)) {
				all = append(all, string(projection.Prefix(o.Line))+o.Name)
			}
		}
	}
	return all
}

// custodyNow are the lines that have a conversation, must decide about it, or owe its outcome.
func custodyNow(id string, c *statev1.Conversation) (all []string) {
	lines := []string{c.Custody.GetLine()}
	for _, h := range c.Handovers {
		if h.DecisionDue {
			lines = append(lines, h.FromLine)
		}
		if h.State == handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME && h.OutcomeEscalation > 0 {
			lines = append(lines, h.ToLine)
		}
	}
	for _, line := range lines {
		if line != "" {
			all = append(all, string(projection.Prefix(line))+id)
		}
	}
	return all
}
