package rules

import (
	_ "embed"
	"sync"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

//go:embed rules.yaml
var builtIn []byte

// Default returns the built-in rules.
var Default = sync.OnceValue(func() *Rules {
	rules, err := read("rules.yaml", builtIn)
	if err != nil {
		panic("rules: the embedded file, which a test reads: " + err.Error())
	}
	return rules
})

// File returns the text of the built-in rules, as a starting point for others.
func File() string { return string(builtIn) }

// Rules are one version of the rules. They are immutable and safe for concurrent use.
type Rules struct {
	version     string
	rules       []rule
	preferences []preference
	// scores has one entry per set of preferences.
	scores []Score
	// static has the expressions that use no seat variables, and live has the rest. Evaluated
	// apart, each of them sees few distinct inputs.
	static, live part
	judges       chan *Judge
}

type rule struct {
	verdict handoverv1.Verdict
	expression
}

type preference struct {
	preference handoverv1.Preference
	points     int32
	expression
}

// Version identifies the rules in every decision. For the built-in rules it is their version.
// For other rules it is the version of the built-in ones, which identifies the code around
// them, their own version, and the first bytes of the SHA-256 of their text.
func (r *Rules) Version() string { return r.version }

// Score is the score of one set of preferences.
type Score struct {
	// Points is their sum, which is unique to the set.
	Points int32
	// Preferences are in the order of the file. Callers must not change them.
	Preferences []handoverv1.Preference
}

// Score returns the score of a set of preferences.
func (r *Rules) Score(held Held) Score { return r.scores[held] }

func (r *Rules) allScores() []Score {
	scores := make([]Score, 1<<len(r.preferences))
	for set := range scores {
		for i, p := range r.preferences {
			if set>>i&1 == 1 {
				scores[set].Points += p.points
				scores[set].Preferences = append(scores[set].Preferences, p.preference)
			}
		}
	}
	return scores
}
