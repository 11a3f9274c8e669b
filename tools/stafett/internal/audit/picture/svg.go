package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/stafett/stafett/pkg/i18n"
)

// svg is a drawing in progress.
type svg struct{ bytes.Buffer }

// begin writes the head: size, title and patterns. Patterns differ in shape, so that bands
// can be distinguished without colours.
func (s *svg) begin(width, height float64, language i18n.Language, title, description string) {
	fmt.Fprintf(s, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" xml:lang="%s" role="img" font-family="sans-serif" font-size="12">`+"\n",
		px(width), px(height), px(width), px(height), language)
	fmt.Fprintf(s, "<title>%s</title>\n<desc>%s</desc>\n", escaped(title), escaped(description))
	s.WriteString(patterns)
	fmt.Fprintf(s, `<rect width="%s" height="%s" fill="#fff"/>`+"\n", px(width), px(height))
}

const patterns = `<defs>
<pattern id="band0" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#9cc3e0"/></pattern>
<pattern id="band1" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" fill="#f6d08b"/><path d="M0 0V8" stroke="#7a4d00" stroke-width="3"/></pattern>
<pattern id="band2" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#bfe3c4"/><circle cx="4" cy="4" r="1.8" fill="#1d5c2a"/></pattern>
<pattern id="band3" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#e7c6df"/><path d="M0 4H8M4 0V8" stroke="#5d2450" stroke-width="1.2"/></pattern>
</defs>
`

func (s *svg) end() { s.WriteString("</svg>\n") }

func (s *svg) rect(x, y, width, height float64, style string) {
	fmt.Fprintf(s, `<rect x="%s" y="%s" width="%s" height="%s" %s/>`+"\n", px(x), px(y), px(width), px(height), style)
}

func (s *svg) line(x1, y1, x2, y2 float64, style string) {
	fmt.Fprintf(s, `<line x1="%s" y1="%s" x2="%s" y2="%s" %s/>`+"\n", px(x1), px(y1), px(x2), px(y2), style)
}

// path draws commands with %s for numbers, such as "M%s %sl4 4".
func (s *svg) path(style, commands string, numbers ...float64) {
	values := make([]any, len(numbers))
	for i, n := range numbers {
		values[i] = px(n)
	}
	fmt.Fprintf(s, `<path d="%s" %s/>`+"\n", fmt.Sprintf(commands, values...), style)
}

func (s *svg) text(x, y float64, style, text string) {
	fmt.Fprintf(s, `<text x="%s" y="%s" %s>%s</text>`+"\n", px(x), px(y), style, escaped(text))
}

// px formats a number deterministically.
func px(n float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0")
}

func escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // writing to a buffer cannot fail
	return b.String()
}
