package livedirectory

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// openLines is how many other lines a child at a closed door is told of.
const openLines = 5

// doorkeeper says whether the door is closed at which a child waits, and, if it was not told yet, where else it can go.
func doorkeeper(all *directory.Directory, now time.Time) handover.Door {
	return func(c *statev1.Conversation) (why handoverv1.PassReason, open []string, opening *timestamppb.Timestamp) {
		line := c.GetCustody().GetLine()
		if why = all.Shut(line, c.Channel, now); why == 0 || c.ClosedDoor != nil {
			return why, nil, nil
		}
		if next, opens := all.NextOpen(line, c.Channel, now); opens && next.After(now) {
			opening = timestamppb.New(next)
		}
		return why, takers(all, c, now), opening
	}
}

// takers are the lines that can take the child now: first those that fit, best first, then by id those that fail only
// for what is not known of the child, as nobody has talked with it.
func takers(all *directory.Directory, c *statev1.Conversation, now time.Time) (ids []string) {
	need := directory.Need{
		Header: handover.Of(c).PacketHeader(), Topics: c.Assessment.GetTags(), FromLine: c.GetCustody().GetLine(), Asked: handover.Of(c).AskedBefore(),
	}
	for _, candidate := range all.Rank(need, now).GetCandidates() {
		if mayTake(candidate, need) && len(ids) < openLines {
			ids = append(ids, candidate.Line)
		}
	}
	return ids
}

func mayTake(candidate *handoverv1.Candidate, need directory.Need) bool {
	unknown := map[handoverv1.Verdict]bool{
		handoverv1.Verdict_VERDICT_TOPIC: len(need.Topics) == 0, handoverv1.Verdict_VERDICT_AREA: need.Header.Area == "",
	}
	return !slices.ContainsFunc(candidate.Failed, func(v handoverv1.Verdict) bool { return !unknown[v] })
}
