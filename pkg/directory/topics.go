package directory

import (
	"slices"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/taxonomy"
)

const violence = "V"

// isAcute says whether the topic is violence, abuse or neglect that cannot wait. All of
// V is, but for bullying; so V alone is, until somebody says which violence it is.
func isAcute(topic string) bool {
	return taxonomy.Group(topic) == violence && topic != "V.bullying" && topic != "V.cyberbullying"
}

// deciding are the topics that a line must be for one of. Acute violence goes before
// everything else: violence at home and bullying go to a line for violence at home,
// not back to one for bullying.
func deciding(topics []string) []string {
	var acute []string
	for _, topic := range topics {
		if isAcute(topic) {
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
func isFor(lineTopic, topic string) bool {
	return taxonomy.Covers(lineTopic, topic) || topic == violence && isAcute(lineTopic)
}

// touches says whether a line's topic is in the group.
func touches(lineTopic, group string) bool {
	return taxonomy.Group(lineTopic) == group
}

// subject is what a child needs help with, as routing sees it.
type subject struct {
	topics []string
	fits   func(lineTopic, topic string) bool
}

// subjectOf takes the topics, and where they are unknown the groups of the header. Of a
// group nobody knows the leaf, so any line that may be for it fits.
func subjectOf(need Need) subject {
	if len(need.Topics) > 0 {
		return subject{deciding(need.Topics), isFor}
	}
	return subject{deciding(need.Header.GetTopicGroups()), touches}
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

func (s subject) isAcute() bool {
	return slices.ContainsFunc(s.topics, isAcute)
}
