package mutation

import "fmt"

// decides says whether a function answers yes or no, and nothing else.
func (f function) decides() bool { return f.resultIs("bool") && len(f.results()) == 1 }

// answers are what a function can be made to say always. It then says so before
// it looks at anything.
func (f function) answers() []Guard {
	no, yes := f.name()+"=false", f.name()+"=true"
	asks := insertion{
		at:   f.files.Position(f.Body.Lbrace).Offset + 1,
		text: fmt.Sprintf(" if says, always := guardSays(%q, %q); always { return says };", no, yes),
	}
	return []Guard{f.guard(no, asks), f.guard(yes, asks)}
}
