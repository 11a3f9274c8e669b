package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/internal/story"
	"github.com/stafett/stafett/tools/internal/story/play"
)

// canary begins every word that is said in this test, and nothing else has it.
var canary = "kanari" + "qx7w"

const (
	canaries  = 10_000
	inOneText = 300
)

// TestTheOperatorIsBlind: lines in a process apart say and seal 10,000 words that nobody else says. None of them is in
// the platform's files, in what it logs, or in its memory, in any of the usual encodings; the same search
// finds them in the lines' own data.
func TestTheOperatorIsBlind(t *testing.T) {
	t.Parallel()
	data, told := t.TempDir(), &bytes.Buffer{}
	p, err := binaries.Start(nil, io.MultiWriter(told, t.Output()), "stafett", "up", "--data", data, "--port", "0", "--log-level", "debug")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	up := &process{p}
	up.says(t, "Stafett is up")
	read, conversation, said := playCanaries(t, data)
	if said < canaries {
		t.Fatalf("only %d words were said", said)
	}
	if hits := search(strings.NewReader(read), canary); len(hits) == 0 {
		t.Error("the search does not find the words in the lines' own data")
	}
	if hits := searchMemory(t, p.PID(), canary); len(hits) > 0 {
		t.Errorf("the platform's memory has words: %v", hits)
	}
	if hits := searchMemory(t, p.PID(), conversation); !hits["UTF-8"] {
		t.Error("the search of the memory does not even find the conversation's name")
	}
	searchFiles(t, data)
	up.stop(t)
	if hits := search(told, canary); len(hits) > 0 {
		t.Errorf("what the platform said has them: %v", hits)
	}
	searchFiles(t, data)
}

// playCanaries plays a story with other words, again and again, and returns what the receivers read, the last
// conversation, and how many words were said.
func playCanaries(t *testing.T, data string) (read, conversation string, said int) {
	t.Helper()
	at, err := client.ReadAddresses(data)
	if err != nil {
		t.Fatal(err)
	}
	for said < canaries {
		s, err := story.Load("violence")
		if err != nil {
			t.Fatal(err)
		}
		for i := range s.Steps {
			if step := &s.Steps[i]; step.Says != "" && step.Does != story.Chat {
				step.Says = words()
				said += inOneText
			}
		}
		opened := play.ObserverFunc(func(scene play.Scene) {
			for _, part := range scene.Opened {
				read += part.Text
			}
		})
		world := play.Remote(at, platform.IdentityFolder(data), play.Skip)
		played, err := play.Play(t.Context(), s, world, play.Options{Observer: opened})
		if err != nil {
			t.Fatal(err)
		}
		conversation = played.Conversation
	}
	return read, conversation, said
}

func words() string {
	var all strings.Builder
	for range inOneText {
		fmt.Fprintf(&all, "%s%05d ", canary, rand.IntN(100_000))
	}
	return all.String()
}

// encodings are the forms in which a word can be found, by name.
func encodings(word string) map[string][]byte {
	all := map[string][]byte{"UTF-8": []byte(word), "hex": []byte(hex.EncodeToString([]byte(word))), "HEX": []byte(strings.ToUpper(hex.EncodeToString([]byte(word))))}
	for _, unit := range utf16.Encode([]rune(word)) {
		all["UTF-16LE"] = append(all["UTF-16LE"], byte(unit), byte(unit>>8))
		all["UTF-16BE"] = append(all["UTF-16BE"], byte(unit>>8), byte(unit))
	}
	for shift := range 3 {
		text := base64.StdEncoding.EncodeToString(append(make([]byte, shift), word...))
		from, to := (shift*8+5)/6, (shift+len(word))*8/6 // characters that hold bits of the word alone
		all[fmt.Sprint("base64 at ", shift)] = []byte(text[from:to])
	}
	return all
}

// search names the encodings in which a word is in what is read.
func search(from io.Reader, word string) map[string]bool {
	const overlap = 256 // longer than any form
	hits, forms := map[string]bool{}, encodings(word)
	window, kept := make([]byte, 1<<20+overlap), 0
	for {
		n, err := from.Read(window[kept:])
		for name, form := range forms {
			if bytes.Contains(window[:kept+n], form) {
				hits[name] = true
			}
		}
		if err != nil {
			return hits
		}
		kept = copy(window, window[max(0, kept+n-overlap):kept+n])
	}
}

func searchFiles(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if info, err := os.Stat(path); err == nil && info.IsDir() { // a link, such as that to batches in memory
			target, err := filepath.EvalSymlinks(path)
			if err == nil {
				searchFiles(t, target)
			}
			return err
		}
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it was replaced meanwhile
		}
		if err != nil {
			return err
		}
		defer f.Close()
		if hits := search(f, canary); len(hits) > 0 {
			t.Errorf("%s has words: %v", path, hits)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// searchMemory searches everything that a process has in its memory, as a core dump would.
func searchMemory(t *testing.T, pid int, word string) map[string]bool {
	t.Helper()
	regions, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Skipf("this machine does not show a process's memory: %v", err)
	}
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	hits := map[string]bool{}
	for line := range strings.Lines(string(regions)) {
		var from, to int64
		var access string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &access); err == nil && access[0] == 'r' {
			maps.Copy(hits, search(io.NewSectionReader(memory, from, to-from), word))
		}
	}
	return hits
}

// TestTheSearchFindsEveryEncoding, wherever in a text it begins.
func TestTheSearchFindsEveryEncoding(t *testing.T) {
	plain := []byte("x" + canary + "12345")
	for name, form := range map[string][]byte{
		"UTF-8": plain, "hex": []byte(hex.EncodeToString(plain)), "base64 at 1": []byte(base64.StdEncoding.EncodeToString(plain)),
		"base64 at 2": []byte(base64.StdEncoding.EncodeToString(append([]byte("y"), plain...))), "base64 at 0": []byte(base64.StdEncoding.EncodeToString(plain[1:])),
		"UTF-16LE": encodings(canary)["UTF-16LE"],
	} {
		text := append(bytes.Repeat([]byte("."), 1<<20-7), form...)
		if hits := search(bytes.NewReader(text), canary); !hits[name] {
			t.Errorf("%s is not found: %v", name, hits)
		}
	}
}
