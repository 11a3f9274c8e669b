package livedirectory

import (
	"fmt"
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// ForCommands is the directory as commands use it at an instant.
func ForCommands(all *directory.Directory, taxonomyVersion string, now time.Time) handover.Directory {
	return handover.Directory{
		TaxonomyVersion: taxonomyVersion,
		Deadlines:       func(line string) *handoverv1.LineDeadlines { return all.Line(line).GetDeadlines() },
		Rank:            ranker(all, now),
		Recommend:       recommender(all, now),
		Open:            all.OpenAt,
		Suits:           suits(all),
		Skip: func(line string, header *handoverv1.PacketHeader) handoverv1.PassReason {
			return all.CanTake(line, header.GetChannel(), header.GetRisk(), now)
		},
		Shut: func(line string, channel handoverv1.Channel) handoverv1.PassReason {
			return all.Shut(line, channel, now)
		},
		Keeps: keeper(all, now),
		Door:  doorkeeper(all, now),
	}
}

// ranker ranks the lines for a conversation's newest handover.
func ranker(all *directory.Directory, now time.Time) handover.Rank {
	return func(c *statev1.Conversation) *handoverv1.RoutingDecision {
		h := handover.Of(c).Current()
		return all.Rank(directory.Need{
			Header: h.Header, Topics: c.Assessment.GetTags(), FromLine: h.FromLine,
			Asked: handover.Of(c).AskedBefore(), Named: h.Candidates,
			Overridden: h.GetConsent().GetOverridden() != 0,
		}, now)
	}
}

// otherSlots is how many other times a sender is told of whose promise is lost.
const otherSlots = 5

// keeper says whether a line can take the child at a time that was promised, as far as is known now.
func keeper(all *directory.Directory, now time.Time) handover.Keeps {
	return func(c *statev1.Conversation, promised *handoverv1.Slot) (handoverv1.PassReason, []*handoverv1.Slot) {
		why := all.Shut(promised.Line, c.Channel, promised.StartTime.AsTime())
		if why == 0 {
			return 0, nil
		}
		need := directory.Need{Header: handover.Of(c).PacketHeader(), Topics: c.Assessment.GetTags(), FromLine: c.Custody.Line}
		var others []*handoverv1.Slot
		for _, local := range all.Slots(need, now, time.UTC, otherSlots) {
			others = append(others, &handoverv1.Slot{Line: handover.LineID(local.Slot.Line), StartTime: local.Slot.StartTime, EndTime: local.Slot.EndTime})
		}
		return why, others
	}
}

// recommender looks for a line that suits a conversation better than the one with custody.
func recommender(all *directory.Directory, now time.Time) handover.Recommend {
	return func(c *statev1.Conversation) *handoverv1.Recommendation {
		need := directory.Need{
			Header: handover.Of(c).PacketHeader(), Topics: c.Assessment.Tags,
			FromLine: c.Custody.Line, Asked: handover.Of(c).AskedBefore(),
		}
		line := all.Line(c.Custody.Line)
		if line == nil {
			return nil
		}
		return all.Recommend(line, c.Assessment.Tags, need, now)
	}
}

// suits refuses a line that cannot receive this child in this way at an instant, whether it is
// open or not.
func suits(all *directory.Directory) handover.Suits {
	return func(c *statev1.Conversation, line string, way handoverv1.ReceptionWay, at time.Time) error {
		need := directory.Need{Header: handover.Of(c).PacketHeader(), Topics: c.Assessment.GetTags(), FromLine: c.Custody.Line}
		if way == handoverv1.ReceptionWay_RECEPTION_WAY_SIGNPOST { // the counsellor names the line
			need.Named = []string{line}
		}
		return unsuitable(line, all.Unsuitable(line, need, way, at))
	}
}

func unsuitable(line string, failed []handoverv1.Verdict) error {
	if len(failed) == 0 {
		return nil
	}
	var why []string
	for _, verdict := range failed {
		why = append(why, strings.TrimPrefix(verdict.String(), "VERDICT_"))
	}
	return refusal.LineUnsuitable(fmt.Sprintf("%s does not suit this child: %s; find the lines that do", line, strings.Join(why, ", ")),
		"line", line, "failed", strings.Join(why, ","))
}
