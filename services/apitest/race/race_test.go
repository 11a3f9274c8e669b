// Package race_test lets two lines accept one offer at once, on a real cluster. Of the
// services, only the deciders take part.
package race_test

import (
	"context"
	"flag"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/jonboulle/clockwork"
	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/pkg/handover/command"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/logtest"
)

// racesWanted is how many races are run.
var racesWanted = flag.Int("races", 300, "how often two lines race in TestTheAcceptRace")

// TestTheAcceptRace: at imminent risk two lines are alerted at once, and both accept at once,
// each through a different routing service on a different node of a real cluster. Exactly one
// wins, and no one ever observes otherwise.
func TestTheAcceptRace(t *testing.T) {
	races, rivals := *racesWanted, newRivals(t)
	if testing.Short() {
		races = 50
	}
	began := time.Now()
	group, ctx := errgroup.WithContext(rivals.ctx)
	group.SetLimit(atOnce)
	for race := range races {
		group.Go(func() error { return rivals.race(ctx, race) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	raced := time.Since(began)
	rivals.decided(t, races)
	checking := time.Now()
	if !porcupine.CheckOperations(firstAcceptWins, rivals.history) {
		t.Error("no order of the answers explains them all: the accepts are not linearizable")
	}
	if rivals.sent.both() == 0 {
		t.Error("no two accepts ever met at the log, so this shows nothing")
	}
	if n := rivals.repeated(); n > 0 {
		t.Errorf("%d calls had to be repeated: a rival whose accept was not yet to be read was not waited for", n)
	}
	t.Logf("%d races in %v, %d of them decided by the log, %d calls repeated; %d answers checked in %v",
		races, raced.Round(time.Millisecond), rivals.sent.both(), rivals.repeated(), len(rivals.history), time.Since(checking).Round(time.Millisecond))
}

// atOnce is how many conversations race in parallel. Most of a race is waiting for three
// disks.
const atOnce = 16

// rivals are two routing services that do not know of each other, with what is needed to bring
// conversations to the point where they can compete.
type rivals struct {
	recorder
	ctx            context.Context // ends when one of them cannot go on
	intake, triage *decider
	routing        [2]*decider
	sent           *accepts
}

// newRivals starts them, on the nodes of a cluster. Their clock stands still, so that no offer
// expires on a slow machine.
func newRivals(t *testing.T) *rivals {
	t.Helper()
	nodes, keys := logtest.Cluster(t), logtest.NewKeys(t)
	clock := clockwork.NewFakeClockAt(time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC))
	ctx, cancel := context.WithTimeout(t.Context(), logtest.Patience)
	t.Cleanup(cancel)
	r := &rivals{recorder: recorder{began: time.Now()}, ctx: ctx}
	r.intake = newDecider(t, nodes[0], keys, "intake", clock, cancel)
	r.triage = newDecider(t, nodes[0], keys, "triage", clock, cancel)
	r.routing[0] = newDecider(t, nodes[1], keys, "routing", clock, cancel)
	r.routing[1] = newDecider(t, nodes[2], keys, "routing", clock, cancel)
	r.sent = watchAccepts(t, logtest.Connect(t, nodes[0]))
	return r
}

// repeated is how often a line had to ask again.
func (r *rivals) repeated() int64 { return r.routing[0].again.Load() + r.routing[1].again.Load() }

// race is one race: both accepts and a read at each replica, all at once. The lines alternate
// between the replicas.
func (r *rivals) race(ctx context.Context, race int) error {
	conversation := conversationOf(race)
	if err := r.alert(ctx, conversation); err != nil {
		return err
	}
	var ready, racing sync.WaitGroup
	ready.Add(4)
	begin := func(client int, line string, answer func() string) {
		racing.Go(func() {
			ready.Done()
			ready.Wait()
			r.ask(client, question{conversation, line}, answer)
		})
	}
	for i, line := range []string{"first", "second"} {
		d, offer := r.routing[(race+i)%2], uint32(i+1)
		begin(i, line, func() string { return d.accept(ctx, conversation, line, offer) })
		begin(2+i, "", func() string { return d.whoHas(ctx, conversation) })
	}
	racing.Wait()
	return nil
}

// conversationOf is the id of a race's conversation.
func conversationOf(race int) string { return fmt.Sprintf("%032x", race+1) }

// accept is a line's accept. The model allows no answer except won and too late.
func (d *decider) accept(ctx context.Context, conversation, line string, offer uint32) string {
	_, err := d.insist(ctx, asking(conversation, line), command.AcceptOffer{Line: line, Handover: 1, Offer: offer})
	switch {
	case err == nil:
		return won
	case reasonOf(err) == handoverv1.RefusalReason_REFUSAL_REASON_TOO_LATE:
		return tooLate
	}
	return err.Error()
}

// whoHas reads from the log which line accepted.
func (d *decider) whoHas(ctx context.Context, conversation string) string {
	state, err := d.Newest(ctx, conversation)
	if err != nil {
		return err.Error()
	}
	return state.Conversation.Handovers[0].ToLine
}
