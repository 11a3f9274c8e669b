package directory

import (
	"cmp"
	"slices"

	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Directory is lines with what routing asks of them worked out, for quick decisions. It
// does not change and may be used from everywhere at once. The lines in it must not be
// changed either. The zero Directory has no lines.
type Directory struct {
	facts []facts // in order of their ids
	lines []*handoverv1.Line
	basis basis
	// topics are those that any line names, each once, but for everything.
	topics []string
}

// facts are what the rules ask of one line.
type facts struct {
	line  *handoverv1.Line
	id    string
	times Times
	// answers says which channels it has hours for, known or not.
	answers [handoverv1.Channel_CHANNEL_EMAIL + 1]bool
	// topics are places in those of the directory.
	topics     []int32
	everything bool
	// languages are without regions, the line's first one first.
	languages []string
}

// New works out a directory. No two lines may have the same name.
func New(lines []*handoverv1.Line, options ...Option) *Directory {
	d := &Directory{facts: make([]facts, len(lines)), lines: slices.Clone(lines), basis: basisOf(options)}
	slices.SortFunc(d.lines, func(a, b *handoverv1.Line) int { return cmp.Compare(ID(a), ID(b)) })
	places := map[string]int32{}
	for i, line := range d.lines {
		d.facts[i] = d.factsOf(line, places)
	}
	return d
}

// Lines are all of them, in order of their ids.
func (d *Directory) Lines() []*handoverv1.Line { return slices.Clone(d.lines) }

// Line is the line with an id, or nil.
func (d *Directory) Line(id string) *handoverv1.Line {
	i, found := slices.BinarySearchFunc(d.facts, id, func(f facts, id string) int { return cmp.Compare(f.id, id) })
	if !found {
		return nil
	}
	return d.lines[i]
}

func (d *Directory) factsOf(line *handoverv1.Line, places map[string]int32) facts {
	f := facts{line: line, id: ID(line), times: TimesOf(line)}
	for _, hours := range line.GetHours() {
		if channel := hours.GetChannel(); channel >= 0 && int(channel) < len(f.answers) {
			f.answers[channel] = true
		}
	}
	for _, topic := range line.GetTopics() {
		if topic == taxonomy.Everything {
			f.everything = true
			continue
		}
		place, known := places[topic]
		if !known {
			place = int32(len(d.topics))
			places[topic], d.topics = place, append(d.topics, topic)
		}
		f.topics = append(f.topics, place)
	}
	for _, tag := range line.GetLanguages() {
		f.languages = append(f.languages, baseOf(tag))
	}
	return f
}

// answersOn says whether the line has hours for a channel.
func (f *facts) answersOn(channel handoverv1.Channel) bool {
	return channel >= 0 && int(channel) < len(f.answers) && f.answers[channel]
}

// knows says whether the line names one of the topics that fit.
func (f *facts) knows(fits []bool) bool {
	for _, topic := range f.topics {
		if fits[topic] {
			return true
		}
	}
	return false
}
