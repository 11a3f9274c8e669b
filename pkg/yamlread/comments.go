package yamlread

import (
	"bytes"
	"strings"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// WithoutComments removes the comments from a text that was read, and the lines that hold
// nothing else. Nobody checks what people write in comments.
func WithoutComments(text []byte) []byte {
	text = bytes.TrimPrefix(text, byteOrderMark)
	lines := strings.Split(string(text), "\n")
	begins := map[int]int{} // line to column of its comment, both from 1
	for _, t := range lexer.Tokenize(string(text)) {
		if t.Type == token.CommentType {
			begins[t.Position.Line] = t.Position.Column
		}
	}
	var kept []string
	for i, line := range lines {
		if column, ok := begins[i+1]; ok {
			if line = strings.TrimRight(before(line, column), " \t"); line == "" {
				continue
			}
		}
		kept = append(kept, line)
	}
	return []byte(strings.Join(kept, "\n"))
}

// before returns the part of a line before a column.
func before(line string, column int) string {
	runes := []rune(line)
	return string(runes[:min(column-1, len(runes))])
}
