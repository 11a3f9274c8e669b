package directory

import (
	"cmp"

	"github.com/stafett/stafett/pkg/taxonomy"
)

// basis is what lines are read and worked out by. The zero basis is what ships.
type basis struct{ own *taxonomy.Taxonomy }

// Option changes what [Parse] and [New] go by.
type Option func(*basis)

// Under goes by a taxonomy other than the one that ships.
func Under(topics *taxonomy.Taxonomy) Option { return func(b *basis) { b.own = topics } }

func basisOf(options []Option) (b basis) {
	for _, option := range options {
		option(&b)
	}
	return b
}

func (b basis) taxonomy() *taxonomy.Taxonomy { return cmp.Or(b.own, taxonomy.Default()) }
