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

	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// loadAtMost reads a file of which the platform takes so many bytes.
func loadAtMost(path string, most int) ([]byte, error) {
	text, err := yamlread.Load(path)
	if err == nil && len(text) > most {
		err = fmt.Errorf("%s has %d bytes; a platform takes at most %d", path, len(text), most)
	}
	if err != nil {
		return nil, usageError{err}
	}
	return text, nil
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
