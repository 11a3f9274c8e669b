package mutation

import (
	"fmt"
	"go/ast"
)

// fails reports whether the last result of a function is an error.
func (f function) fails() bool { return f.resultIs("error") }

// conditions returns the conditions under which a function returns an error, and the
// returns that they guard.
func (f function) conditions() (all []Guard, guarded map[*ast.ReturnStmt]bool) {
	guarded = map[*ast.ReturnStmt]bool{}
	found := func(body []ast.Stmt, conditions ...ast.Expr) {
		refuses := refusal(body)
		if refuses == nil || len(conditions) == 0 {
			return
		}
		guarded[refuses] = true
		for _, condition := range conditions {
			name := fmt.Sprintf("%s#%d", f.name(), len(all)+1)
			all = append(all, f.guard(name, f.around(condition, fmt.Sprintf("guardHolds(%q) && (", name), ")")...))
		}
	}
	f.within(func(node ast.Node) {
		switch node := node.(type) {
		case *ast.IfStmt:
			found(node.Body.List, node.Cond)
		case *ast.SwitchStmt:
			for _, statement := range node.Body.List {
				if clause := statement.(*ast.CaseClause); node.Tag == nil {
					found(clause.Body, clause.List...)
				}
			}
		}
	})
	return all, guarded
}

// refusal returns the return that ends the statements, if its error is not nil.
func refusal(statements []ast.Stmt) *ast.ReturnStmt {
	if len(statements) == 0 {
		return nil
	}
	last, ok := statements[len(statements)-1].(*ast.ReturnStmt)
	if !ok || returned(last) == nil || isNil(returned(last)) {
		return nil
	}
	return last
}

// returned is the last result of a return statement, or nil.
func returned(r *ast.ReturnStmt) ast.Expr {
	if len(r.Results) == 0 {
		return nil
	}
	return r.Results[len(r.Results)-1]
}

func isNil(e ast.Expr) bool {
	name, ok := e.(*ast.Ident)
	return ok && name.Name == "nil"
}
