// Package words holds what people read at the desk, in the languages of Stafett.
package words

import (
	"embed"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/i18n"
	"github.com/stafett/stafett/pkg/taxonomy"
)

//go:embed words.yaml codes.yaml
var files embed.FS

var texts, codes = read("words.yaml"), read("codes.yaml")["codes"]

func read(name string) i18n.Catalogue {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return i18n.MustParse(name, text)
}

// Language words things for one reader.
type Language struct{ i18n.Language }

// Of is the language of a reader who prefers these tags.
func Of(tags ...string) Language { return Language{i18n.Nearest(tags...)} }

// Accepted is the language of a browser, by its Accept-Language header.
func Accepted(header string) Language {
	var tags []string
	for _, part := range strings.Split(header, ",") {
		tag, _, _ := strings.Cut(part, ";")
		tags = append(tags, strings.TrimSpace(tag))
	}
	return Of(tags...)
}

// Child and Staff are texts by key, with names filled in.
func (l Language) Child(key string, args ...any) string { return l.text("child", key, args) }
func (l Language) Staff(key string, args ...any) string { return l.text("staff", key, args) }

func (l Language) text(section, key string, args []any) string {
	text := texts[section][key].In(l.String())
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// Refusal says in words why something was not done, by the platform's reason or the desk's own.
func (l Language) Refusal(reason string) string {
	if text := texts["refusals"][reason]; text != nil {
		return text.In(l.String())
	}
	return l.text("refusals", "OTHER", []any{reason})
}

// Code words a code. One without words is shown as it is.
func (l Language) Code(code protoreflect.Enum) string {
	value := code.Descriptor().Values().ByNumber(code.Number())
	if value == nil {
		return fmt.Sprint(code.Number())
	}
	name := string(value.Name())
	if text := codes[name]; text != nil {
		return text.In(l.String())
	}
	return name
}

// Topic words a topic's code.
func (l Language) Topic(code string) string { return taxonomy.Default().Label(code, l.String()) }

// Clock is the time of day in a zone.
func (l Language) Clock(at time.Time, zone *time.Location) string { return at.In(zone).Format("15:04") }

// Lang is the BCP 47 tag.
func (l Language) Lang() string { return l.Language.String() }
