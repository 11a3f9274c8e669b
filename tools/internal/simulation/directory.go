package simulation

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// Lines are the lines of every world. The child arrives at the first.
var Lines = []string{"a", "b", "c", "d"}

// emergencyLine is for children in danger.
const emergencyLine = "d"

// line is the directory's entry for one line.
type line struct {
	failed    []handoverv1.Verdict
	openUntil *timestamppb.Timestamp
	deadlines *handoverv1.LineDeadlines
	// asSender are its own deadlines for the handovers that it begins.
	asSender *handoverv1.LineDeadlines
	score    int32
}

// lines returns the directory with the given number: which lines are closed to this
// child, when they close, and which deadlines of their own they have. Lines that are shut in
// the world can take nobody.
func (w *world) lines(number uint64) handover.Directory {
	random := rand.New(rand.NewPCG(number, 1))
	lines := map[string]line{}
	seats, times := rand.New(rand.NewPCG(number, 2)), rand.New(rand.NewPCG(number, 3))
	for _, id := range Lines {
		drawn := drawLine(random)
		w.full[id] = seats.IntN(8) == 0
		if times.IntN(5) == 0 {
			drawn.asSender = sender(time.Duration(60+times.IntN(61)) * time.Second)
		}
		lines[id] = drawn
	}
	return handover.Directory{
		TaxonomyVersion: "1",
		Deadlines:       func(line string) *handoverv1.LineDeadlines { return lines[line].asSender },
		Rank:            func(c *statev1.Conversation) *handoverv1.RoutingDecision { return rank(lines, c) },
		Recommend:       func(c *statev1.Conversation) *handoverv1.Recommendation { return recommend(lines, c) },
		Open: func(line string, _ handoverv1.Channel, at time.Time) bool {
			return len(lines[line].failed) == 0 && at.Hour() < 23
		},
		Skip: w.passes,
		Shut: func(line string, _ handoverv1.Channel) handoverv1.PassReason { return w.shutReason(line) },
		Keeps: func(_ *statev1.Conversation, promised *handoverv1.Slot) (handoverv1.PassReason, []*handoverv1.Slot) {
			return w.shutReason(promised.Line), nil
		},
		Door: w.door,
	}
}

// door is closed while the line can take nobody. Where it is known when the line opens, that is soon.
func (w *world) door(c *statev1.Conversation) (why handoverv1.PassReason, open []string, opening *timestamppb.Timestamp) {
	line := c.Custody.Line
	if why = w.shutReason(line); why == 0 {
		return 0, nil, nil
	}
	for _, other := range Lines {
		if other != line && !w.shut[other] {
			open = append(open, other)
		}
	}
	if w.moves%2 == 0 {
		opening = timestamppb.New(w.now.Add(10 * time.Minute))
	}
	return why, open, opening
}

func (w *world) shutReason(line string) handoverv1.PassReason {
	if w.shut[line] {
		return handoverv1.PassReason_PASS_REASON_CLOSED
	}
	return 0
}

func drawLine(random *rand.Rand) line {
	drawn := line{score: random.Int32N(10)}
	if random.IntN(6) == 0 {
		drawn.failed = append(drawn.failed, []handoverv1.Verdict{
			handoverv1.Verdict_VERDICT_CLOSED, handoverv1.Verdict_VERDICT_TOPIC, handoverv1.Verdict_VERDICT_LANGUAGE,
		}[random.IntN(3)])
	}
	if random.IntN(3) == 0 {
		drawn.openUntil = timestamppb.New(order.Epoch.Add(time.Duration(1+random.IntN(20*60)) * time.Second))
	}
	if random.IntN(5) == 0 {
		each := durationpb.New(time.Duration(30+random.IntN(90)) * time.Second)
		drawn.deadlines = &handoverv1.LineDeadlines{
			Offer: each, OfferImminent: durationpb.New(10 * time.Second), Join: each, Bridge: each, Outcome: durationpb.New(time.Hour),
		}
	}
	return drawn
}

// sender returns deadlines of a sender, all as short or as long as they may be.
func sender(each time.Duration) *handoverv1.LineDeadlines {
	d := durationpb.New(each)
	return &handoverv1.LineDeadlines{Waiting: d, Consent: d, Briefing: d, Confirm: d, Overlap: d, Slow: durationpb.New(30 * each)}
}

// rank orders the lines by score. It skips the sending line, lines that were asked before,
// lines that are not named, and lines that cannot take the child.
func rank(lines map[string]line, c *statev1.Conversation) *handoverv1.RoutingDecision {
	h, asked := handover.Of(c).Current(), handover.Of(c).AskedBefore()
	decision := &handoverv1.RoutingDecision{RulesVersion: "simulation/1", Need: &handoverv1.RoutingNeed{Header: h.Header}}
	for _, id := range Lines {
		l := lines[id]
		candidate := &handoverv1.Candidate{Line: id, Score: l.score, OpenUntil: l.openUntil, Deadlines: l.deadlines, Emergency: id == emergencyLine}
		always := candidate.Emergency && h.Header.GetRisk() == handoverv1.RiskLevel_RISK_LEVEL_R4
		candidate.Failed = append(candidate.Failed, l.failed...)
		candidate.Failed = failing(candidate.Failed, id == h.FromLine, handoverv1.Verdict_VERDICT_SAME_LINE)
		candidate.Failed = failing(candidate.Failed, asked[id] && !always && !slices.Contains(h.Candidates, id), handoverv1.Verdict_VERDICT_ASKED_BEFORE)
		unnamed := len(h.Candidates) > 0 && !slices.Contains(h.Candidates, id)
		candidate.Failed = failing(candidate.Failed, unnamed, handoverv1.Verdict_VERDICT_NOT_NAMED)
		decision.Candidates = append(decision.Candidates, candidate)
	}
	slices.SortStableFunc(decision.Candidates, func(a, b *handoverv1.Candidate) int { return int(b.Score - a.Score) })
	return decision
}

func failing(failed []handoverv1.Verdict, does bool, verdict handoverv1.Verdict) []handoverv1.Verdict {
	if does {
		return append(failed, verdict)
	}
	return failed
}

// recommend sends conversations about violence away from every line but the last.
func recommend(lines map[string]line, c *statev1.Conversation) *handoverv1.Recommendation {
	violence := slices.ContainsFunc(c.Assessment.Tags, func(tag string) bool { return strings.HasPrefix(tag, "V") })
	if !violence || c.Custody.Line == Lines[3] {
		return nil
	}
	return &handoverv1.Recommendation{
		Reason: handoverv1.RecommendReason_RECOMMEND_REASON_TOPIC_NOT_OURS, Topics: c.Assessment.Tags, RulesVersion: "simulation/1",
		Candidates: []*handoverv1.Candidate{{Line: Lines[3], Score: lines[Lines[3]].score}},
	}
}
