package rota

import (
	"bytes"
	"errors"
	"time"

	"github.com/stafett/stafett/pkg/yamlread"
)

// errComments: removing the comments would change the file's meaning.
var errComments = errors.New("its comments cannot be told from the rest; write it without comments")

// Published prepares a file for permanent publication: it removes the comments, which may
// contain anything about anybody. The error gives the place of each mistake, like that of
// Parse.
func Published(name string, text []byte) (*Rota, string, error) {
	read, err := Parse(name, text)
	if err != nil {
		return nil, "", err
	}
	bare := yamlread.WithoutComments(text)
	again, err := Parse(name, bare)
	if err != nil || !bytes.Equal(again.File(time.Time{}), read.File(time.Time{})) {
		return nil, "", errComments
	}
	return again, string(bare), nil
}
