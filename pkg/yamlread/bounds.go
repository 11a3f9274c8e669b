package yamlread

import (
	"fmt"

	"github.com/goccy/go-yaml/token"
)

const (
	// maxDepth limits how deeply lists and mappings nest. The parser's memory grows with the
	// square of the depth, so 128 KB of opening brackets would kill the process.
	maxDepth = 50
	// maxKeys limits the keys of one mapping. The parser's time and memory grow with the
	// square of their number: 20,000 cost seconds and more than a gigabyte.
	maxKeys = 2000
)

// check refuses input that would cost the parser too much.
func (b Bounds) check(name string, tokens token.Tokens) error {
	if err := checkDepth(name, tokens); err != nil {
		return err
	}
	return b.checkEntries(name, tokens)
}

// checkDepth counts open brackets, and the dashes, question marks and colons that nest within
// one line. Indentation is not counted, because each level costs a longer line.
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
		case token.MappingValueType:
			if brackets == 0 {
				nested++
			}
		}
		if brackets+nested > maxDepth {
			message := fmt.Sprintf("lists and mappings lie more than %d deep here; write fewer brackets", maxDepth)
			return &Error{name, line, t.Position.Column, message}
		}
	}
	return nil
}

// checkEntries counts the members and keys of each list and mapping.
func (b Bounds) checkEntries(name string, tokens token.Tokens) error {
	var open levels
	for _, t := range tokens {
		if open.take(t, b.Members) {
			continue
		}
		what, most := "keys", maxKeys
		if t.Type == token.SequenceEntryType || t.Type == token.CollectEntryType {
			what, most = "members", b.Members
		}
		message := fmt.Sprintf("there are more than %d %s in one place here; write fewer, or several files", most, what)
		return &Error{name, t.Position.Line, t.Position.Column, message}
	}
	return nil
}

// level is an open list or mapping, or one of each at the same column.
type level struct {
	brackets bool
	column   int
	members  int // dashes and commas
	keys     int // colons and question marks
}

// levels are the open levels, innermost last.
type levels []level

// take counts a token. It returns false if the token's level has too many.
func (l *levels) take(t *token.Token, maxMembers int) bool {
	switch t.Type {
	case token.SequenceStartType, token.MappingStartType:
		*l = append(*l, level{brackets: true})
	case token.SequenceEndType, token.MappingEndType:
		l.close()
	case token.SequenceEntryType, token.CollectEntryType:
		at := l.at(t.Position.Column)
		at.members++
		return at.members <= maxMembers
	case token.MappingKeyType, token.MappingValueType:
		at := l.at(columnOfKey(t))
		at.keys++
		if !at.brackets {
			at.members = 0 // ends a list at the same column as its key
		}
		return at.keys <= maxKeys
	}
	return true
}

// at returns the level of a column. Within brackets it is the brackets' level.
func (l *levels) at(column int) *level {
	for {
		last := len(*l) - 1
		switch {
		case last < 0 || !(*l)[last].brackets && (*l)[last].column < column:
			*l = append(*l, level{column: column})
		case (*l)[last].brackets || (*l)[last].column == column:
			return &(*l)[last]
		default:
			*l = (*l)[:last]
		}
	}
}

// close ends the innermost brackets.
func (l *levels) close() {
	for last := len(*l) - 1; last >= 0; last-- {
		if (*l)[last].brackets {
			*l = (*l)[:last]
			return
		}
	}
}

// columnOfKey returns the column of the key before a colon.
func columnOfKey(t *token.Token) int {
	if t.Type == token.MappingValueType && t.Prev != nil && t.Prev.Position.Line == t.Position.Line {
		return t.Prev.Position.Column
	}
	return t.Position.Column
}
