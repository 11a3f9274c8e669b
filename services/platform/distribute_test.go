package platform

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Each service has its own private keys and no other's.
func TestDistributeKeepsSecretsApart(t *testing.T) {
	data, into := t.TempDir(), t.TempDir()
	if err := Certify(data, "", nil, nil); err != nil {
		t.Fatal(err)
	}
	for range 2 { // again, as after a renewal
		if err := Distribute(data, into); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range append([]string{natsServer}, Services...) {
		var keys []string
		filepath.WalkDir(filepath.Join(into, name), func(path string, file fs.DirEntry, err error) error {
			if info, statErr := file.Info(); err != nil || statErr != nil || !file.IsDir() && info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v", path, err)
			}
			if strings.HasSuffix(path, ".key") {
				keys = append(keys, strings.TrimPrefix(path, filepath.Join(into, name)+"/"))
			}
			return nil
		})
		want := []string{"identity/service/" + name + ".key", "signing/" + name + ".key"}
		if name == natsServer {
			want = want[:1]
		}
		if !slices.Equal(keys, want) {
			t.Errorf("%s has %v, want %v", name, keys, want)
		}
		if err := (ServeConfig{Service: name, Platform: filepath.Join(into, name)}).complete(); name != natsServer && err != nil {
			t.Error(err)
		}
	}
}
