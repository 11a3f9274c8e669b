package directory

import (
	"cmp"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/taxonomy"
)

// basis is what lines are read, worked out and ranked by. The zero basis is what ships.
type basis struct {
	topics *taxonomy.Taxonomy
	own    *rules.Rules
}

// Option changes what [Parse] and [New] go by.
type Option func(*basis)

// Under goes by a taxonomy other than the one that ships. Nil: that one.
func Under(topics *taxonomy.Taxonomy) Option { return func(b *basis) { b.topics = topics } }

// By ranks by rules other than those that are built in. Nil: those.
func By(own *rules.Rules) Option { return func(b *basis) { b.own = own } }

func basisOf(options []Option) (b basis) {
	for _, option := range options {
		option(&b)
	}
	return b
}

func (b basis) taxonomy() *taxonomy.Taxonomy { return cmp.Or(b.topics, taxonomy.Default()) }

func (b basis) rules() *rules.Rules { return cmp.Or(b.own, rules.Default()) }
