package mutation

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// errors are what a function returns as the error where no condition of its own
// can be switched off instead: at its end, after it has returned nil to whom it
// allows, and where it hands on what another function says.
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

// asError lets a return ask whether its error is to be returned. What it returns
// is made either way.
func (f function) asError(r *ast.ReturnStmt, name string) []insertion {
	results := f.results()
	if len(r.Results) == len(results) {
		return f.around(returned(r), fmt.Sprintf("guardError(%q, ", name), ")")
	}
	var values []string // of one call that gives all of them
	for i := range results {
		values = append(values, fmt.Sprintf("r%d", i))
	}
	last := len(values) - 1
	return f.around(returned(r),
		fmt.Sprintf("func() (%s) { %s := ", strings.Join(results, ", "), strings.Join(values, ", ")),
		fmt.Sprintf("; return %s, guardError(%q, %s) }()", strings.Join(values[:last], ", "), name, values[last]))
}

// results are the types of a function's results.
func (f function) results() []string {
	var all []string
	for _, field := range f.Type.Results.List {
		all = append(all, slices.Repeat([]string{types.ExprString(field.Type)}, max(1, len(field.Names)))...)
	}
	return all
}

// called is the name of the function that an expression calls, or empty.
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

// passing are the functions that may return nil as the error: to hand on what
// they say is a guard of its own, to hand on what always refuses is none.
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
