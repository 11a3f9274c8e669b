// Package mutation takes guards out of the protocol's code, one at a time, so that
// one can see whether anything notices. A guard is a condition under which a
// function refuses: an if, or a case, whose body ends by returning an error. Some
// steps that are no refusals, but on which an invariant rests, can be taken out too.
package mutation

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// Guard is one condition under which a command is refused.
type Guard struct {
	// File is its path.
	File string
	// Func is the function that it stands in, such as AcceptOffer.decide.
	Func string
	// Number counts the guards of the function from 1.
	Number int
	// Condition is how it is written.
	Condition string
	// from and to are where the condition stands in the file, in bytes.
	from, to int
}

// Name names a guard in a way that outlives changes elsewhere.
func (g Guard) Name() string { return fmt.Sprintf("%s#%d", g.Func, g.Number) }

// Guards finds the guards of a package, in the order of its files.
func Guards(folder string) ([]Guard, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	var all []Guard
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		found, err := inFile(file)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func inFile(path string) ([]Guard, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, path, text, 0)
	if err != nil {
		return nil, err
	}
	var all []Guard
	for _, declaration := range parsed.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok || function.Body == nil || !fails(function) {
			continue
		}
		for i, condition := range conditions(function.Body) {
			from, to := files.Position(condition.Pos()).Offset, files.Position(condition.End()).Offset
			all = append(all, Guard{
				File: path, Func: nameOf(function), Number: i + 1, Condition: string(text[from:to]), from: from, to: to,
			})
		}
	}
	return all, nil
}

// fails says whether the last result of a function is an error.
func fails(function *ast.FuncDecl) bool {
	results := function.Type.Results
	if results == nil || len(results.List) == 0 {
		return false
	}
	last, ok := results.List[len(results.List)-1].Type.(*ast.Ident)
	return ok && last.Name == "error"
}

// conditions are those under which a body returns an error.
func conditions(body *ast.BlockStmt) []ast.Expr {
	var all []ast.Expr
	ast.Inspect(body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.IfStmt:
			if refuses(node.Body.List) {
				all = append(all, node.Cond)
			}
		case *ast.SwitchStmt:
			all = append(all, cases(node)...)
		}
		return true
	})
	return all
}

// cases are the conditions of a switch without a tag that refuse.
func cases(s *ast.SwitchStmt) []ast.Expr {
	var all []ast.Expr
	for _, statement := range s.Body.List {
		clause, ok := statement.(*ast.CaseClause)
		if ok && s.Tag == nil && len(clause.List) == 1 && refuses(clause.Body) {
			all = append(all, clause.List[0])
		}
	}
	return all
}

// refuses says whether statements end by returning something else than nil as
// the error.
func refuses(statements []ast.Stmt) bool {
	if len(statements) == 0 {
		return false
	}
	last, ok := statements[len(statements)-1].(*ast.ReturnStmt)
	if !ok || len(last.Results) == 0 {
		return false
	}
	err, ok := last.Results[len(last.Results)-1].(*ast.Ident)
	return !ok || err.Name != "nil"
}

// nameOf is a function with its receiver's type.
func nameOf(function *ast.FuncDecl) string {
	if function.Recv == nil {
		return function.Name.Name
	}
	receiver := function.Recv.List[0].Type
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		receiver = pointer.X
	}
	return fmt.Sprint(receiver) + "." + function.Name.Name
}
