package rules

import (
	_ "embed"
	"sync"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

//go:embed rules.yaml
var builtIn []byte

// Default are the rules that are built in.
var Default = sync.OnceValue(func() *Rules {
	rules, err := read("rules.yaml", builtIn)
	if err != nil {
		panic("rules: the embedded file, which a test reads: " + err.Error())
	}
	return rules
})

// File is the text of the rules that are built in, to begin one's own from.
func File() string { return string(builtIn) }

// Rules are one version of them. They do not change and may be used from everywhere at
// once.
type Rules struct {
	version     string
	rules       []rule
	preferences []preference
	// scores has one for each set of preferences.
	scores []Score
	// static are the expressions that ask nothing of the seats, and live the others.
	// Apart, each of the two comes out of few inputs.
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

// Version names the rules in every decision that they made: those that are built in by
// their version alone, and others also by what is built in, for the code around them, and
// by the beginning of the SHA-256 of their text.
func (r *Rules) Version() string { return r.version }

// Score is a set of preferences that hold.
type Score struct {
	// Points are their sum. No two sets have the same.
	Points int32
	// Preferences are in the order of the file. They are for reading.
	Preferences []handoverv1.Preference
}

// Score is what a set of preferences comes to.
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
