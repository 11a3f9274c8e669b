package platform

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/natefinch/atomic"
)

// Distribute copies what each service needs into a folder of its name below into: its own
// certificate and signing key, the authority's certificate and everybody's public keys. So
// a service that is taken over cannot act as another. The nats-server gets a folder, too.
func Distribute(data, into string) error {
	for _, name := range append([]string{natsServer}, Services...) {
		files, err := needed(data, name)
		if err != nil {
			return err
		}
		for _, file := range files {
			if err := copyFile(filepath.Join(data, file), filepath.Join(into, name, file)); err != nil {
				return err
			}
		}
	}
	return nil
}

// needed are the files of a platform's folder that a service needs.
func needed(data, name string) ([]string, error) {
	own := filepath.Join("identity", "service", name)
	files := []string{filepath.Join("identity", "ca.pem"), own + ".pem", own + ".key"}
	if name == natsServer {
		return files, nil
	}
	public, err := filepath.Glob(filepath.Join(data, "signing", "*.pub"))
	for _, path := range public {
		files = append(files, filepath.Join("signing", filepath.Base(path)))
	}
	return append(files, filepath.Join("signing", name+".key")), err
}

// copyFile replaces a file as a whole, for its owner only.
func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	if err := atomic.WriteFile(to, bytes.NewReader(text)); err != nil {
		return err
	}
	return os.Chmod(to, 0o600)
}
