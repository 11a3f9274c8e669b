package story

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/rota"
	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// reader reads one story.
type reader struct {
	story *Story
	// now is the instant of the last step read.
	now time.Time
	// come is the conversation's stage so far.
	come  stage
	named map[string]yamlread.Value
	open  func(path string) ([]byte, error)
}

// Parse reads a story. The name is that of its file: error positions mention it, and the
// path of the story's own directory is relative to it. Parse returns no partial story; the
// error joins one [yamlread.Error] per mistake.
func Parse(name string, text []byte) (*Story, error) { return parse(name, text, os.ReadFile) }

func parse(name string, text []byte, open func(string) ([]byte, error)) (*Story, error) {
	r := &reader{story: &Story{File: name}, named: map[string]yamlread.Value{}, open: open}
	if err := yamlread.Read(name, text, r.read); err != nil {
		return nil, err
	}
	return r.story, nil
}

func (r *reader) read(root yamlread.Value) {
	k := keysOf(root, "title: From bullying to violence at home")
	k.only("a story", "title", "shows", "clock", "zone", "lines", "rota", "people", "steps", "then")
	s := r.story
	s.Title = text(k.need("title", "From bullying to violence at home"), "From bullying to violence at home")
	s.Shows = text(k.need("shows", "what one sees in the story"), "what one sees in the story")
	s.Zone = readZone(k.need("zone", "Europe/Oslo"))
	s.Clock = readClock(k.need("clock", "2026-03-03T19:40:00+01:00"))
	r.now = s.Clock.In(s.Zone)
	s.Lines = r.readLines(k)
	s.Rotas = r.readRota(k)
	r.readPeople(k.need("people", "{mina: {is: counsellor, line: snakkommobbing}}"))
	const open = "[{who: lerke, does: open}]"
	for _, member := range k.need("steps", open).List(open) {
		r.readStep(member)
	}
	s.Then = r.readThen(k.need("then", "{custody: [snakkommobbing]}"))
}

// readLines reads the story's own directory, or else the example directory.
func (r *reader) readLines(k keys) []*handoverv1.Line {
	value, own := k.get("lines")
	if !own {
		return linefile.Example()
	}
	var lines []*handoverv1.Line
	r.file(value, "directory", "lines.yaml", func(path string, content []byte) (err error) {
		lines, err = linefile.Parse(path, content, taxonomy.Default())
		return err
	})
	return lines
}

// readRota reads who staffs a line of the story. The example directory comes with example
// rotas.
func (r *reader) readRota(k keys) []string {
	value, own := k.get("rota")
	if _, lines := k.get("lines"); !own && !lines {
		return []string{rota.BrusFile()}
	}
	var files []string
	if own {
		r.file(value, "rota", "rota.yaml", func(path string, content []byte) error {
			_, err := rota.Parse(path, content)
			files = append(files, string(content))
			return err
		})
	}
	return files
}

// file reads a file relative to the story.
func (r *reader) file(value yamlread.Value, what, example string, parse func(path string, content []byte) error) {
	path := filepath.Join(filepath.Dir(r.story.File), text(value, example))
	content, err := r.open(path)
	if err != nil {
		value.Refuse("the %s cannot be read: %v; write the path of its file, seen from the story's folder", what, err)
		return
	}
	if err := parse(path, content); err != nil {
		value.Refuse("the %s has mistakes; mend them first:\n%v", what, err)
	}
}

func (r *reader) line(v yamlread.Value) string {
	id, ok := v.Text("snakkommobbing")
	if !ok || len(r.story.Lines) == 0 {
		return id
	}
	r.knownLine(v, id)
	return id
}

func (r *reader) knownLine(at yamlread.Value, id string) {
	var ids []string
	for _, line := range r.story.Lines {
		if directory.ID(line) == id {
			return
		}
		ids = append(ids, directory.ID(line))
	}
	at.Refuse("unknown line %q; write one of %s", id, strings.Join(ids, ", "))
}

func (r *reader) lineList(v yamlread.Value) []string { return each(v, "[snakkommobbing]", r.line) }
