package directory

import (
	"slices"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// facts are what the rules ask of one line, worked out from what was published of it.
type facts struct {
	line  *handoverv1.Line
	id    string
	hours *hours
	// answers says which channels it has hours for, known or not.
	answers [handoverv1.Channel_CHANNEL_EMAIL + 1]bool
	// capacity is how many seats it has when it is fully staffed. 0 where nobody knows.
	capacity [lastSeated + 1]int32
	// topics are places in those of the directory.
	topics     []int32
	everything bool
	// asks is what the rules ask of the line whoever the child is.
	asks rules.Input
	// languages are without regions, the line's first one first.
	languages []string
}

// factsOf works them out, and adds topics to the directory that are new to it.
func (d *Directory) factsOf(line *handoverv1.Line) *facts {
	f := &facts{line: line, id: ID(line), hours: hoursOf(line), asks: inputOfLine(line)}
	for _, hours := range line.GetHours() {
		if channel := hours.GetChannel(); channel >= 0 && int(channel) < len(f.answers) {
			f.answers[channel] = true
		}
	}
	for _, capacity := range line.GetCapacity() {
		if seated(capacity.GetChannel()) {
			f.capacity[capacity.GetChannel()] = capacity.GetSeats()
		}
	}
	for _, topic := range line.GetTopics() {
		if topic == taxonomy.Everything {
			f.everything = true
		} else {
			f.topics = append(f.topics, d.placeOf(topic))
		}
	}
	for _, tag := range line.GetLanguages() {
		f.languages = append(f.languages, baseOf(tag))
	}
	return f
}

// placeOf is where the directory has a topic. A new one goes at the end, of a list that
// is not shared with the directory that this one was made from.
func (d *Directory) placeOf(topic string) int32 {
	place := slices.Index(d.topics, topic)
	if place < 0 {
		place = len(d.topics)
		d.topics = append(slices.Clip(d.topics), topic)
	}
	return int32(place)
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
