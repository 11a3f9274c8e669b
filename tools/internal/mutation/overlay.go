package mutation

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Variable is the environment variable that names the guard to switch off in a switchable
// build.
const Variable = "STAFETT_WITHOUT_GUARD"

// switchFile holds the function that each guard calls in a switchable build.
const switchFile = `package %s

import "os"

var withoutGuard = os.Getenv(%q)

func guardHolds(name string) bool { return name != withoutGuard }

func guardError(name string, err error) error {
	if guardHolds(name) {
		return err
	}
	return nil
}

func guardSays(no, yes string) (says, always bool) {
	return yes == withoutGuard, yes == withoutGuard || no == withoutGuard
}
`

// protocol returns the folders of the packages whose guards are taken out.
func protocol(root string) (folders []string) {
	for _, name := range []string{".", "evolve", "decide", "deadline", "consultation", "command"} {
		folders = append(folders, filepath.Join(root, "pkg", "handover", name))
	}
	return folders
}

// Overlay writes a copy of the protocol in which each guard and each step can be switched
// off, and returns the path for the go command's -overlay flag. One build serves all of
// them: the environment selects which one is off when the program starts.
func Overlay(root string, guards []Guard, folder string) (string, error) {
	replace := map[string]string{}
	for _, file := range filesOf(guards, protocol(root)[0]) {
		text, err := switchable(guards, file)
		if err == nil {
			err = overlay(replace, file, folder, text)
		}
		if err != nil {
			return "", err
		}
	}
	for _, source := range protocol(root) {
		text := fmt.Appendf(nil, switchFile, filepath.Base(source), Variable)
		if err := overlay(replace, filepath.Join(source, "guard_switch.go"), folder, text); err != nil {
			return "", err
		}
	}
	content, err := json.Marshal(map[string]map[string]string{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "overlay.json")
	return path, os.WriteFile(path, content, 0o600)
}

// filesOf returns the files that contain a guard or a step.
func filesOf(guards []Guard, source string) []string {
	var files []string
	for _, g := range guards {
		files = append(files, g.File)
	}
	for _, s := range steps {
		files = append(files, filepath.Join(source, s.file))
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// switchable returns the text of a file whose guards and steps first ask whether they are
// on.
func switchable(guards []Guard, file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for _, asks := range slices.Backward(insertions(guards, file)) { // so that earlier offsets stay valid
		text = slices.Concat(text[:asks.at], []byte(asks.text), text[asks.at:])
	}
	for _, s := range steps {
		if strings.HasSuffix(filepath.ToSlash(file), "/handover/"+s.file) {
			if text, err = s.apply(text); err != nil {
				return nil, err
			}
		}
	}
	return text, nil
}

// insertions returns what the guards of a file insert, sorted by offset.
func insertions(guards []Guard, file string) []insertion {
	var all []insertion
	for _, g := range guards {
		if g.File == file {
			all = append(all, g.asks...)
		}
	}
	slices.SortStableFunc(all, func(a, b insertion) int { return a.at - b.at })
	return slices.Compact(all) // both answers of a function share one
}

// overlay replaces the content of a file.
func overlay(replace map[string]string, file, folder string, text []byte) error {
	original, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	replace[original] = filepath.Join(folder, filepath.Base(filepath.Dir(file))+"_"+filepath.Base(file))
	return os.WriteFile(replace[original], text, 0o600)
}
