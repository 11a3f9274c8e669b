package directory

import (
	"math/bits"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// decision is one that is being made: the need as the rules look at it, worked out once
// for all lines, and what many candidates share.
type decision struct {
	need     Need
	at       time.Time
	channel  handoverv1.Channel
	language string // without region; empty where it is not known
	// fits says which topics of the directory are the child's.
	fits  []bool
	acute bool

	failed  map[verdicts][]handoverv1.Verdict
	why     map[int32][]handoverv1.Preference
	stamps  []timestamppb.Timestamp
	numbers []int32
}

func (d *Directory) decide(need Need, at time.Time) *decision {
	about := d.basis.subjectOf(need)
	made := &decision{
		need: need, at: at, channel: need.Header.GetChannel(), language: baseOf(need.Header.GetLanguage()),
		fits: make([]bool, len(d.topics)), acute: about.acute,
		failed: map[verdicts][]handoverv1.Verdict{}, why: map[int32][]handoverv1.Preference{},
	}
	for i, topic := range d.topics {
		made.fits[i] = about.takes(topic)
	}
	return made
}

// judge fills in what is decided about a line.
func (d *decision) judge(e *entry, candidate *handoverv1.Candidate) {
	broken := d.broken(e)
	candidate.Line, candidate.Failed = e.id, d.told(broken)
	candidate.Unit, candidate.FactsPosition = e.times.unit(d.at), e.live.FactsPosition
	if seats, known := e.seatsAt(d.channel, d.at); known {
		candidate.FreeSeats, candidate.Queue = d.number(seats.Left()), d.number(seats.Queue)
	}
	switch broken {
	case 0:
		candidate.Score, candidate.Preferences = d.prefer(e)
		candidate.Deadlines = e.line.GetDeadlines()
		if until, closes := e.times.openUntil(d.channel, d.at); closes {
			candidate.OpenUntil = d.stamp(until)
		}
	case 1 << handoverv1.Verdict_VERDICT_CLOSED:
		if next, known := e.times.nextOpen(d.channel, d.at); known {
			candidate.OpensAt = d.stamp(next)
		}
	}
}

// verdicts is a set of them, by their numbers.
type verdicts uint32

// told is a set as a list in the order of the enum, one list for all that are alike.
func (d *decision) told(set verdicts) []handoverv1.Verdict {
	list, known := d.failed[set]
	if set == 0 || known {
		return list
	}
	for rest := set; rest != 0; rest &= rest - 1 {
		list = append(list, handoverv1.Verdict(bits.TrailingZeros32(uint32(rest))))
	}
	list = list[:len(list):len(list)]
	d.failed[set] = list
	return list
}

// prefer scores a line that may be asked. The points of no two sets of preferences are
// the same, so that the score says which they are.
func (d *decision) prefer(e *entry) (score int32, why []handoverv1.Preference) {
	for _, p := range preferences {
		if p.holds(d, e) {
			score += p.points
		}
	}
	why, known := d.why[score]
	if score == 0 || known {
		return score, why
	}
	for _, p := range preferences {
		if p.holds(d, e) {
			why = append(why, p.preference)
		}
	}
	d.why[score] = why[:len(why):len(why)]
	return score, why
}

// some stamps and numbers are made at once, since there may be one for each line.
const some = 64

func (d *decision) stamp(at time.Time) *timestamppb.Timestamp {
	if len(d.stamps) == 0 {
		d.stamps = make([]timestamppb.Timestamp, some)
	}
	stamp := &d.stamps[0]
	d.stamps = d.stamps[1:]
	stamp.Seconds, stamp.Nanos = at.Unix(), int32(at.Nanosecond())
	return stamp
}

func (d *decision) number(n int32) *int32 {
	if len(d.numbers) == 0 {
		d.numbers = make([]int32, some)
	}
	number := &d.numbers[0]
	d.numbers = d.numbers[1:]
	*number = n
	return number
}
