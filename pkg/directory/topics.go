package directory

import (
	"slices"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/taxonomy"
)

const violence = "V"

// isAcute says whether the topic is violence, abuse or neglect that cannot wait. All of
// V is, but for bullying; so V alone is, until somebody says which violence it is.
func (b basis) isAcute(topic string) bool {
	return taxonomy.Group(topic) == violence && !b.taxonomy().Covers("V.bullying", topic) && !b.taxonomy().Covers("V.cyberbullying", topic)
}

// deciding are the topics that a line must be for one of. Acute violence goes before
// everything else: violence at home and bullying go to a line for violence at home,
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

// isFor says whether a line's topic takes in a topic of the child. Violence of an
// unnamed kind fits every line for acute violence, since nobody is for V alone.
func (b basis) isFor(lineTopic, topic string) bool {
	return b.taxonomy().Covers(lineTopic, topic) || topic == violence && b.isAcute(lineTopic)
}

// touches says whether a line's topic is in the group.
func touches(lineTopic, group string) bool {
	return taxonomy.Group(lineTopic) == group
}

// subject is what a child needs help with, as routing sees it.
type subject struct {
	topics []string
	fits   func(lineTopic, topic string) bool
	acute  bool
}

// subjectOf takes the topics, and where they are unknown the groups of the header. Of a
// group nobody knows the leaf, so any line that may be for it fits.
func (b basis) subjectOf(need Need) subject {
	about := subject{b.deciding(need.Topics), b.isFor, false}
	if len(need.Topics) == 0 {
		about = subject{b.deciding(need.Header.GetTopicGroups()), touches, false}
	}
	about.acute = slices.ContainsFunc(about.topics, b.isAcute)
	return about
}

// takes says whether a line that names the topic is for the subject.
func (s subject) takes(lineTopic string) bool {
	return slices.ContainsFunc(s.topics, func(topic string) bool { return s.fits(lineTopic, topic) })
}

// input is what the rules ask of a line's topics.
func (s subject) input(topics []string) rules.Input {
	everything := slices.Contains(topics, taxonomy.Everything)
	named := slices.ContainsFunc(topics, func(topic string) bool { return topic != taxonomy.Everything && s.takes(topic) })
	return rules.Flag(rules.ForTopic, everything || named) | rules.Flag(rules.Specialist, named)
}
