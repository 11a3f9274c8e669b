package rpc

import (
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/taxonomy"
)

// KnownTopics refuses a topic that is not in the taxonomy.
func KnownTopics(t *taxonomy.Taxonomy, topics []string) error {
	for _, topic := range topics {
		if !t.Known(topic) {
			nearest := t.Nearest(topic)
			return refusal.TopicUnknown(topic+" is not in the taxonomy; the nearest topic is "+nearest+"; list the topics to see all",
				"topic", topic, "nearest", nearest, "taxonomy_version", t.Version())
		}
	}
	return nil
}
