package fit

import (
	"slices"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/taxonomy"
)

// Violence is its group.
const Violence = "V"

// Topics compares topics by a taxonomy.
type Topics struct{ By *taxonomy.Taxonomy }

// isAcute reports whether the topic is violence, abuse or neglect that cannot wait: all of V
// except bullying. V alone counts as acute until the kind of violence is known.
func (t Topics) isAcute(topic string) bool {
	return taxonomy.Group(topic) == Violence && !t.By.Covers("V.bullying", topic) && !t.By.Covers("V.cyberbullying", topic)
}

// deciding returns the topics of which a line must cover at least one. Acute violence takes
// precedence: a child with violence at home and bullying goes to a line for violence at home,
// not back to one for bullying.
func (t Topics) deciding(topics []string) []string {
	var acute []string
	for _, topic := range topics {
		if t.isAcute(topic) {
			acute = append(acute, topic)
		}
	}
	if len(acute) > 0 {
		return acute
	}
	return topics
}

// IsFor reports whether a line's topic includes a topic of the child. Violence of an unnamed
// kind fits every line for acute violence, because no line names V alone.
func (t Topics) IsFor(lineTopic, topic string) bool {
	return t.By.Covers(lineTopic, topic) || topic == Violence && t.isAcute(lineTopic)
}

// Touches reports whether a line's topic is in the group.
func Touches(lineTopic, group string) bool {
	return taxonomy.Group(lineTopic) == group
}

// Subject is what a child needs help with, as routing sees it.
type Subject struct {
	topics []string
	fits   func(lineTopic, topic string) bool
	Acute  bool
}

// SubjectOf uses the known topics or, if there are none, the groups in the header. The leaf of a
// group is unknown, so any line that might cover it fits.
func (t Topics) SubjectOf(known, groups []string) Subject {
	about := Subject{t.deciding(known), t.IsFor, false}
	if len(known) == 0 {
		about = Subject{t.deciding(groups), Touches, false}
	}
	about.Acute = slices.ContainsFunc(about.topics, t.isAcute)
	return about
}

// takes reports whether a line that names the topic covers the subject.
func (s Subject) takes(lineTopic string) bool {
	return slices.ContainsFunc(s.topics, func(topic string) bool { return s.fits(lineTopic, topic) })
}

// Input is the rule input from a line's topics.
func (s Subject) Input(topics []string) rules.Input {
	everything := slices.Contains(topics, taxonomy.Everything)
	named := slices.ContainsFunc(topics, func(topic string) bool { return topic != taxonomy.Everything && s.takes(topic) })
	return rules.Flag(rules.ForTopic, everything || named) | rules.Flag(rules.Specialist, named)
}
