package check_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/check"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// attacks are what an operator can do to a log at a position before recomputing all tiles and
// signing them with the log's real key.
var attacks = map[string]func(messages []verify.Message, i int) []verify.Message{
	"change": func(messages []verify.Message, i int) []verify.Message {
		return slices.Replace(slices.Clone(messages), i, i+1, altered(messages[i]))
	},
	"drop": func(messages []verify.Message, i int) []verify.Message {
		return slices.Delete(slices.Clone(messages), i, i+1)
	},
	"insert": func(messages []verify.Message, i int) []verify.Message {
		return slices.Insert(slices.Clone(messages), i, altered(messages[i]))
	},
	"swap": func(messages []verify.Message, i int) []verify.Message {
		swapped, j := slices.Clone(messages), (i+1)%len(messages)
		swapped[i], swapped[j] = swapped[j], swapped[i]
		return swapped
	},
	"truncate": func(messages []verify.Message, i int) []verify.Message { return messages[:i] },
}

// altered returns the message with different content in the same place.
func altered(m verify.Message) verify.Message {
	a := &eventv1.Commit{}
	if err := proto.Unmarshal(m.Payload, a); err != nil {
		panic(err)
	}
	a.Caller = "spiffe://test/line/other"
	m.Payload = verifytest.Must(proto.MarshalOptions{Deterministic: true}.Marshal(a))
	return m
}

// attacked reports whether a position is attacked: every seventh, and those at the ends of tiles.
func attacked(i int) bool {
	return i%7 == 0 || i%verify.TileWidth < 2 || i%verify.TileWidth == verify.TileWidth-1
}

// TestAnOperatorWithTheLogsKeyIsCaught attacks many positions of a thousand commits. An
// auditor with a kept checkpoint detects everything. A first-time auditor detects changed and
// inserted commits, by signatures and pointers, but cannot know that commits were left out at
// a subject's end or reordered. That is what witnesses are for.
func TestAnOperatorWithTheLogsKeyIsCaught(t *testing.T) {
	messages := history(1000)
	honest := log{}.next(messages)
	kept := honest.files[verify.CheckpointPath]
	for name, attack := range attacks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i := range messages {
				if !attacked(i) {
					continue
				}
				files := honest.next(attack(messages, i)).files
				who := noticed(t, files, check.Options{Policy: trusted, Since: kept})
				if !who.kept {
					t.Errorf("position %d: who kept a checkpoint does not notice", i+1)
				}
				if (name == "change" || name == "insert") && !who.anybody && holds(t, files, check.Options{Policy: trusted, Services: services}) {
					t.Errorf("position %d: who sees it for the first time does not notice", i+1)
				}
			}
		})
	}
}

// notice says who detects an attack: the holder of a kept checkpoint, and anybody.
type notice struct{ kept, anybody bool }

// noticed separates the findings that need a kept checkpoint from the others.
func noticed(t *testing.T, files published, o check.Options) (n notice) {
	t.Helper()
	report, err := check.History(context.Background(), files, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		if strings.Contains(f.What, "kept") || strings.Contains(f.What, "signed before") {
			n.kept = true
		} else {
			n.anybody = true
		}
	}
	return n
}

func holds(t *testing.T, files published, o check.Options) bool {
	t.Helper()
	report, err := check.History(context.Background(), files, o)
	if err != nil {
		t.Fatal(err)
	}
	return report.Holds()
}

// TestEveryFlippedBitIsFound flips one bit of the published entries, tiles and checkpoint,
// ten thousand times.
func TestEveryFlippedBitIsFound(t *testing.T) {
	t.Parallel()
	const flips, workers, size = 10_000, 2, 300
	files := publish(history(size))
	paths := slices.Sorted(maps.Keys(files))
	var work sync.WaitGroup
	for worker := range uint64(workers) {
		work.Go(func() {
			random := rand.New(rand.NewPCG(worker, 0))
			for range flips / workers {
				path, flipped := flip(random, files, paths)
				report, err := check.History(context.Background(), flipped, check.Options{Policy: trusted})
				if err != nil || report.Holds() {
					t.Errorf("a flipped bit in %s is not found: %+v, %v", path, report, err)
				}
				if report.Size != 0 && report.Size != size {
					t.Errorf("a flipped bit in %s makes a history of %d", path, report.Size)
				}
			}
		})
	}
	work.Wait()
}

// TestEveryBitOfACheckpointCounts flips every single bit.
func TestEveryBitOfACheckpointCounts(t *testing.T) {
	files := publish(history(5))
	for bit := range 8 * len(files[verify.CheckpointPath]) {
		flipped := files.clone()
		flipped[verify.CheckpointPath] = bytes.Clone(files[verify.CheckpointPath])
		flipped[verify.CheckpointPath][bit/8] ^= 1 << (bit % 8)
		if holds(t, flipped, check.Options{Policy: trusted}) {
			t.Errorf("bit %d of byte %d (%q) is flipped, and it holds", bit%8, bit/8, files[verify.CheckpointPath][bit/8])
		}
	}
}

// flip flips one bit; each bit of all files is equally likely.
func flip(random *rand.Rand, files published, paths []string) (where string, flipped published) {
	total := 0
	for _, path := range paths {
		total += len(files[path])
	}
	at := random.IntN(total)
	for _, path := range paths {
		if at >= len(files[path]) {
			at -= len(files[path])
			continue
		}
		flipped = files.clone()
		flipped[path] = bytes.Clone(files[path])
		flipped[path][at] ^= 1 << random.IntN(8)
		return fmt.Sprintf("%s, byte %d", path, at), flipped
	}
	panic("there is no such byte")
}
