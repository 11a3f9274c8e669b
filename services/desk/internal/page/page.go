// Package page shows a desk: it makes what people see from a snapshot, and nothing else. It
// decides nothing; what can be done is what the snapshot allows.
package page

import (
	"bytes"
	"embed"
	"html/template"
	"io"
	"io/fs"
)

//go:embed html/*.html
var html embed.FS

//go:embed assets
var assets embed.FS

// Assets are the scripts and styles, by their path.
func Assets() fs.FS {
	sub, err := fs.Sub(assets, "assets")
	if err != nil {
		panic(err)
	}
	return sub
}

var templates = template.Must(template.New("").ParseFS(html, "html/*.html"))

// write writes all of a page or nothing.
func write(to io.Writer, name string, model any) error {
	var made bytes.Buffer
	if err := templates.ExecuteTemplate(&made, name, model); err != nil {
		return err
	}
	_, err := made.WriteTo(to)
	return err
}

// Choice is a list to choose one from.
type Choice struct {
	Name    string
	Options []Option
}

// Option is one of a choice.
type Option struct {
	Value, Label string
	Chosen       bool
}

// Labelled is a text with what it is.
type Labelled struct{ Label, Text string }

// Message is one line of a log.
type Message struct {
	ID, Class, From, At, State, Text string
}

// Form is what every form carries: the request id, so that a form that is sent twice counts once.
type Form struct{ ID, Short, Handover string }
