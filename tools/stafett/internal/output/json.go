package output

import (
	"encoding/json"
	"io"
)

// Value prints one value as JSON.
func Value(out io.Writer, format Format, one any) error {
	encoder := json.NewEncoder(out)
	if format == JSON {
		encoder.SetIndent("", "  ")
	}
	return encoder.Encode(one)
}

// Values prints values as a JSON array or as a line each.
func Values[T any](out io.Writer, format Format, all []T) error {
	encoder := json.NewEncoder(out)
	if format == JSON {
		encoder.SetIndent("", "  ")
		if all == nil {
			all = []T{}
		}
		return encoder.Encode(all)
	}
	for _, one := range all {
		if err := encoder.Encode(one); err != nil {
			return err
		}
	}
	return nil
}
