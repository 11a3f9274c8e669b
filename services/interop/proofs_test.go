package interop

import (
	"math/rand/v2"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/verifytest"
)

func hashes(path []tlog.Hash) (all [][]byte) {
	for _, hash := range path {
		all = append(all, hash[:])
	}
	return all
}

// TestMerkleAcceptsOurProofs: transparency-dev/merkle derives leaves from the
// entries' bytes and verifies our paths, at many sizes.
func TestMerkleAcceptsOurProofs(t *testing.T) {
	const size = 20_000
	ours, random := grown(t, size), rand.New(rand.NewPCG(1, 1))
	var roots verify.Frontier
	rootAt := map[int64]tlog.Hash{}
	for position := int64(1); position <= size; position++ {
		roots.Append(message(position).Leaf())
		rootAt[position] = roots.Root()
	}
	for range 2000 {
		at := 1 + random.Int64N(size)
		index, older := random.Int64N(at), 1+random.Int64N(at)
		root, olderRoot := rootAt[at], rootAt[older]
		leaf := rfc6962.DefaultHasher.HashLeaf(message(index + 1).Entry())
		path := verifytest.Must(ours.ProveInclusion(index, at))
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(index), uint64(at), leaf, hashes(path), root[:]); err != nil {
			t.Errorf("leaf %d of %d: %v", index, at, err)
		}
		between := verifytest.Must(ours.ProveConsistency(older, at))
		if err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(older), uint64(at), hashes(between), olderRoot[:], root[:]); err != nil {
			t.Errorf("size %d after %d: %v", at, older, err)
		}
	}
}
