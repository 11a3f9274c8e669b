// Package stories holds the stories that come with the program. README.md beside
// it explains how a story is written.
package stories

import "embed"

// Files are the stories, one YAML file each, and in lines the directories that
// some of them play in.
//
//go:embed *.yaml lines/*.yaml
var Files embed.FS
