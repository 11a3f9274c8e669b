package interop

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	"github.com/stafett/stafett/services/witness"
)

// TestTesseraIsServedByOurWitness: a log of tessera's asks our witnesses, which
// it knows from a policy file that ours reads too, and publishes what they have
// cosigned.
func TestTesseraIsServedByOurWitness(t *testing.T) {
	signer := verifytest.Must(note.NewSigner(privateKey))
	theirs := verifytest.Must(verify.ParseLog(publicKey))
	var asked atomic.Int64
	policy := "log " + theirs.VKey() + "\n"
	for i := range 3 {
		name := fmt.Sprintf("w%d", i+1)
		ours := verifytest.Must(witness.OpenIn(t.TempDir(), "witness.test/"+name, []verify.Log{theirs}, slog.New(slog.DiscardHandler)))
		t.Cleanup(func() { ours.Close() })
		server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			ours.Handler().ServeHTTP(out, r)
		}))
		t.Cleanup(server.Close)
		policy += fmt.Sprintf("witness %s %s %s\n", name, ours.VKey(), server.URL)
	}
	policy += "group enough 2 w1 w2 w3\nquorum enough\n"
	published := runTessera(t, signer, policy)
	c, err := verifytest.Must(verify.ParsePolicy([]byte(policy))).Open(published)
	if err != nil || c.Size != 300 {
		t.Errorf("tessera published %s: %v, %v (witnesses were asked %d times)", published, c, err, asked.Load())
	}
}

func runTessera(t *testing.T, signer note.Signer, policy string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	driver := verifytest.Must(posix.New(ctx, posix.Config{Path: t.TempDir()}))
	group := verifytest.Must(tessera.NewWitnessGroupFromPolicy([]byte(policy)))
	options := tessera.NewAppendOptions().WithCheckpointSigner(signer).WithCheckpointInterval(100*time.Millisecond).
		WithBatching(16, 10*time.Millisecond).WithWitnesses(group, nil)
	appender, shutdown, reader, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		t.Fatal(err)
	}
	await := tessera.NewPublicationAwaiter(ctx, reader.ReadCheckpoint, 50*time.Millisecond)
	for round := range 3 {
		var last tessera.IndexFuture
		for i := range 100 {
			last = appender.Add(ctx, tessera.NewEntry(fmt.Appendf(nil, "entry %d of round %d", i, round)))
		}
		if _, _, err = await.Await(ctx, last); err != nil {
			t.Fatal(err)
		}
	}
	if err := shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	return verifytest.Must(reader.ReadCheckpoint(ctx))
}
