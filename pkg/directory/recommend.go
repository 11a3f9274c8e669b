package directory

import (
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/directory/internal/fit"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// notCounselling is the group of contacts that are not counselling conversations.
const notCounselling = "NC"

// Recommend returns a better line for the child than the current one, or nil if the current
// one suits: the line is not for the child's violence, it is an emergency line and there is
// no violence, or it covers none of the topics. Candidates are ranked for the topics that led
// to this; need's own Topics and FromLine are ignored. It recommends even if no line can be
// asked now, and the candidates say why. A person decides.
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
		Need:         decision.GetNeed(), Time: decision.GetTime(),
		TaxonomyVersion: decision.GetTaxonomyVersion(), Others: decision.GetOthers(),
	}
}

func (b basis) recommendReason(line *handoverv1.Line, tags []string) (handoverv1.RecommendReason, []string) {
	var foreignViolence, other []string
	anyViolence, anyOurs := false, false
	for _, tag := range tags {
		group, ours := taxonomy.Group(tag), b.isOurs(line, tag)
		anyViolence, anyOurs = anyViolence || group == fit.Violence, anyOurs || ours
		switch {
		case group == fit.Violence && !ours:
			foreignViolence = append(foreignViolence, tag)
		case group != fit.Violence && group != notCounselling:
			other = append(other, tag)
		}
	}
	switch {
	case len(foreignViolence) > 0:
		return handoverv1.RecommendReason_RECOMMEND_REASON_TOPIC_NOT_OURS, sorted(foreignViolence)
	case line.GetEmergency() && !anyViolence:
		return handoverv1.RecommendReason_RECOMMEND_REASON_NO_EMERGENCY, sorted(other)
	case !anyOurs:
		return handoverv1.RecommendReason_RECOMMEND_REASON_TOPIC_NOT_OURS, sorted(other)
	}
	return handoverv1.RecommendReason_RECOMMEND_REASON_UNSPECIFIED, nil
}

// isOurs reports whether a line covers a topic or, for a group whose leaf is unknown, any
// part of it. Violence of an unnamed kind may be a kind that the line does not cover.
func (b basis) isOurs(line *handoverv1.Line, tag string) bool {
	return slices.ContainsFunc(line.GetTopics(), func(topic string) bool {
		return fit.Topics{By: b.taxonomy()}.IsFor(topic, tag) || tag != fit.Violence && fit.Touches(topic, tag)
	})
}

func sorted(tags []string) []string {
	slices.Sort(tags)
	return slices.Compact(tags)
}
