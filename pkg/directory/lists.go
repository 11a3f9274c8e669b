package directory

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// lists holds the lists that many lines share, each once, so that a decision evaluates each
// list once instead of once per line. A list that no line uses any more stays until the
// directory is rebuilt.
type lists struct {
	topics, languages, areas common[[]string]
	receptions               common[[]*handoverv1.Reception]
}

// places are the indexes of one line's lists.
type places struct{ topics, languages, areas, receptions int32 }

func (l *lists) placesOf(line *handoverv1.Line) places {
	var received strings.Builder
	for _, reception := range line.GetReceivesFrom() {
		fmt.Fprintln(&received, reception.GetLine(), int32(reception.GetWay()))
	}
	return places{
		topics:     l.topics.add(text(line.GetTopics()), line.GetTopics()),
		languages:  l.languages.add(text(line.GetLanguages()), line.GetLanguages()),
		areas:      l.areas.add(text(line.GetServiceAreas()), line.GetServiceAreas()),
		receptions: l.receptions.add(received.String(), line.GetReceivesFrom()),
	}
}

func text(list []string) string { return strings.Join(list, "\n") }

// clone returns lists that can grow without affecting the original.
func (l lists) clone() lists {
	return lists{l.topics.clone(), l.languages.clone(), l.areas.clone(), l.receptions.clone()}
}

// common holds distinct values, keyed by text.
type common[T any] struct {
	all    []T
	places map[string]int32
}

func (c *common[T]) add(text string, value T) int32 {
	if place, known := c.places[text]; known {
		return place
	}
	if c.places == nil {
		c.places = map[string]int32{}
	}
	place := int32(len(c.all))
	c.all, c.places[text] = append(c.all, value), place
	return place
}

func (c common[T]) clone() common[T] {
	return common[T]{slices.Clip(c.all), maps.Clone(c.places)}
}
