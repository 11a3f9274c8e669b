// Package stories holds the stories that come with the program. README.md beside
// it explains how a story is written.
package stories

import "embed"

// Files are the stories, one YAML file each.
//
//go:embed *.yaml
var Files embed.FS
