package linefile

import (
	"regexp"

	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

// Parse reads a directory in the format of the package comment. It is all or nothing: the
// error joins one [yamlread.Error] per mistake, each with its line and column in the named
// file. The topics of lines must be in the taxonomy.
func Parse(name string, text []byte, topics *taxonomy.Taxonomy) ([]*handoverv1.Line, error) {
	return ParsePart(name, text, topics, func(string) bool { return false })
}

// ParsePart is Parse for a part of a directory, whose lines may also name lines that are known
// from elsewhere.
func ParsePart(name string, text []byte, topics *taxonomy.Taxonomy, known func(id string) bool) ([]*handoverv1.Line, error) {
	var lines []*handoverv1.Line
	err := Bounds.Read(name, text, func(root yamlread.Value) { lines = readLines(root, topics, known) })
	if err != nil {
		return nil, err
	}
	return lines, nil
}

func readLines(root yamlread.Value, topics *taxonomy.Taxonomy, known func(id string) bool) []*handoverv1.Line {
	const want = "- id: example-line"
	var lines []*handoverv1.Line
	first := map[string]yamlread.Value{}
	among := &references{lines: first, known: known, doors: map[doorKey]yamlread.Value{}}
	for _, member := range root.Fields("lines").Need("lines", want).List(want) {
		fields := member.Fields("id", "names", "operator", "country", "time_zone", "topics", "ages",
			"languages", "hours", "emergency", "anonymous", "retention", "deadlines", "example",
			"status", "alert", "assured_date", "capacity", "service_areas", "receives_from", "doors", "exceptions", "max_risk")
		line := readLine(fields, readID(fields, "line", first))
		line.Topics = readTopics(fields.Need("topics", "[MH]"), topics)
		readOptional(fields, line, among)
		checkSize(member, line)
		lines = append(lines, line)
	}
	among.check()
	return lines
}

// readID reads the id of a line or a door, which must be unique.
func readID(fields yamlread.Fields, what string, first map[string]yamlread.Value) string {
	want := "example-" + what
	value := fields.Need("id", want)
	id, ok := value.Text(want)
	if !ok {
		return ""
	}
	if !idPattern.MatchString(id) {
		value.Refuse("%q is not a %s id; write a to z, 0 to 9 and -, at most 63 and a letter first, for example %s", id, what, want)
	}
	if before, twice := first[id]; twice {
		value.Refuse("%s %q is already at %s; give one of them another id", what, id, before.Place())
		return id
	}
	first[id] = value
	return id
}

func readLine(fields yamlread.Fields, id string) *handoverv1.Line {
	line := &handoverv1.Line{
		Name:         "lines/" + id,
		DisplayNames: fields.Need("names", wantNames).Names(wantNames),
		Country:      readCountry(fields.Need("country", `"NO"`)),
		TimeZone:     readZone(fields.Need("time_zone", "Europe/Oslo")),
		Ages:         readAges(fields.Need("ages", "9-19")),
		Languages:    readLanguages(fields.Need("languages", "[nb, nn]")),
		Hours:        readHours(fields.Need("hours", wantHours)),
		Emergency:    readFlag(fields, "emergency"),
		Anonymous:    readFlag(fields, "anonymous"),
		Example:      readFlag(fields, "example"),
	}
	line.Operator, _ = fields.Need("operator", "Example municipality").Name("Example municipality")
	return line
}

// readOptional reads the optional fields.
func readOptional(fields yamlread.Fields, line *handoverv1.Line, among *references) {
	line.Alert = readText(fields, "alert", "We answer more slowly this week.")
	for key, read := range map[string]func(yamlread.Value){
		"retention":     func(v yamlread.Value) { line.Retention = readRetention(v) },
		"deadlines":     func(v yamlread.Value) { line.Deadlines = readDeadlines(v) },
		"status":        func(v yamlread.Value) { line.Status = readStatus(v) },
		"assured_date":  func(v yamlread.Value) { line.AssuredDate, _ = readDate(v) },
		"capacity":      func(v yamlread.Value) { line.Capacity = readCapacity(v) },
		"service_areas": func(v yamlread.Value) { line.ServiceAreas = readAreas(v) },
		"receives_from": func(v yamlread.Value) { line.ReceivesFrom = among.readReceptions(v) },
		"doors":         func(v yamlread.Value) { line.Doors = among.readDoors(v) },
		"exceptions":    func(v yamlread.Value) { line.Exceptions = readExceptions(v) },
		"max_risk":      func(v yamlread.Value) { line.MaxRisk = readRisk(v) },
	} {
		if value, ok := fields.Get(key); ok {
			read(value)
		}
	}
}

func readFlag(fields yamlread.Fields, key string) bool {
	value, ok := fields.Get(key)
	return ok && value.Bool()
}

func readTopics(list yamlread.Value, topics *taxonomy.Taxonomy) []string {
	return readList(list, "[MH]", func(value yamlread.Value) (string, bool) {
		code, ok := value.Text("MH")
		if ok && code != taxonomy.Everything && !topics.Known(code) {
			value.Refuse(`topic %q is not in the taxonomy; write a group such as MH, a leaf such as V.bullying, or "*" for everything`, code)
		}
		return code, ok
	})
}

func readLanguages(list yamlread.Value) []string {
	return readList(list, "[nb, nn]", yamlread.Value.Language)
}

func readList(list yamlread.Value, want string, read func(yamlread.Value) (string, bool)) []string {
	var texts []string
	first := map[string]yamlread.Value{}
	for _, member := range list.List(want) {
		text, ok := read(member)
		if !ok {
			continue
		}
		if before, twice := first[text]; twice {
			member.Refuse("%s is already at %s; keep one of them", text, before.Place())
		}
		first[text] = member
		texts = append(texts, text)
	}
	return texts
}
