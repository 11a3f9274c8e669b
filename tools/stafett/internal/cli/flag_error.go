package cli

import (
	"errors"

	"github.com/spf13/pflag"
)

// expected says in words what a flag of a type takes.
var expected = map[string]string{
	"int": "write a whole number", "int32": "write a whole number", "int64": "write a whole number", "uint": "write a whole number from 0", "uint64": "write a whole number from 0",
	"duration": "write a duration, for example 30s, 10m or 24h", "bool": "write true or false",
}

// FlagError explains a value that a flag does not take, without the names of Go's parsers.
func FlagError(err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return Usage(err)
	}
	name, value := invalid.GetFlag().Name, invalid.GetValue()
	if words := expected[invalid.GetFlag().Value.Type()]; words != "" {
		return Usagef("--%s %q: %s", name, value, words)
	}
	return Usagef("--%s %q: %w", name, value, invalid.Unwrap())
}
