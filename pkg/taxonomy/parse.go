package taxonomy

import (
	"maps"
	"regexp"
	"strings"

	"github.com/stafett/stafett/pkg/yamlread"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

const (
	exampleLabels = "{nb: Vold, da: Vold, en: Violence}"
	exampleLocal  = "{parent: FR, nb: Ny familie, da: Ny familie, en: New family}"
	// maxTopics limits the topics of one file.
	maxTopics = 1000
)

var (
	codePattern    = regexp.MustCompile(`^[A-Z]{1,2}(\.[a-z][a-z0-9_]{0,62})?$`)
	versionPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$`)
)

// Parse reads a file, in the format of the package comment, that adds to the topics that ship
// with Stafett. The file may repeat a shipped topic unchanged. Parse is all or nothing: the
// error joins one [yamlread.Error] per mistake, each with its line and column in the named
// file.
func Parse(name string, text []byte) (*Taxonomy, error) { return extend(Default(), name, text) }

// reader reads a file that adds to a taxonomy. The shipped file adds to an empty one.
type reader struct {
	base, made *Taxonomy
	locals     []local
}

// local is a local leaf of the file, and where it names its parent.
type local struct {
	topic  *triagev1.Topic
	parent yamlread.Value
}

func extend(base *Taxonomy, name string, text []byte) (*Taxonomy, error) {
	r := &reader{base: base, made: &Taxonomy{topics: map[string]*triagev1.Topic{}}}
	for _, topic := range base.Topics() {
		r.made.topics[topic.Code] = topic
	}
	if err := yamlread.Read(name, text, r.read); err != nil {
		return nil, err
	}
	return r.made, nil
}

func (r *reader) read(root yamlread.Value) {
	fields := root.Fields("version", "topics")
	r.readVersion(fields.Need("version", `"1"`))
	const want = "FR.x_new_family: " + exampleLocal
	entries := fields.Need("topics", "{"+want+"}").Entries(want)
	if len(entries) > maxTopics {
		entries[maxTopics].At.Refuse("the file has %d topics; write at most %d", len(entries), maxTopics)
		return
	}
	for _, entry := range entries {
		r.readTopic(entry)
	}
	r.checkParents()
}

func (r *reader) readVersion(value yamlread.Value) {
	version, ok := value.Text(`"1"`)
	if ok && !versionPattern.MatchString(version) {
		value.Refuse("%q is not a version; write letters, digits, dots and dashes, at most 32, for example oslo-3", version)
	}
	r.made.version = version
	if r.ships() {
		return
	}
	r.made.version = r.base.version + "+" + version
}

// ships reports whether the file is the one that ships with Stafett.
func (r *reader) ships() bool { return r.base.version == "" }

func (r *reader) readTopic(entry yamlread.Entry) {
	code := entry.Key
	if before, ok := r.base.topics[code]; ok {
		maps.Copy(r.made.topics[code].Labels, r.readMore(entry, before))
		return
	}
	if !r.mayAdd(entry) {
		return
	}
	group := Group(code)
	topic := &triagev1.Topic{Code: code, Name: namePrefix + code, Local: isLocal(code)}
	r.made.topics[code] = topic
	if !topic.Local && group != code {
		topic.Parent = group
	}
	r.readNew(entry, topic)
}

// mayAdd refuses an invalid code, and any addition to the shipped groups except local leaves.
func (r *reader) mayAdd(entry yamlread.Entry) bool {
	code := entry.Key
	group, leaf, _ := strings.Cut(code, ".")
	switch {
	case !codePattern.MatchString(code):
		entry.At.Refuse("%.80q is not a topic code; write a group and a leaf such as FR.x_new_family", code)
	case r.ships():
		return true
	case !r.base.Known(group):
		entry.At.Refuse("%s is not a group of the framework, and groups cannot be added; write a leaf of one of %s", group, r.groups())
	case !isLocal(code):
		entry.At.Refuse("%s is not in the framework as it ships; write %s.x_%s for a leaf of your own, or %s if you mean that one", code, group, leaf, r.near(code, code))
	default:
		return true
	}
	return false
}

// groups lists the existing groups for messages.
func (r *reader) groups() string {
	var groups []string
	for _, code := range r.made.codes() {
		if Group(code) == code {
			groups = append(groups, code)
		}
	}
	return strings.Join(groups, ", ")
}

func isLocal(code string) bool {
	_, leaf, _ := strings.Cut(code, ".")
	return strings.HasPrefix(leaf, "x_")
}
