package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/verify/files"
)

// ManifestName is the name of the manifest within an export.
const ManifestName = "manifest.json"

// version covers the manifest's form and the encoding of commits in each format: change it
// with either, because a check regenerates the files.
const version = "stafett.export.v3"

// Manifest lists the contents of an export.
type Manifest struct {
	Version string `json:"version"`
	About
	// The export covers the positions after AfterPosition of About, up to and including
	// UntilPosition.
	UntilPosition uint64 `json:"until_position"`
	// The first and the last commit in the export; 0 if it is empty.
	FirstPosition uint64 `json:"first_position"`
	LastPosition  uint64 `json:"last_position"`
	// Numbers of commits and events; each file has as many rows as one of them.
	Commits int    `json:"commits"`
	Events  int    `json:"events"`
	Files   []File `json:"files"`
	// Proved means that a folder of tiles proves that each commit of the JSON lines is in the
	// checkpoint's history.
	Proved bool `json:"proved,omitempty"`
}

// About is the request and who made it.
type About struct {
	MakeTime      time.Time `json:"make_time"`
	Purpose       string    `json:"purpose"`
	CaseReference string    `json:"case_reference,omitempty"`
	// The request, as in ReplayCommitsRequest.
	Conversation      string     `json:"conversation,omitempty"`
	Line              string     `json:"line,omitempty"`
	WithConversations bool       `json:"with_conversations,omitempty"`
	EventTypes        []string   `json:"event_types,omitempty"`
	AfterPosition     uint64     `json:"after_position"`
	StartTime         *time.Time `json:"start_time,omitempty"`
	EndTime           *time.Time `json:"end_time,omitempty"`
	// Checkpoint is a signed note of the log that covers UntilPosition. Empty if none was
	// published in time, for example for lack of witnesses.
	Checkpoint string `json:"checkpoint,omitempty"`
}

type File struct {
	Name   string `json:"name"`
	Format Format `json:"format"`
	// Rows are commits or events, depending on the format.
	Rows   int    `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func (m Manifest) has(format Format) bool {
	return slices.ContainsFunc(m.Files, func(file File) bool { return file.Format == format })
}

// mostManifest is the maximum size of a manifest in bytes.
const mostManifest = 16 << 20

func ReadManifest(folder string) (Manifest, error) {
	m := Manifest{}
	path := filepath.Join(folder, ManifestName)
	if err := regular(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	text, err := files.ReadAtMost(path, mostManifest)
	if errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("%s has no %s: the export was broken off, or this is none; export again", folder, ManifestName)
	}
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%s is damaged; export again: %w", path, err)
	}
	if m.Version != version {
		return m, fmt.Errorf("%s is of version %q, this program reads %q; use the program that made it", path, m.Version, version)
	}
	return m, nil
}
