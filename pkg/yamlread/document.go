package yamlread

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
)

// byteOrderMark is what some editors put before the text. It has no meaning.
var byteOrderMark = []byte("\ufeff")

func (b Bounds) document(name string, text []byte) (ast.Node, error) {
	if err := b.checkBytes(name, text); err != nil {
		return nil, err
	}
	tokens := lexer.Tokenize(string(bytes.TrimPrefix(text, byteOrderMark)))
	if err := b.check(name, tokens); err != nil {
		return nil, err
	}
	parsed, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, syntaxError(name, err)
	}
	return onlyBody(name, parsed)
}

func (b Bounds) checkBytes(name string, text []byte) error {
	if len(text) > b.Bytes {
		return b.tooLarge(name, int64(len(text)))
	}
	for i, line := range bytes.Split(text, []byte("\n")) {
		if !utf8.Valid(line) {
			return &Error{name, i + 1, 1, "the line is not UTF-8; save the file as UTF-8"}
		}
	}
	return nil
}

func syntaxError(name string, err error) error {
	mistake := &Error{name, 1, 1, "not YAML: " + err.Error()}
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		mistake.Message = "not YAML: " + syntax.GetMessage() + "; fix this first; the rest is not read"
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
		return nil, &Error{name, 1, 1, "the file is empty; write something in it, or remove it"}
	}
	return body, nil
}
