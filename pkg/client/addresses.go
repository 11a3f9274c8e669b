package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Addresses are the addresses of the platform's services, as host:port.
type Addresses struct {
	Intake, Triage, Routing, Audit string
}

// ReadAddresses reads where a platform that runs on this machine answers, from the
// addresses.json that "stafett up" writes into its data folder.
func ReadAddresses(data string) (at Addresses, err error) {
	path := addressesFile(data)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return at, fmt.Errorf("%s is not the data folder of a platform that has run; start one with %q, or name another folder: %w", data, "stafett up --data "+data, err)
	}
	if err != nil {
		return at, err
	}
	if err := json.Unmarshal(text, &at); err != nil {
		return at, fmt.Errorf("%s: %w", path, err)
	}
	return at, nil
}

// Save writes the addresses into a data folder, where ReadAddresses finds them.
func (a Addresses) Save(data string) error {
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(addressesFile(data), append(text, '\n'), 0o600)
}

func addressesFile(data string) string { return filepath.Join(data, "addresses.json") }
