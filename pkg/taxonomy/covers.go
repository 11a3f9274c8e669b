package taxonomy

// Covers reports whether a line for topic also covers code. [Everything] covers all; a topic
// covers itself and everything below it. An unknown leaf, which comes from an older taxonomy,
// lies below its group.
func (t *Taxonomy) Covers(topic, code string) bool {
	if topic == Everything || topic == code {
		return true
	}
	for above := t.above(code); above != ""; above = t.above(above) {
		if above == topic {
			return true
		}
	}
	return false
}

// above returns the parent of a leaf, or empty for a group.
func (t *Taxonomy) above(code string) string {
	if topic, known := t.topics[code]; known {
		return topic.Parent
	}
	if group := Group(code); group != code {
		return group
	}
	return ""
}
