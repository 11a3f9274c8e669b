package directory

import (
	"cmp"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory/internal/fit"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Need is what routing knows about a child, as codes. All lines in it are plain ids.
type Need struct {
	// Header is the open part of the packet.
	Header *handoverv1.PacketHeader
	// Topics are exact, and take precedence over the groups of the header.
	Topics []string
	// FromLine hands over, and is never asked itself.
	FromLine string
	// Asked are the lines that were already asked in this chain.
	Asked map[string]bool
	// Named are the lines that the sender asks for, in its order. Empty means any line.
	Named []string
	// Later means that the need is about another time than now. Seats are ignored, because
	// nobody knows them in advance.
	Later bool
}

// Rank returns the lines that may be asked at an instant, best first, followed by the others
// with every rule that they failed, so that the sender sees what would have to change. The
// same lines, live state and need give the same decision. It shares lists and deadlines with
// the lines, with the need and within itself, so callers must not change it.
func (d *Directory) Rank(need Need, at time.Time) *handoverv1.RoutingDecision {
	made := d.decide(need, fit.Warm, at)
	defer made.done()
	all := make([]handoverv1.Candidate, len(d.entries))
	var pass, fail []*handoverv1.Candidate
	for i, e := range d.entries {
		made.tell(e, &all[i])
		if len(all[i].Failed) == 0 {
			pass = append(pass, &all[i])
		} else {
			fail = append(fail, &all[i])
		}
	}
	slices.SortFunc(pass, func(a, b *handoverv1.Candidate) int { return compare(a, b, need.Named) })
	first, failed := min(len(pass), longestPlan), min(len(fail), mostFailed)
	return &handoverv1.RoutingDecision{
		Candidates: slices.Concat(pass[:first], fail[:failed]), Others: grouped(slices.Concat(pass[first:], fail[failed:])),
		RulesVersion: d.basis.rules().Version(), TaxonomyVersion: d.basis.taxonomy().Version(),
		Time: timestamppb.New(at), Need: need.recorded(),
	}
}

// recorded returns the need as a decision records it.
func (n Need) recorded() *handoverv1.RoutingNeed {
	var asked []string
	for id, was := range n.Asked {
		if was {
			asked = append(asked, id)
		}
	}
	slices.Sort(asked)
	return &handoverv1.RoutingNeed{Header: n.Header, Topics: n.Topics, FromLine: n.FromLine, Asked: asked, Named: n.Named}
}

// compare orders lines that may be asked: in the sender's order if it names lines, otherwise
// best first.
func compare(a, b *handoverv1.Candidate, named []string) int {
	if len(named) > 0 {
		return cmp.Compare(slices.Index(named, a.Line), slices.Index(named, b.Line))
	}
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Line, b.Line))
}
