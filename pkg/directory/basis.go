package directory

import (
	"cmp"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/taxonomy"
)

// basis holds what lines are parsed, compiled and ranked with. The zero basis is the built-in
// one.
type basis struct {
	topics *taxonomy.Taxonomy
	own    *rules.Rules
}

// Option changes what [Parse] and [New] use.
type Option func(*basis)

// Under uses another taxonomy; nil means the built-in one.
func Under(topics *taxonomy.Taxonomy) Option { return func(b *basis) { b.topics = topics } }

// By ranks with other rules; nil means the built-in ones.
func By(own *rules.Rules) Option { return func(b *basis) { b.own = own } }

func basisOf(options []Option) (b basis) {
	for _, option := range options {
		option(&b)
	}
	return b
}

func (b basis) taxonomy() *taxonomy.Taxonomy { return cmp.Or(b.topics, taxonomy.Default()) }

func (b basis) rules() *rules.Rules { return cmp.Or(b.own, rules.Default()) }
