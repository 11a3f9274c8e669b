// Package connect finds a running platform: by its data folder, or by addresses
// and an identity that are given.
package connect

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/platform"
)

// Save writes down where a platform answers, in its data folder.
func Save(data string, at client.Addresses) error {
	text, err := json.MarshalIndent(at, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file(data), append(text, '\n'), 0o600)
}

// Load reads where the platform with a data folder answers.
func Load(data string) (client.Addresses, error) {
	var at client.Addresses
	text, err := os.ReadFile(file(data))
	if errors.Is(err, fs.ErrNotExist) {
		return at, fmt.Errorf("%s is not the data folder of a platform that has run; start one with %q, or name another with --data", data, "stafett up --data "+data)
	}
	if err != nil {
		return at, err
	}
	if err := json.Unmarshal(text, &at); err != nil {
		return at, fmt.Errorf("%s: %w", file(data), err)
	}
	return at, nil
}

// To connects as a peer of a kind (line, auditor, operator) and a name.
func To(data, kind, name string) (*client.Platform, error) {
	at, err := Load(data)
	if err != nil {
		return nil, err
	}
	return client.Connect(at, Credentials(data, kind, name))
}

// Credentials are the files of a peer in a data folder.
func Credentials(data, kind, name string) client.Credentials {
	folder := platform.IdentityFolder(data)
	base := filepath.Join(folder, kind, name)
	return client.Credentials{CA: filepath.Join(folder, "ca.pem"), Cert: base + ".pem", Key: base + ".key"}
}

func file(data string) string { return filepath.Join(data, "addresses.json") }
