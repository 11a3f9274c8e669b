package directory

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory/internal/fit"
	"github.com/stafett/stafett/pkg/directory/rules"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// decision is a decision in progress: the need as the rules see it, computed once for all
// lines, and the values that many candidates share.
type decision struct {
	need Need
	way  handoverv1.ReceptionWay
	at   time.Time
	now  int64 // the same in nanoseconds
	// danger: the risk is imminent, or the child's consent was overridden.
	danger  bool
	channel handoverv1.Channel
	area    string
	// asks is the rule input from the child; the others are the rule inputs from each shared
	// list.
	asks                                 rules.Input
	topics, languages, areas, receptions []rules.Input
	rules                                *rules.Rules
	judge                                *rules.Judge

	// from, asked and named are the need's lines that the directory has.
	from         *entry
	asked, named []*entry
	failed       map[verdicts][]handoverv1.Verdict
}

// decide begins a decision for a child who comes to the line in this way. The caller ends it
// with done.
func (d *Directory) decide(need Need, way handoverv1.ReceptionWay, at time.Time) *decision {
	about := fit.Topics{By: d.basis.taxonomy()}.SubjectOf(need.Topics, need.Header.GetTopicGroups())
	made := &decision{
		need: need, way: way, at: at, danger: need.Overridden || need.Header.GetRisk() == handoverv1.RiskLevel_RISK_LEVEL_R4,
		channel: need.Header.GetChannel(), area: need.Header.GetArea(),
		asks: fit.Need(need.Header, about.Acute), failed: map[verdicts][]handoverv1.Verdict{},
		rules: d.basis.rules(), judge: d.basis.rules().Judge(),
		now: nanoseconds(at), from: d.entry(need.FromLine), asked: d.known(need.asked()), named: d.known(need.Named),
	}
	made.inputsOfLists(&d.lists, about)
	return made
}

func (d *decision) done() { d.judge.Done() }

// judgeLine returns the rules that a line fails, those that do not fit and only warn, and the
// preferences that it meets.
func (d *decision) judgeLine(r *row) (failed, warnings verdicts, held rules.Held) {
	out := d.judge.Of(d.input(r))
	failed = d.broken(r) | verdicts(out.Failed)
	if d.need.Later {
		failed &^= of(handoverv1.Verdict_VERDICT_CAPACITY)
	}
	if failed&waivable != 0 {
		warnings = failed & d.waived(r)
	}
	return (failed &^ warnings).concise(), warnings, out.Held
}

// tell returns the decision about a line in full.
func (d *decision) tell(r *row) *handoverv1.Candidate {
	e := r.entry
	failed, warnings, held := d.judgeLine(r)
	candidate := &handoverv1.Candidate{
		Line: e.id, Failed: d.told(failed), Warnings: d.told(warnings), Unit: e.times.Unit(d.at), FactsPosition: e.live.FactsPosition,
		Emergency: e.line.GetEmergency(),
	}
	if seats, known := e.seatsAt(d.channel, d.at); known && !d.need.Later {
		candidate.FreeSeats, candidate.Queue = proto.Int32(seats.LeftFor(d.need.Header.GetRisk())), proto.Int32(seats.Queue)
	}
	switch failed {
	case 0:
		score := d.rules.Score(held)
		candidate.Score, candidate.Preferences = score.Points, score.Preferences
		candidate.Deadlines = e.line.GetDeadlines()
		if until, closes := e.times.OpenUntil(d.channel, d.at); closes {
			candidate.OpenUntil = timestamppb.New(until)
		}
	case of(handoverv1.Verdict_VERDICT_CLOSED):
		if next, known := e.times.NextOpen(d.channel, d.at); known {
			candidate.OpensAt = timestamppb.New(next)
		}
	}
	return candidate
}

// told returns a set as a list; equal sets share one list.
func (d *decision) told(set verdicts) []handoverv1.Verdict {
	list, known := d.failed[set]
	if !known {
		list = set.list()
		d.failed[set] = list
	}
	return list
}
