package rpc

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// KnownTopics refuses a topic that is not in the taxonomy.
func KnownTopics(t *taxonomy.Taxonomy, topics []string) error {
	for _, topic := range topics {
		if !t.Known(topic) {
			nearest := t.Nearest(topic)
			return &handover.Refusal{
				Reason:   handoverv1.RefusalReason_REFUSAL_REASON_TOPIC_UNKNOWN,
				Message:  topic + " is not in the taxonomy; the nearest that is: " + nearest + "; list the topics to see all",
				Metadata: map[string]string{"topic": topic, "nearest": nearest, "taxonomy_version": t.Version()},
			}
		}
	}
	return nil
}
