package directory

import (
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// notCounselling is the group of contacts that are no conversation.
const notCounselling = "NC"

// Recommend says whether another line suits the child better than the one that has it,
// and which: violence that the line is not for, or no violence at all at an emergency
// line. Nil when it suits. The lines are ranked for the topics that led to it, and
// need's own Topics and FromLine are not looked at. Where no line may be asked now it
// recommends all the same, and the candidates say why. A person decides.
func (d *Directory) Recommend(line *handoverv1.Line, tags []string, need Need, at time.Time) *handoverv1.Recommendation {
	reason, because := d.basis.recommendReason(line, tags)
	if len(because) == 0 {
		return nil
	}
	need.Topics, need.FromLine = because, ID(line)
	decision := d.Rank(need, at)
	return &handoverv1.Recommendation{
		Reason:       reason,
		Topics:       because,
		Candidates:   decision.GetCandidates(),
		RulesVersion: decision.GetRulesVersion(),
	}
}

func (b basis) recommendReason(line *handoverv1.Line, tags []string) (handoverv1.RecommendReason, []string) {
	var foreign, other []string
	anyViolence := false
	for _, tag := range tags {
		switch group := taxonomy.Group(tag); {
		case group == violence:
			anyViolence = true
			if !slices.ContainsFunc(line.GetTopics(), func(topic string) bool { return b.isFor(topic, tag) }) {
				foreign = append(foreign, tag)
			}
		case group != notCounselling:
			other = append(other, tag)
		}
	}
	switch {
	case len(foreign) > 0:
		return handoverv1.RecommendReason_RECOMMEND_REASON_TOPIC_NOT_OURS, sorted(foreign)
	case line.GetEmergency() && !anyViolence:
		return handoverv1.RecommendReason_RECOMMEND_REASON_NO_EMERGENCY, sorted(other)
	}
	return handoverv1.RecommendReason_RECOMMEND_REASON_UNSPECIFIED, nil
}

func sorted(tags []string) []string {
	slices.Sort(tags)
	return slices.Compact(tags)
}
