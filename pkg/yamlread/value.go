package yamlread

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
)

// Value is one value of a file, with its place. A missing value reads as empty and ignores
// Refuse: the mistake was already reported, or the value was optional.
type Value struct {
	file *file
	node ast.Node
}

// Entry is one key of a mapping and its value.
type Entry struct {
	Key string
	// At is the key itself, so that it can be refused.
	At    Value
	Value Value
}

// Refuse records a mistake at the value's place. The message says what is wrong and what to
// write instead.
func (v Value) Refuse(format string, args ...any) {
	if v.node == nil {
		return
	}
	at := place(v.node)
	v.file.mistakes = append(v.file.mistakes, &Error{v.file.name, at.Line, at.Column, fmt.Sprintf(format, args...)})
}

// Place returns where the value is, for a message about another value.
func (v Value) Place() string {
	at := place(v.node)
	return fmt.Sprintf("%s:%d:%d", v.file.name, at.Line, at.Column)
}

// Text reads text that is not empty and contains no characters that hide what it says. If
// there is none, it refuses the value with the example and returns false.
func (v Value) Text(example string) (string, bool) {
	text, ok := v.written(example)
	if at := strings.IndexFunc(text, isHidden); ok && at >= 0 {
		r, _ := utf8.DecodeRuneInString(text[at:])
		v.Refuse("the text has the character %U, which no reader sees; remove it", r)
		return "", false
	}
	return text, ok
}

// written reads text that is not empty, whatever its characters.
func (v Value) written(example string) (string, bool) {
	text := ""
	switch node := v.node.(type) {
	case *ast.StringNode:
		text = node.Value
	case *ast.LiteralNode:
		text = node.Value.Value
	}
	if strings.TrimSpace(text) == "" {
		v.Refuse("found %s; write text, for example %s", found(v.node), example)
		return "", false
	}
	return text, true
}

// Bool reads true or false.
func (v Value) Bool() bool {
	if node, ok := v.node.(*ast.BoolNode); ok {
		return node.Value
	}
	v.Refuse("found %s; write true or false", found(v.node))
	return false
}

// List reads the members of a non-empty list.
func (v Value) List(example string) []Value {
	list, ok := v.node.(*ast.SequenceNode)
	if !ok || len(list.Values) == 0 {
		v.Refuse("found %s; write a list, for example %s", found(v.node), example)
		return nil
	}
	var members []Value
	for _, node := range list.Values {
		members = append(members, Value{v.file, node})
	}
	return members
}

// Entries reads a non-empty mapping, in file order. It refuses the second occurrence of a
// key.
func (v Value) Entries(example string) []Entry {
	var pairs []*ast.MappingValueNode
	switch node := v.node.(type) {
	case *ast.MappingNode:
		pairs = node.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{node}
	}
	if len(pairs) == 0 {
		v.Refuse("found %s; write a mapping, for example %s", found(v.node), example)
	}
	var entries []Entry
	first := map[string]Value{}
	for _, pair := range pairs {
		at := Value{v.file, pair.Key}
		key, ok := at.Text(example)
		if !ok {
			continue
		}
		if before, twice := first[key]; twice {
			at.Refuse("key %q is already at %s; keep one of them", key, before.Place())
			continue
		}
		first[key] = at
		entries = append(entries, Entry{key, at, Value{v.file, pair.Value}})
	}
	return entries
}

// Int reads a whole number. The refusal shows the example.
func (v Value) Int(example int32) int32 {
	if node, ok := v.node.(*ast.IntegerNode); ok {
		if number, err := strconv.ParseInt(node.GetToken().Value, 10, 32); err == nil {
			return int32(number)
		}
	}
	v.Refuse("found %s; write a whole number, for example %d", found(v.node), example)
	return 0
}

// IsMapping reports whether the value has keys, for places that allow text or a mapping.
func (v Value) IsMapping() bool {
	switch v.node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}
