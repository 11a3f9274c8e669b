package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	accessv1 "github.com/stafett/stafett/proto/stafett/access/v1"
)

// advice tells whether a client may send a request again.
var advice = map[string]string{
	strings.TrimPrefix(accessv1.Repeat_REPEAT_NEVER.String(), "REPEAT_"):        "no",
	strings.TrimPrefix(accessv1.Repeat_REPEAT_SAME_REQUEST.String(), "REPEAT_"): "yes, the same request with its id",
	strings.TrimPrefix(accessv1.Repeat_REPEAT_AFTER_CHANGE.String(), "REPEAT_"): "once that has changed",
}

// table lists the reasons with their codes, whether to repeat the request, and what the
// proto's comments say. The linked-in descriptors have no comments, so it reads the file.
func table(enum protoreflect.EnumDescriptor, source string) (string, error) {
	reasons, err := read(enum)
	if err != nil {
		return "", err
	}
	var rows strings.Builder
	rows.WriteString("| reason | gRPC code | repeat | what it means |\n|---|---|---|---|\n")
	for _, r := range reasons {
		text := comment(source, r.Enum)
		if text == "" || advice[r.Repeat] == "" {
			err = errors.Join(err, fmt.Errorf("%s has no comment in the proto, or no advice", r.Enum))
		}
		code := codeNames.ReplaceAllString(r.Code.String(), "${1}_${2}")
		fmt.Fprintf(&rows, "| `%s` | `%s` | %s | %s |\n", r.Name, strings.ToUpper(code), advice[r.Repeat], text)
	}
	return rows.String(), err
}

// codeNames finds where a name such as FailedPrecondition has a new word.
var codeNames = regexp.MustCompile(`([a-z])([A-Z])`)

// comment returns the text above an enum's value.
func comment(source, value string) string {
	match := regexp.MustCompile(`((?:\n *//[^\n]*)+)\n *` + value + ` =`).FindStringSubmatch(source)
	if match == nil {
		return ""
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(match[1], "//", " ")), " ")
}
