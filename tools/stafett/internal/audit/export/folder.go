package export

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/verify"
)

// regular refuses anything but regular files: reading a pipe may block forever.
func regular(path string) error {
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file; copy the export again, or export again", path)
	}
	return err
}

// tidy refuses files in an export's folder that do not belong to it.
func tidy(folder string, m Manifest) error {
	var faults []error
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir() && mayHold(m, path):
			return err
		case !entry.IsDir() && !entry.Type().IsRegular():
			faults = append(faults, fmt.Errorf("%s is not a regular file; copy the export again, or export again", path))
		case entry.IsDir() || !belongs(m, path):
			faults = append(faults, fmt.Errorf("%s is not of this export: its manifest does not name it; take it out of the folder", path))
		}
		if entry.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
	return errors.Join(append(faults, err)...)
}

// mayHold reports whether a folder can contain files of an export.
func mayHold(m Manifest, path string) bool {
	return path == "." || m.Proved && (path == tilesFolder || strings.HasPrefix(path, tilesFolder+"/"))
}

// belongs reports whether a file is the manifest, one that it names, or a tile of hashes.
func belongs(m Manifest, path string) bool {
	if tile, ok := strings.CutPrefix(path, tilesFolder+"/"); ok {
		t, err := verify.ParseTilePath(tile)
		return m.Proved && err == nil && t.L != verify.Bundles
	}
	return path == ManifestName || slices.ContainsFunc(m.Files, func(file File) bool { return file.Name == path })
}
