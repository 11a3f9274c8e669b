package directory

import (
	"slices"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/taxonomy"
)

const violence = "V"

// isAcute reports whether the topic is violence, abuse or neglect that cannot wait: all of V
// except bullying. V alone counts as acute until the kind of violence is known.
func (b basis) isAcute(topic string) bool {
	return taxonomy.Group(topic) == violence && !b.taxonomy().Covers("V.bullying", topic) && !b.taxonomy().Covers("V.cyberbullying", topic)
}

// deciding returns the topics of which a line must cover at least one. Acute violence takes
// precedence: a child with violence at home and bullying goes to a line for violence at home,
// not back to one for bullying.
func (b basis) deciding(topics []string) []string {
	var acute []string
	for _, topic := range topics {
		if b.isAcute(topic) {
			acute = append(acute, topic)
		}
	}
	if len(acute) > 0 {
		return acute
	}
	return topics
}

// isFor reports whether a line's topic includes a topic of the child. Violence of an unnamed
// kind fits every line for acute violence, because no line names V alone.
func (b basis) isFor(lineTopic, topic string) bool {
	return b.taxonomy().Covers(lineTopic, topic) || topic == violence && b.isAcute(lineTopic)
}

// touches reports whether a line's topic is in the group.
func touches(lineTopic, group string) bool {
	return taxonomy.Group(lineTopic) == group
}

// subject is what a child needs help with, as routing sees it.
type subject struct {
	topics []string
	fits   func(lineTopic, topic string) bool
	acute  bool
}

// subjectOf uses the topics or, if they are unknown, the groups in the header. The leaf of a
// group is unknown, so any line that might cover it fits.
func (b basis) subjectOf(need Need) subject {
	about := subject{b.deciding(need.Topics), b.isFor, false}
	if len(need.Topics) == 0 {
		about = subject{b.deciding(need.Header.GetTopicGroups()), touches, false}
	}
	about.acute = slices.ContainsFunc(about.topics, b.isAcute)
	return about
}

// takes reports whether a line that names the topic covers the subject.
func (s subject) takes(lineTopic string) bool {
	return slices.ContainsFunc(s.topics, func(topic string) bool { return s.fits(lineTopic, topic) })
}

// input is the rule input from a line's topics.
func (s subject) input(topics []string) rules.Input {
	everything := slices.Contains(topics, taxonomy.Everything)
	named := slices.ContainsFunc(topics, func(topic string) bool { return topic != taxonomy.Everything && s.takes(topic) })
	return rules.Flag(rules.ForTopic, everything || named) | rules.Flag(rules.Specialist, named)
}
