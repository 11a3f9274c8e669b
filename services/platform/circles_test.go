package platform_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/boltfile/boltfiletest"
	"github.com/stafett/stafett/services/internal/sealtest"
)

// TestPagesInACircleStopOneServiceAlone, in every file, while it is open and at the start: the platform goes on, nobody
// follows the pages, and it stops within its time.
func TestPagesInACircleStopOneServiceAlone(t *testing.T) {
	w := apitest.NewWorld(t)
	handover := large(w)
	circle := boltfiletest.Circles["a page that names itself"]
	for _, file := range []string{"intake/model.db", "intake/vault.db", "triage/model.db", "routing/model.db", "audit/model.db"} {
		plant := func() {
			if err := circle(filepath.Join(w.Data, file)); err != nil {
				t.Fatal(err)
			}
		}
		w.Unaudited = strings.HasPrefix(file, "audit/")
		plant()
		seals(w, handover)
		goesOn(w, w.Desk("sender").OpenConversation())
		stopsInTime(w, file)
		w.Start()
		w.Unaudited = false
		w.Checkpoint(w.LogEnd(), apitest.HistoryLog)
		for range 60 { // the vault begins again empty
			seals(w, handover)
		}
		w.Stop()
		plant()
		w.Start()
		seals(w, handover)
		stopsInTime(w, file)
		w.Start()
	}
}

// large opens so many conversations that the files have pages below pages, and returns a handover.
func large(w *apitest.World) (handover string) {
	w.T.Helper()
	sender := w.Desk("sender")
	for range 40 {
		handover = sender.Propose(sender.OpenConversation())
	}
	w.Checkpoint(w.LogEnd(), apitest.HistoryLog)
	return handover
}

// seals has intake store a part of a packet, with patience while a service starts again.
func seals(w *apitest.World, handover string) {
	w.T.Helper()
	for {
		_, err := w.Desk("sender").Intake.SealPacket(w.Ctx, &intakev1.SealPacketRequest{
			RequestId: uuid.NewString(), Handover: handover, Part: handoverv1.Scope_SCOPE_SUMMARY, Sealed: sealtest.Blob("hello"),
		})
		if err == nil {
			return
		}
		if w.Ctx.Err() != nil {
			w.T.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func stopsInTime(w *apitest.World, file string) {
	w.T.Helper()
	began := time.Now()
	w.Stop()
	if took := time.Since(began); took > 30*time.Second {
		w.T.Errorf("with a circle in %s, it stopped after %v", file, took)
	}
}
