package invariant

import (
	"bytes"
	"crypto/sha256"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"google.golang.org/protobuf/proto"
)

// checkChain checks the part of I9 that the appends carry themselves: positions
// rise, each append names the hash of the one before it in its subject, and what
// is checked here is what the stored bytes say.
func checkChain(f *finder, history []Recorded) {
	var last uint64
	unknown := 0
	previous := map[string]Recorded{}
	for _, r := range history {
		f.applies()
		if r.Position <= last {
			f.violated(r, "position does not come after %d", last)
		}
		last = r.Position
		checkPayload(f, r)
		if r.hash() == nil {
			unknown++
		}
		before, linked := previous[r.Append.GetSubject()]
		checkLink(f, r, before, linked)
		previous[r.Append.GetSubject()] = r
	}
	if unknown > 0 {
		f.skip("hash chain over %d of %d appends, of which neither the stored bytes nor their hash is known", unknown, len(history))
	}
}

// hash is SHA-256 of the stored bytes, or nil where nobody knows it.
func (r Recorded) hash() []byte {
	if r.Payload == nil {
		return r.PayloadHash
	}
	hash := sha256.Sum256(r.Payload)
	return hash[:]
}

func checkPayload(f *finder, r Recorded) {
	if r.Payload == nil {
		return
	}
	stored := &eventv1.Append{}
	if err := proto.Unmarshal(r.Payload, stored); err != nil || !proto.Equal(stored, r.Append) {
		f.violated(r, "the append is not what the stored bytes say")
	}
}

// checkLink compares with the previous append of the subject, where its hash is known.
func checkLink(f *finder, r, before Recorded, linked bool) {
	got := r.Append.GetPreviousHash()
	if !linked {
		if len(got) > 0 {
			f.violated(r, "the first append of its subject names a previous one")
		}
		return
	}
	if len(got) != sha256.Size {
		f.violated(r, "the append does not name the previous one")
		return
	}
	if want := before.hash(); want != nil && !bytes.Equal(got, want) {
		f.violated(r, "the previous append, at position %d, is not the one this was chained to", before.Position)
	}
}
