package postgres_test

import (
	"bytes"
	"crypto/sha256"
	"os/exec"
	"testing"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/bench/internal/postgres"
	"github.com/stafett/stafett/tools/bench/internal/stafett"
)

// TestAHandoverOnPostgreSQL is played like one on Stafett, and leaves a chain of its commands.
func TestAHandoverOnPostgreSQL(t *testing.T) {
	if _, err := exec.LookPath("initdb"); err != nil {
		t.Skip("PostgreSQL 15 is not installed")
	}
	folder := t.TempDir()
	if err := stafett.Certify(folder); err != nil {
		t.Fatal(err)
	}
	files := func(kind string) func(string) client.Credentials {
		return func(id string) client.Credentials {
			return platform.Credentials(platform.IdentityFolder(folder), kind, id)
		}
	}
	p, err := postgres.Start(t.Context(), files("service"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	pair, err := p.Pair(t.Context(), stafett.Sender(0), stafett.Receiver(0), files("line"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		name, times, err := pair.Handover(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if times.Offer <= 0 || times.Offer > times.Whole {
			t.Errorf("the offer was seen after %v of %v", times.Offer, times.Whole)
		}
		wantChain(t, p.Address(), name[len("conversations/"):], len(times.Commands))
	}
}

func wantChain(t *testing.T, address, conversation string, commands int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	rows, err := conn.Query(t.Context(), "SELECT payload FROM audit WHERE conversation = $1 ORDER BY number", conversation)
	if err != nil {
		t.Fatal(err)
	}
	payloads, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil || len(payloads) != commands {
		t.Fatalf("%d rows for %d commands: %v", len(payloads), commands, err)
	}
	var before []byte
	for _, payload := range payloads {
		commit := &eventv1.Commit{}
		if err := proto.Unmarshal(payload, commit); err != nil || !bytes.Equal(commit.PreviousHash, before) {
			t.Errorf("%s has %x before it, want %x: %v", commit.Command, commit.PreviousHash, before, err)
		}
		sum := sha256.Sum256(payload)
		before = sum[:]
	}
}
