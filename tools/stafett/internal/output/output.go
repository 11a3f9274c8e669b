// Package output prints what commands show: tables for people, JSON for
// programs.
package output

import (
	"encoding/json"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Format is how a command shows what it found.
type Format string

// The formats.
const (
	Table Format = "table"
	JSON  Format = "json"
	JSONL Format = "jsonl"
)

// String, Set and Type make Format a flag.
func (f *Format) String() string { return string(*f) }

// Set takes the flag's value.
func (f *Format) Set(text string) error {
	switch Format(text) {
	case Table, JSON, JSONL:
		*f = Format(text)
		return nil
	}
	return fmt.Errorf("use table, json or jsonl")
}

// Type is what the help calls the value.
func (f *Format) Type() string { return "format" }

// Messages prints messages as a JSON array or as a line each. A message's own
// JSON is the API's.
func Messages[M proto.Message](out io.Writer, format Format, messages []M) error {
	encoder := json.NewEncoder(out)
	all := make([]json.RawMessage, len(messages))
	for i, message := range messages {
		text, err := protojson.Marshal(message)
		if err != nil {
			return err
		}
		if format == JSONL {
			err = encoder.Encode(json.RawMessage(text))
		}
		if err != nil {
			return err
		}
		all[i] = text
	}
	if format == JSONL {
		return nil
	}
	encoder.SetIndent("", "  ")
	return encoder.Encode(all)
}
