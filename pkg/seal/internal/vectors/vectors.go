// Package vectors reads Wycheproof's test vectors for tests. They are not part of the project: the
// environment variable STAFETT_VECTORS names the folder that holds wycheproof/.
package vectors

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Group is some vectors of a file.
type Group[V any] struct {
	Tests []V `json:"tests"`
}

// Read reads a file of vectors. The test is skipped, and says so, where there are none.
func Read[V any](t testing.TB, name string) []Group[V] {
	t.Helper()
	return Groups[Group[V]](t, name)
}

// Groups reads a file of vectors with what those of a group share.
func Groups[G any](t testing.TB, name string) []G {
	t.Helper()
	folder := os.Getenv("STAFETT_VECTORS")
	if folder == "" {
		t.Skip("STAFETT_VECTORS is not set, so Wycheproof's vectors were not tried")
	}
	text, err := os.ReadFile(filepath.Join(folder, "wycheproof", name))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		TestGroups    []G `json:"testGroups"`
		NumberOfTests int `json:"numberOfTests"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if file.NumberOfTests == 0 {
		t.Fatalf("%s holds no vectors", name)
	}
	return file.TestGroups
}

// Hex decodes hexadecimal digits.
func Hex(t testing.TB, text string) []byte {
	t.Helper()
	decoded, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}
