package release

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	"golang.org/x/mod/zip"
)

// WriteProxy writes the release into a folder that can serve as a file:// GOPROXY.
func (r Release) WriteProxy(folder string) error {
	for _, name := range modules {
		escaped, err := module.EscapePath(prefix + name)
		if err != nil {
			return err
		}
		if err := r.writeVersion(name, filepath.Join(folder, escaped, "@v")); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// writeVersion writes the four files of the GOPROXY protocol.
func (r Release) writeVersion(name, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	mod, err := os.ReadFile(filepath.Join(r.folder, name, "go.mod"))
	if err != nil {
		return err
	}
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{r.Version, time.Unix(0, 0).UTC()})
	if err != nil {
		return err
	}
	var zipped bytes.Buffer
	if err := r.zip(&zipped, name); err != nil {
		return err
	}
	for file, text := range map[string][]byte{
		"list": []byte(r.Version + "\n"), r.Version + ".info": info, r.Version + ".mod": mod, r.Version + ".zip": zipped.Bytes(),
	} {
		if err := os.WriteFile(filepath.Join(folder, file), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (r Release) zip(w io.Writer, name string) error {
	return zip.CreateFromDir(w, r.module(name), filepath.Join(r.folder, name))
}

// sums returns the go.sum lines of a staged module: for its zip and for its go.mod.
func (r Release) sums(name string) (string, error) {
	file, err := os.CreateTemp(r.folder, "*.zip")
	if err != nil {
		return "", err
	}
	defer os.Remove(file.Name())
	if err := r.zip(file, name); err != nil {
		return "", err
	}
	if err := file.Close(); err != nil {
		return "", err
	}
	all, err := dirhash.HashZip(file.Name(), dirhash.Hash1)
	if err != nil {
		return "", err
	}
	mod, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) {
		return os.Open(filepath.Join(r.folder, name, "go.mod"))
	})
	if err != nil {
		return "", err
	}
	v := r.module(name)
	return fmt.Sprintf("%s %s %s\n%s %s/go.mod %s\n", v.Path, v.Version, all, v.Path, v.Version, mod), nil
}
