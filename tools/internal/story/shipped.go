package story

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/stafett/stafett/tools/stories"
)

// Info describes a shipped story.
type Info struct {
	// Name is the argument for [Load].
	Name         string
	Title, Shows string
}

// Shipped are the stories that come with the program, sorted by name.
func Shipped() []Info {
	var all []Info
	for _, name := range shippedNames() {
		s, err := loadShipped(name)
		if err != nil {
			panic("story: a shipped one, which a test reads: " + err.Error())
		}
		all = append(all, Info{Name: name, Title: s.Title, Shows: s.Shows})
	}
	return all
}

func shippedNames() []string {
	files, err := fs.Glob(stories.Files, "*.yaml")
	if err != nil {
		panic("story: a pattern that is a constant: " + err.Error())
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(file, ".yaml")
	}
	return files
}

func loadShipped(name string) (*Story, error) {
	text, err := stories.Files.ReadFile(name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("there is no story %q; write %s, or the path of a file that ends in .yaml",
			name, strings.Join(shippedNames(), ", "))
	}
	return parse(name+".yaml", text, stories.Files.ReadFile)
}
