// Package mutation takes guards out of the protocol's code, one at a time, so that
// one can see whether anything notices. There are three sorts:
//
//   - AcceptOffer.decide#2 is the second condition of a function, of an if or a
//     case, whose body ends by returning an error. Without it, it never holds.
//   - turn.childThere=nil is an error that a function returns at its end, or hands
//     on from another (turn.allThere=nil#1). Without it the function returns nil.
//   - stopped=false and stopped=true are a function that says yes or no, and
//     without its reasons always says the same.
//
// Some steps that are none of these, but on which an invariant rests, can be taken
// out too.
package mutation

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// Guard is one thing on which it rests that something is refused, allowed or due.
type Guard struct {
	// Name says what it is and where, and outlives changes elsewhere.
	Name string
	// File is its path.
	File string
	// asks is what the file has more where the guard can be switched off.
	asks []insertion
}

// insertion is a text that stands before a byte of a file.
type insertion struct {
	at   int
	text string
}

// Guards finds the guards of a package, in the order of its files.
func Guards(folder string) ([]Guard, error) {
	functions, err := functionsOf(folder)
	if err != nil {
		return nil, err
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

// function is one of a package, with a body.
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

// name is a function with its receiver's type.
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

// resultIs says whether the last result of a function has a type.
func (f function) resultIs(name string) bool {
	results := f.Type.Results
	if results == nil || len(results.List) == 0 {
		return false
	}
	last, ok := results.List[len(results.List)-1].Type.(*ast.Ident)
	return ok && last.Name == name
}

// guard makes one of the function.
func (f function) guard(name string, asks ...insertion) Guard {
	return Guard{Name: name, File: f.files.Position(f.Pos()).Filename, asks: asks}
}

// around puts texts before and after a node.
func (f function) around(node ast.Node, before, after string) []insertion {
	return []insertion{{f.files.Position(node.Pos()).Offset, before}, {f.files.Position(node.End()).Offset, after}}
}

// within visits what runs when the body of a function does, and not what it only
// makes to be called.
func (f function) within(visit func(ast.Node)) {
	ast.Inspect(f.Body, func(node ast.Node) bool {
		if _, made := node.(*ast.FuncLit); made {
			return false
		}
		visit(node)
		return true
	})
}
