// Package mutation removes guards from the protocol's code, one at a time, to see whether
// anything notices. There are three kinds:
//
//   - AcceptOffer.Decide#2 is the second condition of a function, of an if or a
//     case, whose body ends by returning an error. Without it, it never holds.
//   - Turn.RequireChild=nil is an error that a function returns at its end, or passes
//     on from another (requireAll=nil#1). Without it the function returns nil.
//   - Handover.Stopped=false and =true are a function that returns yes or no, and
//     then always returns the same answer, whatever its reasons.
//
// Some steps that are none of these, but that an invariant depends on, can be removed too.
package mutation

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// Guard is one thing that makes the protocol refuse, allow or schedule something.
type Guard struct {
	// Name identifies the guard and its location. It survives changes elsewhere.
	Name string
	// File is the path of its file.
	File string
	// asks are the insertions that make the guard switchable.
	asks []insertion
}

// insertion is text to insert before a byte offset of a file.
type insertion struct {
	at   int
	text string
}

// Guards returns the guards of packages, in the order of their files.
func Guards(folders ...string) ([]Guard, error) {
	var functions []function
	for _, folder := range folders {
		found, err := functionsOf(folder)
		if err != nil {
			return nil, err
		}
		functions = append(functions, found...)
	}
	pass := passing(functions)
	var all []Guard
	for _, f := range functions {
		switch {
		case f.fails():
			conditions, guarded := f.conditions()
			all = append(append(all, conditions...), f.errors(guarded, pass)...)
		case f.decides():
			all = append(all, f.answers()...)
		}
	}
	return all, nil
}

// function is a function of the package, with a body.
type function struct {
	*ast.FuncDecl
	files *token.FileSet
}

func functionsOf(folder string) ([]function, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	var all []function
	files := token.NewFileSet()
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return nil, err
		}
		for _, declaration := range parsed.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && f.Body != nil {
				all = append(all, function{f, files})
			}
		}
	}
	return all, nil
}

// name is a function's name with its receiver's type.
func (f function) name() string {
	if f.Recv == nil {
		return f.Name.Name
	}
	receiver := f.Recv.List[0].Type
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		receiver = pointer.X
	}
	return fmt.Sprint(receiver) + "." + f.Name.Name
}

// resultIs reports whether the last result of a function has the named type.
func (f function) resultIs(name string) bool {
	results := f.Type.Results
	if results == nil || len(results.List) == 0 {
		return false
	}
	last, ok := results.List[len(results.List)-1].Type.(*ast.Ident)
	return ok && last.Name == name
}

func (f function) guard(name string, asks ...insertion) Guard {
	return Guard{Name: name, File: f.files.Position(f.Pos()).Filename, asks: asks}
}

// around inserts text before and after a node.
func (f function) around(node ast.Node, before, after string) []insertion {
	return []insertion{{f.files.Position(node.Pos()).Offset, before}, {f.files.Position(node.End()).Offset, after}}
}

// within visits the nodes that run when the body of a function runs, but not the bodies of
// the function literals in it.
func (f function) within(visit func(ast.Node)) {
	ast.Inspect(f.Body, func(node ast.Node) bool {
		if _, made := node.(*ast.FuncLit); made {
			return false
		}
		visit(node)
		return true
	})
}
