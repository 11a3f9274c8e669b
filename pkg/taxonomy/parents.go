package taxonomy

import (
	"slices"
	"strings"
)

// maxAbove limits how many topics are above a leaf.
const maxAbove = 8

// checkParents refuses local leaves that do not lie below a group. It runs after all topics
// of the file are read.
func (r *reader) checkParents() {
	for _, leaf := range r.locals {
		code, parent, group := leaf.topic.Code, leaf.topic.Parent, Group(leaf.topic.Code)
		switch {
		case parent == "": // refused already
		case !r.made.Known(parent):
			leaf.parent.Refuse("the parent %.80q is not a topic; write %s, or another topic of %s", parent, r.near(parent, code), group)
		case Group(parent) != group:
			leaf.parent.Refuse("the parent %s is in another group than %s, and a topic counts in one; write %s, or another topic of %[3]s", parent, code, group)
		default:
			r.checkAbove(leaf)
		}
	}
}

// near returns the topic in the same group that the text probably means, other than the topic
// in than.
func (r *reader) near(text, than string) string {
	return nearest(text, slices.DeleteFunc(r.made.codes(), func(code string) bool {
		return code == than || Group(code) != Group(than)
	}))
}

// checkAbove refuses a leaf that is below itself, once per cycle, or below too many others.
func (r *reader) checkAbove(leaf local) {
	code := leaf.topic.Code
	path := []string{code}
	above := leaf.topic.Parent
	for above != "" && !slices.Contains(path, above) && len(path) <= maxAbove {
		path = append(path, above)
		above = r.made.above(above)
	}
	switch {
	case above == code && code == slices.Min(path):
		leaf.parent.Refuse("%s is below itself: %s; give one of them a parent outside of this circle, such as %s", code, strings.Join(append(path, code), ", "), Group(code))
	case above != "" && !slices.Contains(path, above):
		leaf.parent.Refuse("more than %d topics are above %s; write a parent nearer to %s", maxAbove, code, Group(code))
	}
}
