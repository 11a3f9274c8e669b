package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/stafett/stafett/pkg/directory/linefile"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// LoadAtMost reads a file, and refuses more than most bytes.
func LoadAtMost(path string, most int) ([]byte, error) {
	text, err := linefile.Bounds.Load(path)
	if err == nil && len(text) > most {
		err = fmt.Errorf("%s has %d bytes; a platform accepts at most %d at once", path, len(text), most)
	}
	if err != nil {
		return nil, Usage(err)
	}
	return text, nil
}

// AgreementFlags are those of commands that show what they will do.
func AgreementFlags(command *cobra.Command, yes, dry *bool) {
	command.Flags().BoolVar(yes, "yes", false, "do not ask")
	command.Flags().BoolVar(dry, "dry-run", false, "show what would change, without changing it")
	command.MarkFlagsMutuallyExclusive("yes", "dry-run")
}

// Agree asks for confirmation at a terminal. Elsewhere it requires --yes.
func Agree(command *cobra.Command, yes bool) error {
	if yes {
		return nil
	}
	in, ok := command.InOrStdin().(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return Usagef("there is no terminal to ask at, so nothing was changed; give --yes to apply the change, or --dry-run to only show it")
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

// Given refuses a command line without a flag that it needs.
func Given(flag, value, example string) error {
	if value == "" {
		return Usagef("--%s is missing; for example --%s %s", flag, flag, example)
	}
	return nil
}

// ReadCode reads one of an enum's values by its name without the prefix, from a number on.
func ReadCode(flag, text, prefix string, names map[int32]string, first int32) (int32, error) {
	var known []string
	for number := first; names[number] != ""; number++ {
		name := strings.TrimPrefix(names[number], prefix)
		if strings.EqualFold(name, text) {
			return number, nil
		}
		known = append(known, name)
	}
	return 0, Usagef("--%s %s: use one of %s", flag, text, strings.Join(known, ", "))
}

// ReadChannels reads channels by their names.
func ReadChannels(texts []string) (channels []handoverv1.Channel, err error) {
	for _, text := range texts {
		channel, err := ReadCode("channel", text, "CHANNEL_", handoverv1.Channel_name, 1)
		if err != nil {
			return nil, err
		}
		channels = append(channels, handoverv1.Channel(channel))
	}
	return channels, nil
}

// Save writes a file, or writes to out if path is empty.
func Save(out io.Writer, path string, text []byte) error {
	if path != "" {
		return os.WriteFile(path, text, 0o644)
	}
	_, err := out.Write(text)
	return err
}

// Mistaken distinguishes an unreadable file, which is a usage error, from one with
// mistakes in it.
func Mistaken(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return Usage(err)
	}
	return err
}
