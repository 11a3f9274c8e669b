package rota

import (
	"bytes"
	"errors"
	"time"

	"github.com/stafett/stafett/pkg/yamlread"
)

// errComments: taking the comments out would change what the file says.
var errComments = errors.New("its comments cannot be told from the rest; write it without comments")

// Published is a file as it may be published for good: without its comments, in which
// anybody may have written anything about anybody. The error tells each mistake's place,
// as that of Parse.
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
