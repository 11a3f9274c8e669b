package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// readFile reads a file of at most so many bytes. A larger one is not read at all.
func readFile(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, usageError{err}
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, usageError{err}
	case info.IsDir():
		return nil, usageError{fmt.Errorf("%s is a folder; name a file", path)}
	case info.Size() > most:
		return nil, usageError{fmt.Errorf("%s has %d bytes; write at most %d", path, info.Size(), most)}
	}
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("%s has more than %d bytes; write fewer", path, most)
	}
	if err != nil {
		return nil, usageError{err}
	}
	return text, nil
}

// mistaken prints what is wrong with a file, and is the error of a file in which
// something is.
func mistaken(out io.Writer, path string, mistakes error) error {
	fmt.Fprintln(out, mistakes)
	count := 1
	if all, joined := mistakes.(interface{ Unwrap() []error }); joined {
		count = len(all.Unwrap())
	}
	return fmt.Errorf("%s has %s", path, plural(count, "mistake"))
}

func plural(count int, what string) string {
	if count == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", count, what)
}

// agree asks at a terminal whether to go on. Elsewhere only --yes says so.
func agree(command *cobra.Command, yes bool) error {
	if yes {
		return nil
	}
	in, ok := command.InOrStdin().(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return usageError{errors.New("there is no terminal to ask at, so nothing was changed; write --yes to apply this, or --dry-run to look only")}
	}
	return answered(in, command.OutOrStdout())
}

func answered(in io.Reader, out io.Writer) error {
	fmt.Fprint(out, "Apply this? [y/N] ")
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && err != io.EOF {
		return err
	}
	if slices.Contains([]string{"y", "yes", "j", "ja"}, strings.ToLower(strings.TrimSpace(answer))) {
		return nil
	}
	return errors.New("nothing was changed")
}

// given refuses a command line without a flag that it needs.
func given(flag, value, example string) error {
	if value == "" {
		return usageError{fmt.Errorf("--%s is missing; write for example --%s %s", flag, flag, example)}
	}
	return nil
}

// readCode reads one of an enum's values by its name without the prefix, from a number on.
func readCode(flag, text, prefix string, names map[int32]string, first int32) (int32, error) {
	var known []string
	for number := first; names[number] != ""; number++ {
		name := strings.TrimPrefix(names[number], prefix)
		if strings.EqualFold(name, text) {
			return number, nil
		}
		known = append(known, name)
	}
	return 0, usageError{fmt.Errorf("--%s %s: write one of %s", flag, text, strings.Join(known, ", "))}
}

func readChannels(texts []string) (channels []handoverv1.Channel, err error) {
	for _, text := range texts {
		channel, err := readCode("channel", text, "CHANNEL_", handoverv1.Channel_name, 1)
		if err != nil {
			return nil, err
		}
		channels = append(channels, handoverv1.Channel(channel))
	}
	return channels, nil
}
