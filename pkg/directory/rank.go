package directory

import (
	"cmp"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// RulesVersion names the rules of [Rank] in every decision they made. Give them a new
// one whenever the same input may come out differently.
const RulesVersion = "routing/2"

// Need is what routing knows about a child, as codes. All lines in it are plain ids.
type Need struct {
	// Header is the open part of the packet.
	Header *handoverv1.PacketHeader
	// Topics are exact, and go before the groups of the header where there are any.
	Topics []string
	// FromLine hands over, and is never asked itself.
	FromLine string
	// Asked are the lines that were asked before in this chain.
	Asked map[string]bool
	// Named are the lines that the sender asks for, in its order. Empty: any line.
	Named []string
}

// Rank says which lines may be asked at that instant, best first, and then why the
// others may not. Every failed rule of a line is told, so that the sender sees what
// would have to change. The order of lines does not matter; the same input gives the
// same decision.
func Rank(lines []*handoverv1.Line, need Need, at time.Time) *handoverv1.RoutingDecision {
	about := subjectOf(need)
	candidates := make([]*handoverv1.Candidate, 0, len(lines))
	for _, line := range lines {
		candidates = append(candidates, judge(line, need, about, at))
	}
	slices.SortFunc(candidates, func(a, b *handoverv1.Candidate) int { return compare(a, b, need.Named) })
	return &handoverv1.RoutingDecision{
		Candidates:   candidates,
		RulesVersion: RulesVersion,
		Time:         timestamppb.New(at),
	}
}

func judge(line *handoverv1.Line, need Need, about subject, at time.Time) *handoverv1.Candidate {
	candidate := &handoverv1.Candidate{Line: ID(line), Failed: failures(line, need, about, at)}
	if slices.Equal(candidate.Failed, []handoverv1.Verdict{handoverv1.Verdict_VERDICT_CLOSED}) {
		if next, known := NextOpen(line, need.Header.GetChannel(), at); known {
			candidate.OpensAt = timestamppb.New(next)
		}
	}
	if len(candidate.Failed) == 0 {
		candidate.Score, candidate.Preferences = prefer(line, need, about)
		candidate.Deadlines = line.GetDeadlines()
		if until, closes := OpenUntil(line, need.Header.GetChannel(), at); closes {
			candidate.OpenUntil = timestamppb.New(until)
		}
	}
	return candidate
}

func compare(a, b *handoverv1.Candidate, named []string) int {
	switch {
	case len(a.Failed) == 0 && len(b.Failed) > 0:
		return -1
	case len(a.Failed) > 0 && len(b.Failed) == 0:
		return 1
	case len(a.Failed) > 0:
		return cmp.Compare(a.Line, b.Line)
	case len(named) > 0:
		return cmp.Compare(slices.Index(named, a.Line), slices.Index(named, b.Line))
	}
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Line, b.Line))
}

// prefer scores a line that may be asked.
func prefer(line *handoverv1.Line, need Need, about subject) (score int32, why []handoverv1.Preference) {
	add := func(points int32, preference handoverv1.Preference) {
		score += points
		why = append(why, preference)
	}
	if about.hasSpecialist(line) {
		add(4, handoverv1.Preference_PREFERENCE_SPECIALIST)
	}
	if line.GetEmergency() && about.isAcute() {
		add(8, handoverv1.Preference_PREFERENCE_EMERGENCY)
	}
	if languages := line.GetLanguages(); len(languages) > 0 && understands(need.Header.GetLanguage(), languages[:1]) {
		add(1, handoverv1.Preference_PREFERENCE_FIRST_LANGUAGE)
	}
	return score, why
}
