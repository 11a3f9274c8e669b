// Package files reads and writes the files of a history in the C2SP tlog-tiles layout:
// checkpoint, tile/LEVEL/INDEX and tile/entries/INDEX.
package files

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/stafett/stafett/pkg/verify"
)

// Folder is a folder with a history's files.
type Folder string

// Read reads a file. It refuses anything that is too large for a history's file or not a
// regular file. The error is fs.ErrNotExist if there is none.
func (f Folder) Read(_ context.Context, path string) ([]byte, error) {
	target, err := f.path(path)
	if err != nil {
		return nil, err
	}
	return ReadAtMost(target, largest)
}

// ReadAtMost reads a regular file of at most so many bytes. It refuses anything else without
// opening it: a pipe would block the reader, and a large file would fill the memory.
func ReadAtMost(path string, most int64) ([]byte, error) {
	about, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !about.Mode().IsRegular() || about.Size() > most {
		return nil, fmt.Errorf("%s is not a file of at most %d bytes; put the right file back", path, most)
	}
	return os.ReadFile(path)
}

// path refuses a path that leads out of the folder.
func (f Folder) path(path string) (string, error) {
	local, err := filepath.Localize(path)
	if err != nil {
		return "", fmt.Errorf("%s is not a path below the folder %s: %w", path, string(f), err)
	}
	return filepath.Join(string(f), local), nil
}

// Has reports whether a file exists.
func (f Folder) Has(path string) bool {
	target, err := f.path(path)
	if err != nil {
		return false
	}
	_, err = os.Stat(target)
	return err == nil
}

// Write writes a file that only its owner can read. If the process is killed, the file is
// either complete or missing. A power cut can leave it empty; Copy fetches such a file again.
func (f Folder) Write(path string, data []byte) error {
	target, err := f.path(path)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return err
	}
	next := target + ".new"
	if err := os.WriteFile(next, data, 0o600); err != nil {
		return err
	}
	return os.Rename(next, target)
}

// Server is a server with a history's files.
type Server struct {
	// URL below which the files are.
	URL string
	// Client makes the requests. It presents a certificate if the server asks for one.
	Client *http.Client
	// Purpose is sent with every request unless it is empty, such as "COMPLAINT 2026/118-3".
	Purpose string
}

// PurposeHeader states why entries are read. A platform records it.
const PurposeHeader = "Stafett-Purpose"

// largest is the maximum file size in bytes: a full bundle of the largest entries.
const largest = verify.TileWidth * (2 + verify.MaxEntry)

// Read reads a file. The error is fs.ErrNotExist if there is none.
func (s Server) Read(ctx context.Context, path string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(s.URL, "/")+"/"+path, nil)
	if err != nil {
		return nil, err
	}
	if s.Purpose != "" {
		request.Header.Set(PurposeHeader, s.Purpose)
	}
	response, err := s.Client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, largest+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", path, err)
	case len(data) > largest:
		return nil, fmt.Errorf("%s: the server sends more than the %d bytes that a file can have", path, largest)
	case response.StatusCode == http.StatusNotFound:
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s: the server answers with status %d: %s", path, response.StatusCode, strings.TrimSpace(string(data[:min(len(data), 200)])))
	}
	return data, nil
}
