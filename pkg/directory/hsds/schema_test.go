package hsds

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// schemas is the folder of what Open Referral published, below $STAFETT_SCHEMAS.
func schemas(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("STAFETT_SCHEMAS")
	if folder == "" {
		t.Skip("STAFETT_SCHEMAS is not set: nothing was compared with what HSDS publishes; set it to the folder that has hsds/schema")
	}
	return filepath.Join(folder, "hsds")
}

func published(t *testing.T, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(schemas(t), filepath.Join(path...)))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// serviceSchema loads Open Referral's own schema.
func serviceSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile(filepath.Join(schemas(t), "schema", "service.json"))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// conforms checks services against the schema, and against what it requires only in prose:
// times of day are HH:MM.
func conforms(t *testing.T, schema *jsonschema.Schema, lines []*handoverv1.Line) {
	t.Helper()
	text, err := Marshal(lines)
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, service := range decoded.([]any) {
		if err := schema.Validate(service); err != nil {
			t.Error(err)
		}
	}
	for _, found := range regexp.MustCompile(`"(?:opens|closes)_at": "(.*)"`).FindAllSubmatch(text, -1) {
		if !regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`).Match(found[1]) {
			t.Errorf("%s is not a time of day", found[0])
		}
	}
}

const everyFrequency = `lines:
  - id: trial
    names: {nb: Prøve, da: Prøve, en: Trial}
    operator: Example
    country: "NO"
    time_zone: Europe/Oslo
    topics: [MH]
    ages: 0-120
    languages: [nb, se]
    service_areas: ["NO"]
    status: temporarily closed
    assured_date: 2026-11-01
    doors: [{id: phone, channel: phone, number: "116111"}]
    hours:
      chat:
        - {freq: DAILY, interval: 2, dtstart: 2026-12-01, opens_at: "10:00", closes_at: "24:00"}
      sms:
        - {freq: DAILY, opens_at: "00:00", closes_at: "24:00", notes: "At night only by machine."}
      email:
        - {freq: YEARLY, byday: [20MO], opens_at: "10:00", closes_at: "09:00"}
        - {freq: WEEKLY, byday: [TU], interval: 2, valid_from: 2026-01-06, until: 2026-12-31, wkst: SU, opens_at: "10:00", closes_at: "12:00"}
      phone: ["every day 22:00-02:00"]
    exceptions:
      - {freq: YEARLY, dtstart: 2026-12-24, hours: ["09:00-12:00", "20:00-24:00"]}
      - {freq: YEARLY, byyearday: [100], hours: ["09:00-12:00"], channels: [chat]}
      - {dates: [2026-12-31], hours: ["20:00-04:00"]}
      - {holidays: "NO"}
`

func TestMarshalConformsToThePublishedSchemas(t *testing.T) {
	schema := serviceSchema(t)
	conforms(t, schema, linefile.Example())
	lines, err := linefile.Parse("lines.yaml", []byte(everyFrequency), taxonomy.Default())
	if err != nil {
		t.Fatal(err)
	}
	conforms(t, schema, lines)
}

// Of HSDS's own examples, those that name a line are imported, and of each of the others it is
// told why not.
func TestLinesOfThePublishedExamples(t *testing.T) {
	for name, want := range map[string]string{
		"service_full.json":             "",
		"organization_full.json":        "",
		"service_list.json":             "it names no line: it has no phone, and no schedule whose attending_type is chat, phone, sms or email",
		"service_at_location_full.json": "it has no name",
		"organization_list.json":        `its status is ""; HSDS 3 has active, inactive, defunct, temporarily closed`,
		"base.json":                     `its id "" is not a UUID, so nothing would find it again`,
	} {
		text := published(t, "examples", name)
		done := imported(t, string(text), Given{})
		for _, o := range done.Services {
			if o.Why != want || (o.Line != "") != (want == "") {
				t.Errorf("%s: %+v, want %q", name, o, want)
			}
		}
	}
}

// The example's hours are by an offset from UTC and its phone has an extension: neither is
// guessed, and the rest of the line is there.
func TestThePublishedServiceInFull(t *testing.T) {
	done := imported(t, string(published(t, "examples", "service_full.json")), Given{Language: "en", Country: "GB", TimeZone: "Europe/London"})
	o := done.Services[0]
	if missing := strings.Join(o.Missing, "|"); missing != "topics|service_areas (write its areas, or remove the field if it is for children anywhere)|hours" {
		t.Errorf("missing %s", missing)
	}
	if len(o.LeftOut) != 4 {
		t.Errorf("left out %q", o.LeftOut)
	}
	for _, line := range []string{"    names: {en: \"Community Counselling\"}\n", "    ages: 12-100\n", "    languages: [ur]\n", "    operator: \"Example Organization Inc.\"\n"} {
		if !strings.Contains(string(done.File), line) {
			t.Errorf("no %q in\n%s", line, done.File)
		}
	}
}
