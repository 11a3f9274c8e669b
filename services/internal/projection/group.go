package projection

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/stafett/stafett/services/internal/boltfile"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Group is the projections of one process. Those that must be built are built together, with one
// pass through the log: reading and verifying it costs more than projecting it. A nil group builds
// each by itself.
type Group struct {
	definitions map[string]Definition // by path
	logger      *slog.Logger
	// files are the intact ones that nobody has opened yet; nil before the first one is opened.
	files map[string]*boltfile.File
}

// NewGroup returns the group of some projections, by path. Its logger is told which files are built again,
// and why.
func NewGroup(definitions map[string]Definition, logger *slog.Logger) *Group {
	return &Group{definitions: definitions, logger: logger}
}

// Open is the package's Open. The first call for one of the group builds all that must be built.
func (g *Group) Open(ctx context.Context, path string, log *eventlog.Log, d Definition) (*Model, error) {
	m := newModel(path, log, d)
	if m.db = g.take(ctx, path, log); m.db == nil {
		if err := g.openAlone(ctx, m); err != nil {
			return nil, fmt.Errorf("projection %s: %w", path, err)
		}
	}
	if err := m.start(ctx); err != nil {
		return nil, fmt.Errorf("projection %s: %w", path, errors.Join(err, m.db.Close()))
	}
	return m, nil
}

// openAlone opens an intact file of the definition's version, and builds it if there is none.
func (g *Group) openAlone(ctx context.Context, m *Model) (err error) {
	if m.db, err = current(m.path, m.definition.Version); err == nil {
		return nil
	}
	g.tell(m.path, err)
	return build(ctx, m.log, m)
}

// tell says that a file is built again. One that does not exist is expected in a new platform.
func (g *Group) tell(path string, why error) {
	if g != nil && !errors.Is(why, fs.ErrNotExist) {
		g.logger.Warn("what a service has read from the log is read again; nothing is lost", "file", path, "reason", why)
	}
}

// take returns the group's file of a path, or nil if it has none.
func (g *Group) take(ctx context.Context, path string, log *eventlog.Log) *boltfile.File {
	if g == nil {
		return nil
	}
	if _, known := g.definitions[path]; known && g.files == nil {
		g.open(ctx, log)
	}
	defer delete(g.files, path)
	return g.files[path]
}

// open opens the group's files. If they cannot be built together, each is built by itself when it is
// opened, so that an error in one does not keep the others from opening.
func (g *Group) open(ctx context.Context, log *eventlog.Log) {
	g.files = map[string]*boltfile.File{}
	var missing []*Model
	why := map[string]error{}
	for path, d := range g.definitions {
		db, err := current(path, d.Version)
		if err != nil {
			why[path], missing = err, append(missing, newModel(path, log, d))
			continue
		}
		g.files[path] = db
	}
	if len(missing) < 2 || build(ctx, log, missing...) != nil {
		return
	}
	for _, m := range missing {
		g.tell(m.path, why[m.path])
		g.files[m.path] = m.db
	}
}

// Close closes the files that nobody has opened.
func (g *Group) Close() error {
	var err error
	for _, db := range g.files {
		err = errors.Join(err, db.Close())
	}
	g.files = nil
	return err
}
