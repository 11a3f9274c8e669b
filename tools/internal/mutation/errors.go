package mutation

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// errors returns the errors of a function that no switchable condition of its own guards:
// those at its end, after it has returned nil to permitted callers, and those it passes on
// from another function.
func (f function) errors(guarded map[*ast.ReturnStmt]bool, pass map[string]bool) []Guard {
	var all []Guard
	inner, end := 0, refusal(f.Body.List)
	f.within(func(node ast.Node) {
		r, ok := node.(*ast.ReturnStmt)
		if !ok || returned(r) == nil || isNil(returned(r)) || guarded[r] && !pass[called(returned(r))] {
			return
		}
		name := f.name() + "=nil"
		if r != end {
			inner++
			name += fmt.Sprintf("#%d", inner)
		}
		all = append(all, f.guard(name, f.asError(r, name)...))
	})
	return all
}

// asError makes a return statement ask whether to return its error. The error is evaluated
// either way.
func (f function) asError(r *ast.ReturnStmt, name string) []insertion {
	results := f.results()
	if len(r.Results) == len(results) {
		return f.around(returned(r), fmt.Sprintf("guardError(%q, ", name), ")")
	}
	var values []string // results of one call that returns all of them
	for i := range results {
		values = append(values, fmt.Sprintf("r%d", i))
	}
	last := len(values) - 1
	return f.around(returned(r),
		fmt.Sprintf("func() (%s) { %s := ", strings.Join(results, ", "), strings.Join(values, ", ")),
		fmt.Sprintf("; return %s, guardError(%q, %s) }()", strings.Join(values[:last], ", "), name, values[last]))
}

// results returns the types of a function's results.
func (f function) results() []string {
	var all []string
	for _, field := range f.Type.Results.List {
		all = append(all, slices.Repeat([]string{types.ExprString(field.Type)}, max(1, len(field.Names)))...)
	}
	return all
}

// called returns the name of the function that an expression calls, or "".
func called(e ast.Expr) string {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return ""
	}
	switch function := call.Fun.(type) {
	case *ast.Ident:
		return function.Name
	case *ast.SelectorExpr:
		return function.Sel.Name
	}
	return ""
}

// passing returns the functions that may return nil as the error. Passing on the error of
// such a function is a guard of its own; passing on that of a function that always refuses
// is not.
func passing(functions []function) map[string]bool {
	pass := map[string]bool{}
	for before := -1; before < len(pass); {
		before = len(pass)
		for _, f := range functions {
			f.within(func(node ast.Node) {
				if r, ok := node.(*ast.ReturnStmt); ok && f.fails() && returned(r) != nil && (isNil(returned(r)) || pass[called(returned(r))]) {
					pass[f.Name.Name] = true
				}
			})
		}
	}
	return pass
}
