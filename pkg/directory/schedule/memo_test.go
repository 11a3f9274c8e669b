package schedule

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A plan that has been asked before says what one says that never was.
func TestAPlanThatRemembersSaysTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := drawLine(t)
		asked, at := Compile(line, chat), drawInstant(t)
		for range 12 {
			at = at.Add(time.Duration(rapid.IntRange(-12*60, 60*60).Draw(t, "minutes")) * time.Minute)
			if rapid.Bool().Draw(t, "stays") && asked.Stays(at) != Compile(line, chat).OpenAt(at) {
				t.Fatalf("stays open at %s: %t", at, asked.OpenAt(at))
			}
			if asked.OpenAt(at) != Compile(line, chat).OpenAt(at) {
				t.Fatalf("open at %s: %t", at, asked.OpenAt(at))
			}
			next, opens := asked.Next(at)
			if want, found := Compile(line, chat).Next(at); opens != found || !next.Equal(want) {
				t.Fatalf("next from %s is %s %t, want %s %t", at, next, opens, want, found)
			}
			until, closes := asked.Until(at)
			if want, found := Compile(line, chat).Until(at); closes != found || !until.Equal(want) {
				t.Fatalf("until from %s is %s %t, want %s %t", at, until, closes, want, found)
			}
		}
	})
}
