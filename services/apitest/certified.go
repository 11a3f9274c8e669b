package apitest

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stafett/stafett/services/platform"
)

// certified is a data folder with only the authority, the certificates and the signing keys of
// a platform with four lines. It is created once, because creating it waits for the disk some
// fifty times.
var certified string

// Main runs a package's tests, more of them in parallel than there are processors, unless
// -parallel is given: most of a test is waiting for disks and sockets. Call it from TestMain.
func Main(m *testing.M) {
	flag.Set("test.parallel", "6")
	os.Exit(run(m))
}

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "stafett-certified-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	certified = folder
	if err := platform.Certify(folder, "", FourLines(), []string{"127.0.0.1"}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// certifiedFolder is a copy of certified for one test.
func certifiedFolder(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	err := filepath.WalkDir(certified, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(data, path[len(certified):])
		if entry.IsDir() {
			return os.MkdirAll(to, 0o700)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}
