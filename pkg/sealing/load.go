package sealing

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/seal"
)

// Load returns the system of the line that a certificate names. The line's keys are beside the certificate,
// in LINE.sealing, encrypted to the storage key in LINE.storage; both are made if there are none. Whoever
// has both files has the keys. The clock is the line's, usually time.Now. LINE.policy says which log, and
// which witnesses, the line trusts (c2sp.org/tlog-policy); without it, the log that it meets first.
func Load(platform *client.Platform, files client.Credentials, clock func() time.Time) (*System, error) {
	own, err := files.GetX509SVID()
	if err != nil {
		return nil, err
	}
	base := strings.TrimSuffix(files.Cert, ".pem")
	storage, err := openStorage(base + ".storage")
	if err != nil {
		return nil, err
	}
	f := file{base + ".sealing", storage}
	keys, err := f.open()
	if errors.Is(err, fs.ErrNotExist) {
		keys, err = f.make(own.ID.TrustDomain().Name(), filepath.Base(own.ID.Path()), clock())
	}
	if err != nil {
		return nil, err
	}
	s := New(platform, keys)
	s.now, s.save, s.proofs.file = clock, f.save, base+".policy"
	return s, nil
}

// Shares splits the line's signing key into two shares for two persons. Each alone says nothing.
func (s *System) Shares() ([2]string, error) { return s.own().Escrow() }

// Restore puts two shares together and keeps the keys beside a certificate, for a line that has lost
// everything. Sealing keys are made again; what was sealed to lost ones stays sealed, and StartOver revokes them.
func Restore(files client.Credentials, one, other string, now time.Time) error {
	own, err := files.GetX509SVID()
	if err != nil {
		return err
	}
	keys, err := seal.Restore(one, other, now.Add(-early))
	if err != nil {
		return err
	}
	base := strings.TrimSuffix(files.Cert, ".pem")
	switch _, err := os.Stat(base + ".sealing"); {
	case own.ID.TrustDomain().Name() != keys.Domain() || filepath.Base(own.ID.Path()) != keys.ID():
		return fmt.Errorf("the shares are of %s in %s; the certificate is of %s", keys.ID(), keys.Domain(), own.ID)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s.sealing has keys; move it away if they are lost", base)
	}
	storage, err := openStorage(base + ".storage")
	if err != nil {
		return err
	}
	return file{base + ".sealing", storage}.save(keys)
}

// file keeps the private keys of a line, encrypted.
type file struct {
	path    string
	storage *age.HybridIdentity
}

func (f file) open() (*seal.Line, error) {
	encrypted, err := os.ReadFile(f.path)
	if err != nil {
		return nil, err
	}
	keys, err := seal.Load(bytes.NewReader(encrypted), f.storage)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.path, err)
	}
	return keys, nil
}

func (f file) make(domain, line string, now time.Time) (*seal.Line, error) {
	made, err := seal.NewLine(domain, line, now.Add(-early))
	if err != nil {
		return nil, err
	}
	return made, f.save(made)
}

// save replaces the file.
func (f file) save(keys *seal.Line) error {
	var encrypted bytes.Buffer
	if err := keys.Save(&encrypted, f.storage.Recipient()); err != nil {
		return err
	}
	return replace(f.path, encrypted.Bytes())
}

func openStorage(path string) (*age.HybridIdentity, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		made, err := age.GenerateHybridIdentity()
		if err != nil {
			return nil, err
		}
		return made, replace(path, []byte(made.String()+"\n"))
	}
	if err != nil {
		return nil, err
	}
	storage, err := age.ParseHybridIdentity(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return storage, nil
}

// replace writes a file that only its owner can read. When it returns, a crash or a power cut loses
// nothing; before that, the former file is whole.
func replace(path string, content []byte) error {
	next, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".")
	if err != nil {
		return err
	}
	defer os.Remove(next.Name()) // fails once it has its name
	_, err = next.Write(content)
	if err = errors.Join(err, next.Sync(), next.Close()); err != nil {
		return err
	}
	if err := os.Rename(next.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
