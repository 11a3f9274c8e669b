package schedule

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A plan with a cached answer gives the same answers as a fresh plan.
func TestAPlanThatRemembersSaysTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := drawLine(t)
		asked, at := Compile(line, chat), drawInstant(t)
		for range 12 {
			at = at.Add(time.Duration(rapid.IntRange(-12*60, 60*60).Draw(t, "minutes")) * time.Minute)
			if rapid.Bool().Draw(t, "stays") && asked.Stays(at) != Compile(line, chat).OpenAt(at) {
				t.Fatalf("stays open at %s: %t", at, asked.OpenAt(at))
			}
			sameAsFresh(t, line, asked, at)
		}
	})
}
