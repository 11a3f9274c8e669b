package mutation

import "fmt"

// decides reports whether a function returns a single bool.
func (f function) decides() bool { return f.resultIs("bool") && len(f.results()) == 1 }

// answers returns guards that make a function return a constant before it evaluates
// anything.
func (f function) answers() []Guard {
	no, yes := f.name()+"=false", f.name()+"=true"
	asks := insertion{
		at:   f.files.Position(f.Body.Lbrace).Offset + 1,
		text: fmt.Sprintf(" if says, always := guardSays(%q, %q); always { return says };", no, yes),
	}
	return []Guard{f.guard(no, asks), f.guard(yes, asks)}
}
