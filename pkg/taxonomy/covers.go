package taxonomy

// Covers says whether a line that is for topic is for code too: [Everything] covers
// all, and each topic itself and whatever lies below it. A leaf that the taxonomy does
// not know, because it is of an older one, lies below its group.
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

// above is the parent of a leaf, and empty for a group.
func (t *Taxonomy) above(code string) string {
	if topic, known := t.topics[code]; known {
		return topic.Parent
	}
	if group := Group(code); group != code {
		return group
	}
	return ""
}
