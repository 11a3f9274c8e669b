package yamlread

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxDepth is how deep lists and mappings may lie in each other. The parser's memory
// grows with the square of the depth, so 128 KB of opening brackets would end the
// process.
const maxDepth = 50

func document(name string, text []byte) (ast.Node, error) {
	if err := checkBytes(name, text); err != nil {
		return nil, err
	}
	tokens := lexer.Tokenize(string(text))
	if err := checkDepth(name, tokens); err != nil {
		return nil, err
	}
	parsed, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, syntaxError(name, err)
	}
	return onlyBody(name, parsed)
}

func checkBytes(name string, text []byte) error {
	if len(text) > MaxBytes {
		return tooLarge(name, int64(len(text)))
	}
	for i, line := range bytes.Split(text, []byte("\n")) {
		if !utf8.Valid(line) {
			return &Error{name, i + 1, 1, "the line is not UTF-8; save the file as UTF-8"}
		}
	}
	return nil
}

// checkDepth counts open brackets, and the dashes and question marks that nest within
// one line. Indentation needs no count: each level costs a longer line.
func checkDepth(name string, tokens token.Tokens) error {
	brackets, nested, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, nested = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType:
			nested++
		}
		if brackets+nested > maxDepth {
			message := fmt.Sprintf("lists and mappings lie more than %d deep here; write fewer brackets", maxDepth)
			return &Error{name, line, t.Position.Column, message}
		}
	}
	return nil
}

func syntaxError(name string, err error) error {
	mistake := &Error{name, 1, 1, "not YAML: " + err.Error()}
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		mistake.Message = "not YAML: " + syntax.GetMessage() + "; mend this first, the rest is not read"
		if t := syntax.GetToken(); t != nil {
			mistake.Line, mistake.Column = t.Position.Line, t.Position.Column
		}
	}
	return mistake
}

func onlyBody(name string, parsed *ast.File) (ast.Node, error) {
	var body ast.Node
	for _, doc := range parsed.Docs {
		if doc.Body == nil {
			continue
		}
		if body != nil {
			at := place(doc.Body)
			return nil, &Error{name, at.Line, at.Column, "a second document begins here; write one document per file, without ---"}
		}
		body = doc.Body
	}
	if body == nil {
		return nil, &Error{name, 1, 1, "the file is empty; write something in it or take it away"}
	}
	return body, nil
}
