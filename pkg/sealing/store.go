package sealing

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"filippo.io/age"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/seal"
)

// store keeps a line's private keys in one file, and what it holds of each conversation in another one,
// encrypted to its storage key. Several programs of the line can use it at once: each changes a file under a
// lock, and reads again what another one has replaced.
type store struct {
	base    string
	storage *age.HybridIdentity
}

// openStore opens the files of a line, whose storage key it makes if there is none.
func openStore(base string) (s store, err error) {
	s.base = base
	if err := os.MkdirAll(base+".contents", 0o700); err != nil {
		return s, err
	}
	path := base + ".storage"
	err = s.locked(path, func() (err error) {
		s.storage, err = openStorage(path)
		return errors.Join(err, removeLeftovers(path))
	})
	return s, err
}

func (s store) keyFile() string { return s.base + ".sealing" }

// contentFile is the file of a conversation.
func (s store) contentFile(conversation string) (string, error) {
	name, err := handover.ParseName(conversation)
	if err != nil || !filepath.IsLocal(name.Conversation) {
		return "", fmt.Errorf("%q is not the name of a conversation", conversation)
	}
	return filepath.Join(s.base+".contents", name.Conversation), nil
}

func (s store) loadKeys() (*seal.Line, error) {
	return load(s.keyFile(), func(encrypted *bytes.Reader) (*seal.Line, error) { return seal.Load(encrypted, s.storage) })
}

func (s store) loadContents(path string) (*seal.Contents, error) {
	return load(path, func(encrypted *bytes.Reader) (*seal.Contents, error) { return seal.LoadContents(encrypted, s.storage) })
}

func load[T any](path string, decrypt func(*bytes.Reader) (T, error)) (loaded T, err error) {
	encrypted, err := os.ReadFile(path)
	if err != nil {
		return loaded, err
	}
	if loaded, err = decrypt(bytes.NewReader(encrypted)); err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return loaded, err
}

// save replaces a file.
func (s store) save(path string, write func(*bytes.Buffer) error) error {
	var encrypted bytes.Buffer
	if err := write(&encrypted); err != nil {
		return err
	}
	return replace(path, encrypted.Bytes())
}

func (s store) saveKeys(keys *seal.Line) error {
	return s.save(s.keyFile(), func(to *bytes.Buffer) error { return keys.Save(to, s.storage.Recipient()) })
}

func (s store) saveContents(path string, c *seal.Contents) error {
	return s.save(path, func(to *bytes.Buffer) error { return c.Save(to, s.storage.Recipient()) })
}

// locked changes a file while no other program of the line does. Files share locks by their last character.
func (s store) locked(path string, change func() error) error {
	lock, err := os.OpenFile(fmt.Sprintf("%s.contents/lock.%s", s.base, path[len(path)-1:]), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close() // which unlocks
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("locking %s: %w", lock.Name(), err)
	}
	return change()
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
	next, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*"+unfinished)
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

// unfinished ends the name of a file that has not replaced another one yet.
const unfinished = ".unfinished"

// removeLeftovers removes what a crash left of replacing a file. The caller holds its lock.
func removeLeftovers(path string) error {
	files, err := os.ReadDir(filepath.Dir(path))
	for _, file := range files {
		if strings.HasPrefix(file.Name(), filepath.Base(path)+".") && strings.HasSuffix(file.Name(), unfinished) {
			err = errors.Join(err, os.Remove(filepath.Join(filepath.Dir(path), file.Name())))
		}
	}
	return err
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
