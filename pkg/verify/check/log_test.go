package check_test

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/check"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

var (
	logKey     = verifytest.Log("stafett.test/history", 1)
	trusted    = verifytest.Must(verify.ParsePolicy([]byte("log " + logKey.VKey() + "\nquorum none")))
	serviceKey = verifytest.Key(2)
	services   = map[string][]ed25519.PublicKey{"intake": {serviceKey.Public().(ed25519.PublicKey)}}
)

// appended is a commit before it is written: its subject and its content.
type appended struct{ subject, says string }

// history writes commits as the platform does: numbered, chained and signed.
func history(count int) (messages []verify.Message) {
	heads := map[string]*eventv1.Commit{}
	hashes := map[string][]byte{}
	for i := range count {
		a := appended{fmt.Sprintf("stafett.conversation.%032x", i*i%97), fmt.Sprint(i)}
		next := &eventv1.Commit{Id: a.says, Subject: a.subject, Service: "intake", Number: 1, PreviousHash: hashes[a.subject]}
		if before := heads[a.subject]; before != nil {
			next.Number = before.Number + 1
		}
		m := written(next)
		sum := sha256.Sum256(m.Payload)
		heads[a.subject], hashes[a.subject] = next, sum[:]
		messages = append(messages, m)
	}
	return messages
}

// written returns a commit as a message, signed with the service's key.
func written(a *eventv1.Commit) verify.Message {
	payload := verifytest.Must(proto.MarshalOptions{Deterministic: true}.Marshal(a))
	signature := ed25519.Sign(serviceKey, verify.SignedText(a.Subject, payload))
	headers := event.Headers(a)
	headers[verify.SignatureHeader] = base64.StdEncoding.EncodeToString(signature)
	text := "NATS/1.0\r\n"
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		text += name + ": " + headers[name] + "\r\n"
	}
	return verify.Message{Subject: a.Subject, Header: []byte(text + "\r\n"), Payload: payload}
}

// published holds a history's files in memory.
type published map[string][]byte

func (p published) Read(_ context.Context, path string) ([]byte, error) {
	data, ok := p[path]
	if !ok {
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	return data, nil
}

func (p published) clone() published { return maps.Clone(p) }

// publish creates and signs the files of a history. It uses tlog's own tree storage.
func publish(messages []verify.Message) published { return log{}.next(messages).files }

// log is a published history.
type log struct {
	messages []verify.Message
	hashes   stored
	files    published
}

// next publishes another history. It reuses the tree of their common beginning.
func (l log) next(messages []verify.Message) log {
	n := log{messages, nil, published{}}
	same := l.common(messages)
	n.hashes = slices.Clip(l.hashes[:tlog.StoredHashCount(int64(same))])
	for i, m := range messages[same:] {
		n.hashes = append(n.hashes, verifytest.Must(tlog.StoredHashesForRecordHash(int64(same+i), m.Leaf(), n.hashes))...)
	}
	for first := 0; first < len(messages); first += verify.TileWidth {
		end := min(first+verify.TileWidth, len(messages))
		path := verify.TilePath(verify.Tile(verify.Bundles, int64(first/verify.TileWidth), end-first))
		if n.files[path] = l.files[path]; end > same || n.files[path] == nil {
			n.files[path] = bundled(messages[first:end])
		}
	}
	size := int64(len(messages))
	for _, t := range tlog.NewTiles(8, 0, size) {
		n.files[verify.TilePath(t)] = verifytest.Must(tlog.ReadTileData(t, n.hashes))
	}
	c := verify.Checkpoint{Origin: logKey.Name(), Size: size, Root: verifytest.Must(tlog.TreeHash(size, n.hashes))}
	n.files[verify.CheckpointPath] = verifytest.Must(note.Sign(&note.Note{Text: c.Text()}, logKey))
	return n
}

// common returns how many messages are equal at the beginning.
func (l log) common(messages []verify.Message) (same int) {
	for same < min(len(messages), len(l.messages)) && &messages[same].Payload[0] == &l.messages[same].Payload[0] {
		same++
	}
	return same
}

func bundled(messages []verify.Message) []byte {
	bundle := make([]byte, 0, 512*len(messages))
	for _, m := range messages {
		bundle = verifytest.Must(verify.AppendToBundle(bundle, m.Entry()))
	}
	return bundle
}

type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) (found []tlog.Hash, err error) {
	for _, i := range indexes {
		found = append(found, s[i])
	}
	return found, nil
}

// checked checks files with all means of a careful auditor.
func checked(t testing.TB, files published, since []byte) *check.Report {
	t.Helper()
	report, err := check.History(context.Background(), files, check.Options{Policy: trusted, Services: services, Since: since})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestAWholeHistoryHolds(t *testing.T) {
	for _, size := range []int{0, 1, 2, 255, 256, 257, 1000, 70_000} {
		messages := history(size)
		files := publish(messages)
		since := publish(messages[:size/2])[verify.CheckpointPath]
		o := check.Options{Policy: trusted, Since: since}
		if size <= 1000 {
			o.Services = services
		}
		report, err := check.History(context.Background(), files, o)
		if err != nil || !report.Holds() || report.Read != int64(size) || report.Size != int64(size) {
			t.Errorf("%d commits: %+v, %v", size, report, err)
		}
	}
}

// A report lists as checked only what there were means to check.
func TestWhatWasNotCheckedIsSaid(t *testing.T) {
	messages := history(300)
	files := publish(messages)
	little, err := check.History(context.Background(), files, check.Options{Policy: trusted, NoTiles: true})
	if err != nil || len(little.Unchecked) != 6 || len(little.Checked) != 3 {
		t.Errorf("with nothing given: %q are checked and %q are not, %v", little.Checked, little.Unchecked, err)
	}
	much := checked(t, files, publish(messages[:100])[verify.CheckpointPath])
	if len(much.Unchecked) != 3 {
		t.Errorf("with everything but a policy, %q are unchecked", much.Unchecked)
	}
	delete(files, verify.TilePath(verify.Tile(verify.Bundles, 1, 44)))
	cut := checked(t, files, nil)
	if cut.Holds() || cut.First != 257 || slices.Contains(cut.Checked, "whether every commit's leaf is the tree's, and the root the checkpoint's") {
		t.Errorf("without its end: %+v", cut)
	}
}
