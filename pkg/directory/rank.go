package directory

import (
	"math"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory/internal/fit"
	"github.com/stafett/stafett/pkg/directory/rules"
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
	// Overridden means that the sender goes on without the child's consent, because the child
	// is in danger.
	Overridden bool
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
	failed, plan := made.judgeAll(d.rows, len(d.entries))
	told := make([]*handoverv1.Candidate, 0, longestPlan+mostFailed)
	for _, place := range plan {
		told = append(told, made.tell(d.rows.at(place.line())))
		failed[place.line()] = recorded
	}
	for i, left := 0, mostFailed; i < len(failed) && left > 0; i++ {
		if failed[i] != 0 && failed[i] != recorded {
			told = append(told, made.tell(d.rows.at(i)))
			failed[i] = recorded
			left--
		}
	}
	return &handoverv1.RoutingDecision{
		Candidates: told, Others: made.grouped(d.entries, failed),
		RulesVersion: d.basis.rules().Version(), TaxonomyVersion: d.basis.taxonomy().Version(),
		Time: timestamppb.New(at), Need: need.recorded(),
	}
}

// recorded marks a line whose result is recorded in full.
const recorded = ^verdicts(0)

// judgeAll returns the rules that each line fails, and the best of those that fail none.
func (d *decision) judgeAll(all rows, count int) (failed []verdicts, plan []place) {
	failed = make([]verdicts, count)
	for i, r := range all.each() {
		var held rules.Held
		if failed[i], _, held = d.judgeLine(r); failed[i] == 0 {
			plan = best(plan, d.place(i, r.entry, held))
		}
	}
	return failed, plan
}

// place orders the lines that may be asked: in the sender's order if it names lines, otherwise the
// highest score first, and then by id. It ends with the line's index, because lines are sorted
// by id.
type place uint64

func (d *decision) place(line int, e *entry, held rules.Held) place {
	order := int(math.MaxInt32 - d.rules.Score(held).Points)
	if len(d.need.Named) > 0 {
		order = slices.Index(d.named, e)
	}
	return place(order)<<32 | place(line)
}

func (p place) line() int { return int(uint32(p)) }

// best puts a line into a plan, in order, unless the plan is full of better ones.
func best(plan []place, one place) []place {
	if len(plan) == longestPlan {
		if one > plan[longestPlan-1] {
			return plan
		}
		plan = plan[:longestPlan-1]
	}
	at, _ := slices.BinarySearch(plan, one)
	return slices.Insert(plan, at, one)
}

// recorded returns the need as a decision records it.
func (n Need) recorded() *handoverv1.RoutingNeed {
	return &handoverv1.RoutingNeed{Header: n.Header, Topics: n.Topics, FromLine: n.FromLine, Asked: n.asked(), Named: n.Named}
}

// asked lists the lines that were already asked.
func (n Need) asked() (ids []string) {
	for id, was := range n.Asked {
		if was {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
